"""`docs/configuration.md` and `.env.example`, written from the settings themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from runtime.settings import Settings, variable

PROJECT = Path(__file__).parents[1]
CONFIGURATION = PROJECT / "docs" / "configuration.md"
ENV_EXAMPLE = PROJECT / ".env.example"

_OPENING = """\
# Configuration

Written from `runtime/settings.py` by `make docs`; a test holds both equal. Each setting is an
environment variable, or a line of `.env` in the directory where metricx is started; the environment
wins. Values that `metricx up` and `metricx demo` find out or make themselves (addresses of embedded
servers, passwords, the secret key) need not be set.
"""


@dataclass(frozen=True)
class Entry:
    """One setting as the pages show it."""

    path: str
    meaning: str
    default: str  # as it would stand in .env; empty: unset
    secret: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Settings that belong together."""

    title: str
    meaning: str
    entries: tuple[Entry, ...]


def sections() -> list[Section]:
    """All settings: those of the installation first, then each group."""
    own = tuple(_entries(Settings, ""))
    found = [Section("Installation", "What holds for all processes.", own)]
    for name, field in Settings.model_fields.items():
        if group := _group(field):
            entries = tuple(_entries(group, f"{name}."))
            found.append(Section(name.capitalize(), (group.__doc__ or "").strip(), entries))
    return found


def configuration() -> str:
    """The page `docs/configuration.md`."""
    lines = [_OPENING]
    for section in sections():
        lines += [f"## {section.title}", "", section.meaning, ""]
        lines += ["| variable | meaning | default |", "| --- | --- | --- |"]
        for entry in section.entries:
            default = f"`{entry.default}`" if entry.default else "unset"
            meaning = entry.meaning + (" A secret." if entry.secret else "")
            if entry.choices:
                meaning += " One of " + ", ".join(f"`{choice}`" for choice in entry.choices) + "."
            lines.append(f"| `{variable(entry.path)}` | {meaning} | {default} |")
        lines.append("")
    return "\n".join(lines)


def env_example() -> str:
    """The file `.env.example`: every setting with its default, commented out."""
    lines = ["# Copy to .env and uncomment what you change. See docs/configuration.md.", ""]
    for section in sections():
        lines.append(f"# {section.title}: {section.meaning}")
        lines += [f"# {variable(entry.path)}={entry.default}" for entry in section.entries]
        lines.append("")
    return "\n".join(lines)


def write() -> list[Path]:
    """Write both; the files that changed."""
    return write_changed({CONFIGURATION: configuration(), ENV_EXAMPLE: env_example()})


def write_changed(pages: Mapping[Path, str]) -> list[Path]:
    """Write what is other than it stands there; the files that changed."""
    changed: list[Path] = []
    for file, text in pages.items():
        if not file.exists() or file.read_text() != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
            changed.append(file)
    return changed


def _entries(model: type[BaseModel], prefix: str) -> Iterator[Entry]:
    for name, field in model.model_fields.items():
        if _group(field):
            continue
        yield Entry(
            path=prefix + name,
            meaning=field.description or "",
            default=_as_text(field.get_default(call_default_factory=True)),
            secret=SecretStr in {field.annotation, *get_args(field.annotation)},
            choices=_choices(field),
        )


def _choices(field: FieldInfo) -> tuple[str, ...]:
    return tuple(choice for choice in get_args(field.annotation) if isinstance(choice, str))


def _group(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _as_text(value: object) -> str:
    if value is None or value == ():
        return ""
    return str(value)
