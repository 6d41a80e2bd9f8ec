"""Every relative link of every paper opens, and every file of the walk is there."""

import re
from pathlib import Path

import pytest

from tests.docs.papers import PROJECT, anchors, links, papers

_PAPERS = papers()
_MACHINE = re.compile(r"(?:/home/|/root/|/work/|/Users/)\w")


@pytest.mark.parametrize("paper", _PAPERS, ids=lambda paper: str(paper.relative_to(PROJECT)))
def test_every_link_opens(paper: Path) -> None:
    """A file or folder that is in the repository, and a heading where one is named."""
    for link in links(paper):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (paper.parent / path).resolve() if path else paper
        assert target.exists(), f"{paper.name} links to {link}"
        assert target.is_relative_to(PROJECT)
        if anchor:
            assert anchor in anchors(target), f"{paper.name} links to {link}"


def test_a_link_that_leads_nowhere_would_be_seen(tmp_path: Path) -> None:
    """Links are found in text, in tables and in pictures, not in code."""
    paper = tmp_path / "paper.md"
    paper.write_text(
        'See [a](a.md).\n\n| [b](b.md#c) |\n\n<img src="d.png">\n\n```\n[e](e.md)\n```\n'
    )
    assert links(paper) == ["a.md", "b.md#c", "d.png"]


def test_each_step_of_the_walk_names_a_file_and_its_proof() -> None:
    """One row for each step, from 1 on, each with a file of the product and a test."""
    text = (PROJECT / "docs" / "architecture.md").read_text()
    steps = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert [int(number) for number, *_ in steps] == list(range(1, len(steps) + 1))
    assert len(steps) > 20
    for _, said, files, tests in steps:
        assert said.endswith(".")
        assert all("test" not in target for target in _targets(files))
        proofs = _targets(tests)
        assert proofs
        assert all(re.search(r"test_\w+\.py$|\.(test|spec)\.ts$", target) for target in proofs)


def test_no_paper_names_a_machine() -> None:
    """Paths of whoever wrote it are no use to a reader."""
    assert [str(paper) for paper in _PAPERS if _MACHINE.search(paper.read_text())] == []


def _targets(cell: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", cell)
