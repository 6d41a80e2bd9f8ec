"""The Markdown files of the repository, and what they name."""

import os
import re
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_MADE = {"__pycache__", "dist", "node_modules", "test-results"}
_SOURCES = (".py", ".ts", ".tsx", ".sql")
_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@cache
def files() -> tuple[Path, ...]:
    """All files of the repository; what is installed, built or running lies elsewhere."""
    found: list[Path] = []
    for folder, inner, names in os.walk(PROJECT):
        inner[:] = [name for name in inner if name not in _MADE and not name.startswith(".")]
        found += [Path(folder) / name for name in names]
    return tuple(sorted(found))


def papers() -> list[Path]:
    """The Markdown files."""
    return [file for file in files() if file.suffix == ".md"]


def source_text() -> str:
    """All code, but not the tests of the papers, which name everything."""
    sources = [
        file
        for file in files()
        if file.suffix in _SOURCES and not file.is_relative_to(PROJECT / "tests" / "docs")
    ]
    return "\n".join(file.read_text(errors="replace") for file in sources)


def links(paper: Path) -> list[str]:
    """Targets of the links and pictures in it, those in code blocks left out."""
    text = _CODE_BLOCK.sub("", paper.read_text())
    return [link or picture for link, picture in _LINK.findall(text)]


def anchors(paper: Path) -> set[str]:
    """What `#…` can name in it."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in _HEADING.findall(_CODE_BLOCK.sub("", paper.read_text()))
    }


def sections(text: str, level: int = 2) -> dict[str, str]:
    """The parts of a paper by their headings of this level."""
    parts = re.split(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
