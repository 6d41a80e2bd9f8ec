"""Closing dates: what only open dates keep goes, sums stay, and nothing opens again."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import asyncpg
import pytest

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
