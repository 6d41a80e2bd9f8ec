"""Last attempts at connections."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from accounts.database import engine, transaction
from readmodels.queries.sync_runs import LastRun, Throttle, last_runs, throttles
from tests.readmodels.conftest import Reading
from tests.readmodels.world import Account, World
from tests.streams.events import Message, sync_run, zulu

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ran(
    account: Account,
    at: datetime,
    piece: str = "today.hours",
    outcome: str = "ok",
    *,
    retry_at: datetime | None = None,
    rows: int = 0,
    events: int = 0,
) -> Message:
    """An attempt at a piece."""
    return sync_run(
        *(account.owner, uuid4(), account.connection_id, at),
        piece=piece,
        outcome=outcome,
        retry_at=zulu(retry_at) if retry_at else None,
        rows=rows,
        events=events,
    )


@pytest.fixture
async def account(world: World) -> Account:
    """Never read."""
    return await world.account(await world.workspace())


async def test_the_last_run_of_each_connection(
    world: World, reading: Reading, account: Account
) -> None:
    """By when it ended, whatever piece and outcome; one that was never tried is left out."""
    workspace = account.owner.workspace
    other = await world.account(workspace, "act_2")
    await world.account(workspace, "act_3")
    await world.happened(
        ran(account, NOON, rows=7, events=9),
        ran(account, NOON + MINUTE, "entities", "failed"),
        ran(other, NOON, rows=3, events=4),
        ran(account, NOON - MINUTE, rows=1),
    )
    async with reading(workspace) as db:
        found = await last_runs(db)
    assert found == {
        account.connection_id: LastRun(account.connection_id, NOON + MINUTE, "failed", 0, 0),
        other.connection_id: LastRun(other.connection_id, NOON, "ok", 3, 4),
    }


async def test_runs_of_another_workspace_are_not_seen(
    world: World, reading: Reading, account: Account
) -> None:
    """Neither as last runs nor as throttles."""
    await world.happened(ran(account, NOON, outcome="throttled", retry_at=NOON + MINUTE))
    async with reading(await world.workspace()) as db:
        assert await last_runs(db) == {}
        assert await throttles(db, NOON) == []


async def test_what_is_put_off_is_told_until_its_time(
    world: World, reading: Reading, account: Account
) -> None:
    """By piece: that another one goes well ends no throttle."""
    until = NOON + 5 * MINUTE
    await world.happened(
        ran(account, NOON, "backfill.hours/1", "throttled", retry_at=until),
        ran(account, NOON + MINUTE, "today.hours"),
        ran(account, NOON + MINUTE, "today.day", "failed", retry_at=until),
    )
    put_off = Throttle(account.connection_id, "backfill.hours/1", until)
    async with reading(account.owner.workspace) as db:
        assert await throttles(db, NOON + 2 * MINUTE) == [put_off]
        assert await throttles(db, until) == []


async def test_a_piece_that_was_read_before_its_time_is_put_off_no_longer(
    world: World, reading: Reading, account: Account
) -> None:
    """Somebody asked for it meanwhile."""
    await world.happened(
        ran(account, NOON, outcome="throttled", retry_at=NOON + 60 * MINUTE),
        ran(account, NOON + MINUTE),
    )
    async with reading(account.owner.workspace) as db:
        assert await throttles(db, NOON + 2 * MINUTE) == []


async def test_years_of_runs_are_not_read_for_the_last_one(world: World, account: Account) -> None:
    """With plans that are made once, as the API's are: they must do for whatever is bound."""
    superuser = engine(world.database.superuser, pool_size=1)
    async with transaction(superuser) as db:
        await db.execute(
            text(MANY_RUNS), {"of": account.owner.workspace, "by": account.connection_id}
        )
        await db.execute(text("ANALYZE sync_status_v1.sync_run"))
    await superuser.dispose()
    reader = engine(
        world.database.reader, pool_size=1, settings={"plan_cache_mode": "force_generic_plan"}
    )
    async with transaction(reader, workspace_id=account.owner.workspace, snapshot=True) as db:
        assert len(await last_runs(db)) == 1
        assert len(await throttles(db, NOON - MINUTE)) == 1
        rows_read = await db.scalar(text(ROWS_READ))
    await reader.dispose()
    assert rows_read is not None
    assert rows_read < 100


MANY_RUNS = """
INSERT INTO sync_status_v1.sync_run (workspace_id, run_id, finished_at, event_id, provider,
    connection_id, account_id, piece, started_at, outcome, retry_at, rows, events)
SELECT :of, gen_random_uuid(), at, gen_random_uuid(), 'meta', :by, 'act_1', 'today.hours', at,
    CASE WHEN n % 500 = 0 THEN 'throttled' ELSE 'ok' END,
    CASE WHEN n % 500 = 0 THEN at + interval '15 seconds' END, 0, 0
FROM generate_series(0, 20000) n,
    LATERAL (SELECT timestamptz '2026-11-20 12:00Z' - n * interval '1 minute' AS at) ended
"""
ROWS_READ = """
SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'sync_run'
"""
