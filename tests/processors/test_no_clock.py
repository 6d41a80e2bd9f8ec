"""The core reads no clock and no wish of the edge: two clocks, one result."""

import ast
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from processors.projection import registered
from processors.windows import registers
from schemas.envelope import Envelope
from tests.chaos.clocks import injected
from tests.processors.core import PROJECT, core
from tests.processors.memory import Memory
from tests.processors.readings import Story, stories
from tests.processors.test_ad_windows_mutants import SEARCH

CORE = core()
CLOCKS = {
    "now", "utcnow", "today", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter",
    "localtime", "gmtime", "clock", "current_date", "current_time", "current_timestamp",
    "clock_timestamp", "statement_timestamp", "transaction_timestamp", "localtimestamp",
}  # fmt: skip
SQL_CLOCK = re.compile(
    r"\b(now|timeofday|\w+_timestamp|age)\s*\(|\bcurrent_(date|time)|\blocaltime"
    r"|'(now|today|tomorrow|yesterday)'"
)

skews = st.integers(-(10**6), 10**6)


@pytest.mark.parametrize("module", CORE)
def test_the_core_asks_no_clock(module: str) -> None:
    """Neither Python's nor PostgreSQL's; and it is handed none."""
    assert list(_clocks_in(CORE[module].read_text())) == []


def test_the_core_is_all_that_folds_are_made_of() -> None:
    """Readings, registers, SQL, decoding and tables: not only what lies in `projections/`."""
    assert {
        "processors.projections.sync_status", "processors.windows.open_hours", "processors.tx",
        "processors.registers", "processors.quarter_hours", "schemas.split", "processors.chunk",
        "schemas.codec", "schemas.upcasters", "readmodels.tables.ad_windows",
    } <= CORE.keys()  # fmt: skip


def test_no_view_asks_a_clock() -> None:
    """The SQL as PostgreSQL gets it, however it was put together."""
    views = {name: sql for each in registered() for name, sql in each.views.items()}
    assert len(views) > 10
    assert [name for name, sql in views.items() if SQL_CLOCK.search(sql.lower())] == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nday = datetime.now()",
        "import time\nat = time.time()",
        "from time import time\nat = time()",
        "from time import time_ns as tick",
        "made_at: datetime = field(default_factory=datetime.now)",
        "sql = 'SELECT now() - interval 1'",
        "sql = f'SELECT {name} WHERE day < CURRENT_DATE'",
        "sql = \"SELECT 'today'::date\"",
        "column = Column('at', server_default=sql.func.now())",
        "column = Column('day', server_default=func.current_date())",
        "def fold(chunk, state, clock): ...",
        "def fold(chunk, state, *, now: Callable[[], datetime]): ...",
    ],
)
def test_a_clock_in_the_core_would_be_seen(source: str) -> None:
    """Each way to ask for the time is found."""
    assert list(_clocks_in(source))


def test_an_injected_clock_reaches_the_whole_core() -> None:
    """In a process that has imported nothing yet, as a worker's when the clock is put in."""
    asked = [name for name in CORE if re.search(r"import .*\bdatetime\b", CORE[name].read_text())]
    assert len(asked) >= 5
    script = f"""
from datetime import UTC, datetime
from importlib import import_module
from tests.chaos.clocks import inject
inject("tomorrow")
for name in {asked!r}:
    ahead = import_module(name).datetime.now(UTC) - datetime.now(UTC)
    assert ahead.days == 1, name
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]


@settings(max_examples=100)
@given(stories(), skews)
def test_when_events_were_accepted_moves_nothing(story: Story, skew: int) -> None:
    """The edge's clock is days ahead or behind: `recorded_at` and `occurred_at` order nothing."""
    assert not _acceptance_tells(story, skew)


def test_a_fold_that_goes_by_acceptance_is_noticed() -> None:
    """The mutant takes for the newest what was accepted last."""

    def by_acceptance(event: Any) -> registers.Stamp:
        return registers.Stamp(event.recorded_at, event.event_id)

    with patch.object(registers, "_stamp", by_acceptance):
        find(st.tuples(stories(), skews), lambda drawn: _acceptance_tells(*drawn),
             settings=SEARCH, random=Random(5))  # fmt: skip


@settings(max_examples=100)
@given(stories(), skews)
def test_what_time_it_is_while_they_are_folded_moves_nothing(story: Story, skew: int) -> None:
    """The worker's own clock is days ahead or behind, and leaps from chunk to chunk."""
    assert not _the_hour_tells(story, skew)


def test_a_fold_that_reads_its_clock_is_noticed() -> None:
    """The mutant dates what became known by when it folds it."""

    def known_now(_instant: datetime) -> Any:
        return registers.datetime.now(UTC).date()

    with patch.object(registers, "known_on", known_now):
        find(st.tuples(stories(), skews), lambda drawn: _the_hour_tells(*drawn),
             settings=SEARCH, random=Random(5))  # fmt: skip


def _acceptance_tells(story: Story, skew: int) -> bool:
    ours, theirs = Memory(), Memory()
    for chunk in story.chunks:
        ours.fold(chunk)
        theirs.fold([_accepted(event, skew * (i + 1)) for i, event in enumerate(chunk)])
    return _kept(ours) != _kept(theirs)


def _the_hour_tells(story: Story, skew: int) -> bool:
    ours, theirs = Memory(), Memory()
    for i, chunk in enumerate(story.chunks):
        ours.fold(chunk)
        with injected(lambda leap=skew * (i + 1): time.time() + leap):
            theirs.fold(chunk)
    return _kept(ours) != _kept(theirs)


def _kept(memory: Memory) -> tuple[Any, ...]:
    """Rows and registers: a rebuild compares both."""
    return memory.views(), memory.registers, memory.glimpses


def _accepted(event: Envelope, seconds: int) -> Envelope:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return msgspec.structs.replace(event, recorded_at=at, occurred_at=at)


def _clocks_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) if name in CLOCKS:
                yield name
            case ast.Call(func=ast.Name(id=name)) if name in CLOCKS:
                yield name
            case ast.arg(arg=name) if name in CLOCKS:
                yield name
            case ast.ImportFrom(module="time"):
                yield "time"
            case ast.Constant(value=str(text)) if found := SQL_CLOCK.search(text.lower()):
                yield found[0]
            case _:
                pass
