"""A defect of ours is no fault of an event: nothing is parked, and once mended all is well."""

import asyncio
from datetime import date

import asyncpg
from structlog.testing import capture_logs

from tests.processors.projections.spec import Spec
from tests.servers.databases import Database
from tests.streams.events import Scene

SCENE = Scene()
ANY_DAY = date(2000, 1, 1)


async def test_a_missing_control_row_parks_no_event(spec: Spec, database: Database) -> None:
    """Its folds are tried again, ever more seldom and with the reason, until the row is back."""
    await spec.given(SCENE.seen("10:15", {10: 3_000_000}))
    superuser = await asyncpg.connect(database.superuser)
    await superuser.execute("DELETE FROM processing.open_from")
    with capture_logs() as logs:
        later = asyncio.create_task(
            spec.when(SCENE.seen("11:01", {10: 6_000_000}), SCENE.covered("11:01"))
        )
        await asyncio.sleep(2)
        assert not later.done()
        tried = [said for said in logs if said["event"] == "stuck"]
        assert 3 <= len(tried) <= 10
        assert tried[-1]["failures"] == len(tried) == spec.defects
        await superuser.execute("INSERT INTO processing.open_from (day) VALUES ($1)", ANY_DAY)
        async with asyncio.timeout(10):
            await later
    await superuser.close()
    assert await spec.fetch("SELECT FROM processing.dead_letter") == []
    await spec.then(ad_hour={"10:00": 6_000_000})
