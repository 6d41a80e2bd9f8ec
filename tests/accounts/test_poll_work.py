"""Enqueueing pieces and taking them in turn."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import LeaseLost
from accounts.leases import Lease, backoff, done, fail, postpone, renew, take
from accounts.poll_work import Piece, PieceState, enqueue, forget, pieces_of
from accounts.tables.linked import connections
from tests.accounts.conftest import NewConnection
from tests.servers.databases import Database

SOON = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def module_database(database: Database) -> Database:
    """A database for each test: whoever takes, takes from all workspaces."""
    return database


async def taken(control: AsyncEngine, *, seconds: float = 60) -> Lease:
    lease = await take(control, "poller", lease_seconds=seconds)
    assert lease is not None
    return lease


async def state_of(control: AsyncEngine, of: tuple[UUID, UUID], piece: str) -> PieceState:
    async with transaction(control, workspace_id=of[0]) as db:
        return {each.piece: each for each in await pieces_of(db, of[1])}[piece]


async def test_the_most_urgent_piece_comes_first_then_the_oldest(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Priority before age; what is not yet due does not come at all."""
    past = datetime(2026, 1, 1, tzinfo=UTC)
    pieces = [
        Piece("backfill-2", "hours", "backfill", due_at=past + timedelta(seconds=1)),
        Piece("backfill-1", "hours", "backfill", due_at=past),
        Piece("today", "hours", "today", priority=10),
        Piece("tomorrow", "hours", "today", priority=10, due_at=SOON),
    ]
    await enqueue(control, *await new_connection(), pieces)
    order = [await take(control, "poller", lease_seconds=60) for _ in range(4)]
    assert [lease and lease.piece for lease in order] == ["today", "backfill-1", "backfill-2", None]


async def test_a_lease_brings_all_that_a_poller_needs(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The piece's span and the account."""
    workspace_id, connection_id = await new_connection()
    day = date(2026, 11, 1)
    await enqueue(control, workspace_id, connection_id, [Piece("p", "hours", "asked", day, day)])
    lease = await taken(control)
    assert lease.connection.workspace_id == workspace_id
    assert (lease.connection.account_id, lease.connection.provider) == ("1", "meta")
    assert (lease.day_from, lease.day_to, lease.kind, lease.reason) == (day, day, "hours", "asked")
    assert lease.attempts == 1


async def test_a_hundred_pieces_go_once_each_to_eight_pollers(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """SKIP LOCKED: nobody waits for another's piece, nobody takes it twice."""
    for _ in range(4):
        pieces = [Piece(f"p{i}", "hours", "backfill") for i in range(25)]
        await enqueue(control, *await new_connection(), pieces)

    async def poll(name: str) -> list[tuple[UUID, str]]:
        found: list[tuple[UUID, str]] = []
        while lease := await take(control, name, lease_seconds=60, per_connection=100):
            found.append((lease.connection.connection_id, lease.piece))
        return found

    taken_by = await asyncio.gather(*(poll(f"poller-{i}") for i in range(8)))
    everything = [piece for found in taken_by for piece in found]
    assert len(everything) == len(set(everything)) == 100


async def test_a_connection_has_only_so_many_pieces_under_way(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Its own limit: another connection's pieces are still to be had."""
    first, second = await new_connection(), await new_connection()
    await enqueue(control, *first, [Piece(f"p{i}", "hours", "x", priority=1) for i in range(4)])
    await enqueue(control, *second, [Piece("q", "hours", "x")])
    leases = [await take(control, "p", lease_seconds=60, per_connection=2) for _ in range(4)]
    assert [lease and lease.piece for lease in leases] == ["p0", "p1", "q", None]


async def test_a_paused_connection_and_another_provider_are_left_alone(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Until it is active again."""
    workspace_id, connection_id = await new_connection()
    await enqueue(control, workspace_id, connection_id, [Piece("p", "hours", "x")])
    assert await take(control, "poller", lease_seconds=60, providers=["google"]) is None
    for state, expected in (("paused", None), ("active", "p")):
        async with transaction(control, workspace_id=workspace_id) as db:
            await db.execute(update(connections).values(state=state))
        lease = await take(control, "poller", lease_seconds=60)
        assert (lease and lease.piece) == expected


async def test_a_lapsed_lease_is_free_and_its_holder_can_write_no_more(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The first poller is told, and what it says of its read counts for nothing."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("p", "hours", "x")])
    late = await taken(control, seconds=0.05)
    await asyncio.sleep(0.1)
    second = await taken(control)
    assert second.attempts == 2
    for write in (
        renew(control, late, lease_seconds=60),
        done(control, late, cursor={"page": 4}),
        postpone(control, late, due_at=SOON, error="late"),
        fail(control, late, error="late"),
    ):
        with pytest.raises(LeaseLost):
            await write
    await done(control, second, cursor={"page": 9})
    state = await state_of(control, connection, "p")
    assert (state.state, state.cursor, state.last_error) == ("done", {"page": 9}, None)


async def test_a_renewed_lease_is_kept(control: AsyncEngine, new_connection: NewConnection) -> None:
    """Nobody else can take it when the first span has passed."""
    await enqueue(control, *await new_connection(), [Piece("p", "hours", "x")])
    lease = await taken(control, seconds=0.2)
    await renew(control, lease, lease_seconds=60)
    await asyncio.sleep(0.25)
    assert await take(control, "another", lease_seconds=60) is None


async def test_done_is_done_until_asked_for_again(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The cursor stays, the attempts begin anew."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("p", "hours", "backfill")])
    await done(control, await taken(control), cursor="2026-11-20T10:00:00Z")
    assert await take(control, "poller", lease_seconds=60) is None
    state = await state_of(control, connection, "p")
    assert (state.state, state.attempts) == ("done", 0)
    assert state.done_at is not None
    await enqueue(control, *connection, [Piece("p", "hours", "asked")])
    assert (await taken(control)).reason == "asked"
    assert (await state_of(control, connection, "p")).cursor == "2026-11-20T10:00:00Z"


async def test_what_is_asked_for_while_it_is_read_is_read_once_more(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The running read began before the question, and may have missed what it is about."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("today", "hours", "today")])
    lease = await taken(control)
    await enqueue(control, *connection, [Piece("today", "hours", "asked")])
    assert await take(control, "another", lease_seconds=60) is None
    await done(control, lease, cursor=None)
    assert (await taken(control)).reason == "asked"


async def test_a_standing_name_takes_the_span_it_is_given(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Also while it is being read: the lease keeps the old span, the next one has the new."""
    connection = await new_connection()
    old, new = date(2026, 11, 19), date(2026, 11, 20)
    await enqueue(control, *connection, [Piece("today", "hours", "today", old, old)])
    lease = await taken(control)
    await enqueue(control, *connection, [Piece("today", "hours", "today", new, new)])
    await done(control, lease, cursor=None)
    assert (lease.day_from, (await taken(control)).day_from) == (old, new)


async def test_enqueueing_a_waiting_piece_never_delays_it(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The earlier time and the higher priority stand."""
    connection = await new_connection()
    sooner = SOON - timedelta(days=1)
    await enqueue(control, *connection, [Piece("p", "hours", "x", due_at=sooner, priority=5)])
    await enqueue(control, *connection, [Piece("p", "hours", "x", due_at=SOON, priority=1)])
    state = await state_of(control, connection, "p")
    assert (state.due_at, state.priority) == (sooner, 5)


async def test_a_throttled_piece_waits_until_the_platform_said(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """The cursor of its last good read stays, and the reason is kept."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("p", "hours", "x")])
    await done(control, await taken(control), cursor=7)
    await enqueue(control, *connection, [Piece("p", "hours", "x")])
    await postpone(control, await taken(control), due_at=SOON, error="throttled")
    state = await state_of(control, connection, "p")
    assert (state.due_at, state.cursor, state.last_error) == (SOON, 7, "throttled")
    assert state.lease_until is None


async def test_a_failed_piece_comes_back_later_each_time(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Five seconds after the first failure, by PostgreSQL's clock."""
    connection = await new_connection()
    await enqueue(control, *connection, [Piece("p", "hours", "x")])
    due_at = await fail(control, await taken(control), error="e" * 9_000)
    state = await state_of(control, connection, "p")
    assert state.due_at == due_at
    assert state.failed_at is not None
    assert state.due_at - state.failed_at == timedelta(seconds=5)
    assert state.last_error == "e" * 500


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (5, 80), (8, 640), (9, 900), (10_000, 900)]
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    """However often it failed, it is tried again."""
    assert backoff(attempts) == timedelta(seconds=seconds)


async def test_forgetting_spares_what_is_being_read(
    control: AsyncEngine, new_connection: NewConnection
) -> None:
    """Its poller finds its row still there."""
    connection = await new_connection()
    pieces = [Piece("a", "hours", "x", priority=1), Piece("b", "hours", "x")]
    await enqueue(control, *connection, pieces)
    lease = await taken(control)
    await forget(control, *connection, ["a", "b"])
    async with transaction(control, workspace_id=connection[0]) as db:
        assert [each.piece for each in await pieces_of(db, connection[1])] == ["a"]
    await done(control, lease, cursor=None)
