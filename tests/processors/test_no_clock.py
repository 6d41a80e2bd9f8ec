"""The core reads no clock and no wish of the edge: two clocks, one result."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import processors
from schemas.envelope import Envelope
from tests.processors.memory import Memory
from tests.processors.readings import Story, stories

ROOT = Path(processors.__file__).parent
CORE = sorted(
    path
    for path in (
        *ROOT.glob("projections/*.py"),
        *ROOT.glob("windows/*.py"),
        ROOT / "quarter_hours.py",
        ROOT / "split.py",
    )
)
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime"}
SQL_CLOCKS = (
    "now()",
    "current_date",
    "current_timestamp",
    "clock_timestamp",
    "statement_timestamp",
)


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_asks_no_clock(path: Path) -> None:
    """Neither Python's nor PostgreSQL's."""
    assert list(_clocks_in(path.read_text())) == []


def test_a_clock_in_the_core_would_be_seen() -> None:
    """Each way to ask for the time is found."""
    for source in (
        "from datetime import datetime\nday = datetime.now()",
        "import time\nat = time.time()",
        "from time import time\nat = time()",
        "sql = 'SELECT now() - interval 1'",
    ):
        assert list(_clocks_in(source))


@settings(max_examples=100)
@given(stories(), st.integers(-(10**6), 10**6))
def test_when_events_were_accepted_moves_no_row(story: Story, skew: int) -> None:
    """The edge's clock is days ahead or behind: `recorded_at` and `occurred_at` order nothing."""
    ours, theirs = Memory(), Memory()
    for chunk in story.chunks:
        ours.fold(chunk)
        theirs.fold([_skewed(event, skew * (i + 1)) for i, event in enumerate(chunk)])
    assert ours.views() == theirs.views()


def _skewed(event: Envelope, seconds: int) -> Envelope:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return msgspec.structs.replace(event, recorded_at=at, occurred_at=at)


def _clocks_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in CLOCKS:
                yield name
            case ast.Constant(value=str(text)):
                yield from (clock for clock in SQL_CLOCKS if clock in _sql(text))
            case _:
                pass


def _sql(text: Any) -> str:
    return str(text).lower()
