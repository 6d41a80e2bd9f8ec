"""A connection whose token is dead: marked, tried again now and then, mended by a good read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection, ConnectionState, connection_of, pollable
from accounts.database import transaction
from accounts.leases import Lease, done, fail_connection, take
from accounts.poll_work import Piece, enqueue
from accounts.tables.linked import connections, poll_work
from tests.accounts.conftest import NewConnection
from tests.servers.databases import Database

MINUTE = timedelta(minutes=1)


@pytest.fixture
def module_database(database: Database) -> Database:
    """A database for each test: whoever takes, takes from all workspaces."""
    return database


@pytest.fixture
async def broken(control: AsyncEngine, new_connection: NewConnection) -> tuple[UUID, UUID]:
    """A connection with three pieces due, of which the first met a dead token just now."""
    connection = await new_connection()
    pieces = [Piece(f"p{number}", "hours", "x", priority=9 - number) for number in range(3)]
    await enqueue(control, *connection, pieces)
    await refuse(control, await taken(control))
    return connection


async def taken(control: AsyncEngine) -> Lease:
    lease = await take(control, "poller", lease_seconds=60)
    assert lease is not None
    return lease


async def refuse(control: AsyncEngine, lease: Lease) -> datetime:
    """The platform refuses the token of this read."""
    return await fail_connection(
        control, lease, error="token-dead: expired", next_step="Connect the account again."
    )


async def set_connection(control: AsyncEngine, of: tuple[UUID, UUID], **values: Any) -> None:
    async with transaction(control, workspace_id=of[0]) as db:
        await db.execute(update(connections).values(**values))


async def let_pass(control: AsyncEngine, of: tuple[UUID, UUID], failing_for: timedelta) -> None:
    """The pause is over; the connection has been failing for so long."""
    since = func.now() - failing_for
    await set_connection(control, of, failing_since=since, retry_at=func.now())
    async with transaction(control, workspace_id=of[0]) as db:
        await db.execute(
            update(poll_work)
            .where(poll_work.c.lease_id.is_(None))
            .values(due_at=func.least(poll_work.c.due_at, func.now()))
        )


async def as_it_stands(control: AsyncEngine, of: tuple[UUID, UUID]) -> Connection:
    async with transaction(control, workspace_id=of[0]) as db:
        found = await connection_of(db, of[1])
    assert found is not None
    return found


async def test_a_dead_token_makes_its_connection_fail_with_a_reason_and_a_next_step(
    control: AsyncEngine, broken: tuple[UUID, UUID]
) -> None:
    """What the page of connections says, and from when on it is tried again."""
    found = await as_it_stands(control, broken)
    assert found.state is ConnectionState.FAILING
    assert (found.reason, found.next_step) == ("token-dead: expired", "Connect the account again.")
    assert found.failing_since is not None
    assert found.retry_at == found.failing_since + MINUTE


async def test_nothing_of_a_failing_connection_is_taken_before_its_time(
    control: AsyncEngine, broken: tuple[UUID, UUID], new_connection: NewConnection
) -> None:
    """Though two more pieces are due; another connection is served as ever."""
    assert await take(control, "poller", lease_seconds=60) is None
    await enqueue(control, *await new_connection(), [Piece("other", "hours", "x")])
    assert (await taken(control)).piece == "other"


async def test_after_the_pause_one_piece_alone_is_tried(
    control: AsyncEngine, broken: tuple[UUID, UUID]
) -> None:
    """The others would meet the same token."""
    await let_pass(control, broken, MINUTE)
    assert (await taken(control)).piece == "p0"
    assert await take(control, "another", lease_seconds=60) is None


async def test_a_good_read_mends_the_connection(
    control: AsyncEngine, broken: tuple[UUID, UUID]
) -> None:
    """By itself: no word of its failure is left, and the rest is taken at once."""
    await let_pass(control, broken, MINUTE)
    await done(control, await taken(control), cursor=None)
    found = await as_it_stands(control, broken)
    assert found.state is ConnectionState.ACTIVE
    said = (found.reason, found.next_step, found.failing_since, found.retry_at)
    assert said == (None, None, None, None)
    assert [(await taken(control)).piece for _ in range(2)] == ["p1", "p2"]


async def test_a_read_from_before_the_failure_mends_nothing(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Its last page may have come with the token's last breath."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("p", "hours", "x"), Piece("q", "hours", "x")])
    early, late = await taken(control), await taken(control)
    await refuse(control, late)
    await done(control, early, cursor=None)
    assert (await as_it_stands(control, connection)).state is ConnectionState.FAILING


@pytest.mark.parametrize(
    ("failing_for", "pause"),
    [(MINUTE, MINUTE), (7 * MINUTE, 7 * MINUTE), (timedelta(days=3), timedelta(hours=1))],
)
async def test_it_is_left_alone_for_as_long_as_it_has_failed(
    control: AsyncEngine, broken: tuple[UUID, UUID], failing_for: timedelta, pause: timedelta
) -> None:
    """So the pause doubles, up to an hour; since when it fails is not forgotten."""
    await let_pass(control, broken, failing_for)
    before = datetime.now(UTC)
    retry_at = await refuse(control, await taken(control))
    assert abs(retry_at - before - pause) < timedelta(seconds=5)
    found = await as_it_stands(control, broken)
    assert found.failing_since is not None
    assert abs(before - found.failing_since - failing_for) < timedelta(seconds=5)


async def test_the_schedule_goes_on_with_a_failing_connection(
    control: AsyncEngine, broken: tuple[UUID, UUID]
) -> None:
    """Else the piece that is tried would have the days on which it broke."""
    assert broken[1] in {each.connection_id for each in await pollable(control)}


async def test_a_paused_connection_stays_paused_when_its_token_dies(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """What a person has said is not unsaid; the piece waits as any other that failed."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("p", "hours", "x")])
    lease = await taken(control)
    await set_connection(control, connection, state="paused")
    await refuse(control, lease)
    found = await as_it_stands(control, connection)
    assert (found.state, found.reason) == (ConnectionState.PAUSED, None)


@pytest.mark.parametrize(
    "sin", ["state = 'failing'", "reason = 'x'", "next_step = 'x'", "retry_at = now()"]
)
async def test_a_state_and_its_reason_never_part(
    control: AsyncEngine, new_connection: NewConnection, sin: str
) -> None:
    """Neither fails without a reason, nor works with one."""
    workspace_id, _ = await new_connection()
    with pytest.raises(IntegrityError, match="connections_failing_says_why"):
        async with transaction(control, workspace_id=workspace_id) as db:
            await db.execute(text(f"update control.connections set {sin}"))
