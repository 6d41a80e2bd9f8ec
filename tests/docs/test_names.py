"""What the papers name exists: terms, tests, commands, settings, events, codes, metrics."""

import re

import msgspec
import pytest

from processors.worker import EXITS
from readmodels.roles import LOGINS
from readmodels.semantic.catalogue import METRICS
from runtime.cli import app
from runtime.errors import EXIT_ERROR, EXIT_HISTORY_GONE
from runtime.logging import MARKERS
from runtime.settings import PREFIX
from schemas.codec import EVENTS, type_of, version_of
from schemas.limits import MAX_EVENT_BYTES
from schemas.topics import Topic
from tests.docs.papers import PROJECT, papers, sections, source_text

_TEXTS = {str(paper.relative_to(PROJECT)): paper.read_text() for paper in papers()}
_OURS = [name for name in _TEXTS if not name.startswith("sandbox/")]
_WORDS = set(re.findall(r"\w+", source_text()))


def _rows(text: str) -> list[list[str]]:
    """The cells of all tables' bodies."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_term_of_the_glossary_is_in_the_code() -> None:
    """A word that the code has dropped is dropped here too."""
    glossary = _TEXTS["docs/glossary.md"]
    rows = [row for row in _rows(glossary) if row[0] != "term"]
    assert len(rows) > 50
    for term, _, where in rows:
        names = re.findall(r"`([^`]+)`", where)
        assert names, term
        missing = [name for name in names if not set(re.findall(r"\w+", name)) <= _WORDS]
        assert not missing, f"{term}: {missing}"


def test_no_term_of_the_glossary_is_said_twice() -> None:
    """One word for one thing."""
    terms = [row[0] for row in _rows(_TEXTS["docs/glossary.md"]) if row[0] != "term"]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("paper", _OURS)
def test_every_test_that_is_named_exists(paper: str) -> None:
    """A proof that was renamed is no proof."""
    named = set(re.findall(r"`(test_\w+)`", _TEXTS[paper]))
    assert named <= _WORDS


@pytest.mark.parametrize("paper", _OURS)
def test_every_command_that_is_named_exists(paper: str) -> None:
    """Of `make`, of `metricx`, and of npm in ui/."""
    _only_commands_that_exist(_TEXTS[paper])


def test_every_command_that_a_remedy_names_exists() -> None:
    """What the code tells somebody to run."""
    _only_commands_that_exist(source_text())


def _only_commands_that_exist(text: str) -> None:
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z]+)", text)) <= targets
    commands = {
        each.name or getattr(each.callback, "__name__", "") for each in app.registered_commands
    }
    commands |= {each.name or "" for each in app.registered_groups}
    assert set(re.findall(r"`metricx ([a-z]+)", text)) <= commands
    scripts = msgspec.json.decode((PROJECT / "ui" / "package.json").read_bytes())["scripts"]
    assert set(re.findall(r"`npm run ([a-z:0-9]+)", text)) <= set(scripts)


@pytest.mark.parametrize("paper", _OURS)
def test_every_setting_that_is_named_exists(paper: str) -> None:
    """As docs/configuration.md lists them."""
    known = set(re.findall(rf"{PREFIX}\w+", _TEXTS["docs/configuration.md"]))
    own = {"METRICX_DEMO_JSON", "METRICX_API", "METRICX_FIXTURES"}  # of ui/'s tools
    assert set(re.findall(rf"{PREFIX}\w+[A-Z]", _TEXTS[paper])) <= known | own


def test_every_metric_is_in_the_readme() -> None:
    """By its label or its meaning's words, and counted."""
    readme = _TEXTS["README.md"]
    assert f"**{len(METRICS)} metrics**" in readme
    listed = sections(readme)["What it does today"].lower()
    for metric in METRICS:
        assert metric.label.lower().removeprefix("ad ") in listed, metric.label


def test_the_page_of_events_lists_each_of_them() -> None:
    """Topics, types, versions, all fields, the limit and the number of partitions."""
    page = _TEXTS["docs/events.md"]
    by_heading = sections(page)
    rows = {row[0].strip("`"): row for row in _rows(page) if row[0].startswith("`")}
    assert set(rows) == {topic.value for topic in Topic}
    assert f"at most {MAX_EVENT_BYTES:,} bytes" in page
    for topic, members in EVENTS.items():
        assert f"{topic.partitions} partitions" in page
        for member in members:
            kind, version = type_of(member), version_of(member)
            assert f"`{kind}`" in rows[topic.value][1]
            told = by_heading[f"`{kind}` v{version}"]
            for field in _body_fields(member):
                assert re.search(rf"\b{field}\b", told), f"{kind}: {field}"


def test_the_page_of_operations_lists_what_it_must() -> None:
    """Exit codes, roles and markers in use."""
    page = _TEXTS["docs/operations.md"]
    rows = {row[0] for row in _rows(page)}
    codes = {*EXITS, EXIT_ERROR, EXIT_HISTORY_GONE}
    assert {str(code) for code in codes} <= rows
    assert {*LOGINS, "lookup"} <= rows
    told = set(re.findall(r"`(\[[A-Z]+\])`", page))
    assert told <= set(MARKERS)


def test_each_decision_is_one_page_with_its_parts() -> None:
    """Status, context, decision, consequence, alternatives, the check; listed and numbered."""
    folder = PROJECT / "docs" / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    index = (folder / "README.md").read_text()
    parts = ["Context", "Decision", "Consequence", "Alternatives", "Held by"]
    for number, page in enumerate(pages, 1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04d}-")
        title = re.match(rf"# {number}\. (.+)\n\nStatus: ", text)
        assert title
        assert f"[{title[1]}]({page.name})" in index
        assert list(sections(text)) == parts
        assert len(text.splitlines()) <= 60
        assert "](" in sections(text)["Held by"]


def _body_fields(member: type[msgspec.Struct]) -> list[str]:
    [body] = (field.type for field in msgspec.structs.fields(member) if field.name == "body")
    return [field.encode_name for field in msgspec.structs.fields(body)]
