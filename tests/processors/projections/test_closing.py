"""Closing dates: what only open dates keep goes, sums stay, and nothing opens again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any

import asyncpg
import pytest

import processors.closing as closing
from processors.closing import close_dates
from processors.projection import registered
from tests.processors.projections.spec import Spec
from tests.servers.databases import Database
from tests.streams.events import Scene

MARCH_1 = Scene(date(2026, 3, 1))
MARCH_2 = Scene(date(2026, 3, 2))
MARCH_3 = datetime(2026, 3, 3, 0, 5, tzinfo=UTC)

Pool = asyncpg.Pool


@pytest.fixture
async def writer(database: Database) -> AsyncIterator["Pool[asyncpg.Record]"]:
    """Connections of the role that workers have."""
    async with asyncpg.create_pool(database.writer, min_size=1, max_size=2) as pool:
        yield pool


@pytest.fixture
async def hasty(database: Database) -> AsyncIterator["Pool[asyncpg.Record]"]:
    """The same, but a transaction of theirs may take half a second instead of eight."""
    limits = {"transaction_timeout": "500ms"}
    async with asyncpg.create_pool(
        database.writer, min_size=1, max_size=2, command_timeout=4, server_settings=limits
    ) as pool:
        yield pool


async def _two_days(spec: Spec) -> None:
    await spec.given(
        MARCH_1.seen("10:20", {10: 2_000_000}),
        MARCH_1.seen("10:40", {10: 5_000_000}),
        MARCH_2.seen("10:20", {10: 3_000_000}),
    )


async def test_yesterday_stays_open_and_the_day_before_closes(
    spec: Spec, writer: "Pool[asyncpg.Record]"
) -> None:
    """On 3 March the 2nd keeps its quarter-hours; the 1st keeps its hours and its day."""
    await _two_days(spec)
    assert await close_dates(writer, registered(), MARCH_3) == date(2026, 3, 2)
    await spec.then(
        ad_quarter_hour={"10:00": 2_250_000, "10:15": 750_000},
        ad_day={"2026-03-01": 5_000_000, "2026-03-02": 3_000_000},
    )


async def test_a_closed_date_still_moves_its_hours(
    spec: Spec, writer: "Pool[asyncpg.Record]"
) -> None:
    """A restatement that comes after moves hour and day, and writes no quarter-hour."""
    await _two_days(spec)
    await close_dates(writer, registered(), MARCH_3)
    await spec.when(MARCH_1.seen("03:00+4d", {10: 4_500_000}))
    await spec.then(
        ad_quarter_hour={"10:00": 2_250_000, "10:15": 750_000},
        ad_day={"2026-03-01": 4_500_000, "2026-03-02": 3_000_000},
    )


async def test_no_date_opens_again(spec: Spec, writer: "Pool[asyncpg.Record]") -> None:
    """A clock that was set back moves nothing."""
    await close_dates(writer, registered(), MARCH_3)
    await spec.keep_open_from(date(2026, 3, 2))
    earlier = datetime(2026, 2, 20, tzinfo=UTC)
    assert await close_dates(writer, registered(), earlier) == date(2026, 3, 2)


async def test_every_version_is_closed(
    spec: Spec, database: Database, writer: "Pool[asyncpg.Record]"
) -> None:
    """Tables of another version lose the same dates in the same transaction."""
    await _two_days(spec)
    owner = await asyncpg.connect(database.superuser)
    await owner.execute("CREATE SCHEMA ad_windows_v9")
    await owner.execute("CREATE TABLE ad_windows_v9.ad_quarter AS TABLE ad_windows_v1.ad_quarter")
    await owner.execute("GRANT USAGE ON SCHEMA ad_windows_v9 TO metricx_writer")
    await owner.execute("GRANT SELECT, DELETE ON ad_windows_v9.ad_quarter TO metricx_writer")
    await close_dates(writer, registered(), MARCH_3)
    days = await owner.fetch("SELECT DISTINCT day FROM ad_windows_v9.ad_quarter")
    await owner.close()
    assert [row["day"] for row in days] == [date(2026, 3, 2)]


async def test_a_close_may_take_longer_than_any_fold(
    spec: Spec, database: Database, hasty: "Pool[asyncpg.Record]"
) -> None:
    """Two days of a large shop: deleting takes three times what the role's transactions may."""
    await _two_days(spec)
    await _delete_slowly(database, seconds=1.5)
    await close_dates(hasty, registered(), MARCH_3)
    await spec.then(ad_quarter_hour={"10:00": 2_250_000, "10:15": 750_000})


async def test_a_close_has_a_limit_of_its_own(
    spec: Spec,
    database: Database,
    hasty: "Pool[asyncpg.Record]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL ends it then, not when it would a fold, and nothing is closed."""
    monkeypatch.setattr(closing, "DELETE_SECONDS", 1)
    await _two_days(spec)
    await _delete_slowly(database, seconds=5)
    began = monotonic()
    with pytest.raises(asyncpg.InterfaceError, match="connection is closed"):
        await close_dates(hasty, registered(), MARCH_3)
    assert monotonic() - began >= 1
    assert {row["day"] for row in await spec.fetch("SELECT day FROM processing.open_from")} == {
        date(2000, 1, 1)
    }


async def test_a_close_waits_for_the_folds_before_it_alone(
    database: Database, writer: "Pool[asyncpg.Record]"
) -> None:
    """Folds follow each other so closely that at no moment nobody shares the day."""
    folding = [asyncio.create_task(_fold_on(database, first=wait)) for wait in (0, 0.2, 0.4)]
    await asyncio.sleep(0.8)
    tomorrow = datetime(2100, 1, 3, tzinfo=UTC)
    try:
        async with asyncio.timeout(3):
            assert await close_dates(writer, registered(), tomorrow) == date(2100, 1, 2)
        assert not any(fold.done() for fold in folding)
    finally:
        for fold in folding:
            fold.cancel()
        await asyncio.wait(folding)


@pytest.mark.parametrize(
    "error", [asyncpg.InternalClientError("of asyncpg"), RuntimeError("of ours"), OSError("gone")]
)
async def test_whatever_goes_wrong_the_next_look_closes(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody starts the look again for as long as the process lives."""
    closed = asyncio.Event()
    left = [error, error]

    async def close(*_arguments: object) -> date:
        if left:
            raise left.pop()
        closed.set()
        return date(2026, 3, 2)

    monkeypatch.setattr(closing, "close_dates", close)
    monkeypatch.setattr(closing, "LOOK_SECONDS", 0.01)
    pool: Any = None
    looking = asyncio.create_task(closing.keep_closing(pool, ()))
    async with asyncio.timeout(5):
        await closed.wait()
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking


async def _delete_slowly(database: Database, seconds: float) -> None:
    """From now on a deletion of quarter-hours takes at least so long."""
    owner = await asyncpg.connect(database.superuser)
    await owner.execute(
        f"""
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END';
        CREATE TRIGGER slow BEFORE DELETE ON ad_windows_v1.ad_quarter
            FOR EACH STATEMENT EXECUTE FUNCTION slow();
        """
    )
    await owner.close()


async def _fold_on(database: Database, first: float) -> None:
    """Share the day for 0.6 s, then again, as a lane that always has a chunk to fold."""
    await asyncio.sleep(first)
    connection = await asyncpg.connect(database.writer)
    try:
        while True:
            async with connection.transaction():
                await connection.fetch("SELECT day FROM processing.open_from FOR SHARE")
                await asyncio.sleep(0.6)
    finally:
        connection.terminate()
