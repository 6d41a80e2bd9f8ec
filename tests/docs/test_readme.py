"""What the README and the page of figures say is what was measured, set and pictured."""

import re

from bench.page import PAGE, page
from bench.readme import README, bars, table
from tests.docs.papers import PROJECT, links, sections

_PARTS = sections(README.read_text())
_ROW = re.compile(r"^\| `(METRICX_\w+)` \| .* \| (.+) \|$", re.MULTILINE)


def test_the_ratios_are_those_of_the_latest_run() -> None:
    """`python -m bench.readme` writes them; none is kept that a later run changed."""
    assert table() in _PARTS["How it compares"]
    assert bars() in _PARTS["How it compares"]


def test_the_page_of_figures_is_that_of_the_latest_run() -> None:
    """`make bench` writes it; nothing in it is kept by hand."""
    assert PAGE.read_text() == page()


def test_ten_settings_stand_with_their_defaults() -> None:
    """As docs/configuration.md has them, which comes from the code."""
    shown = dict(_ROW.findall(_PARTS["Configuration"]))
    known = dict(_ROW.findall((PROJECT / "docs" / "configuration.md").read_text()))
    assert len(shown) == 10
    assert shown.items() <= known.items()


def test_every_picture_that_is_kept_is_shown() -> None:
    """One that no paper shows would rot unseen."""
    kept = {file.relative_to(PROJECT) for file in (PROJECT / "docs" / "screenshots").iterdir()}
    assert {str(file) for file in kept} == {
        link for link in links(README) if link.startswith("docs/screenshots/")
    }
