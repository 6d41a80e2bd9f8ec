"""What people change of a connection, and what the log keeps of it."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.audit import Actor
from accounts.connection_changes import ask_for_sync, hold, pause, rename, resume
from accounts.connections import Connection, ConnectionState, connection_of, mark_failing
from accounts.database import engine, transaction
from accounts.leases import done, fail, take
from accounts.poll_work import Piece, enqueue, pieces_of
from accounts.tables.linked import connections, poll_work
from accounts.tables.people import audit_log
from tests.accounts.conftest import NewConnection
from tests.servers.databases import Database

ACTOR = Actor("user", uuid4())
TODAY = Piece("today.hours", "hours", "today", priority=90)

Change = Callable[[AsyncConnection, Connection], Awaitable[None]]


@pytest.fixture(autouse=True)
async def nothing_else_is_due(module_database: Database) -> None:
    """Whoever takes, takes from all workspaces: those of the tests before are done with."""
    superuser = engine(module_database.superuser, pool_size=1)
    async with transaction(superuser) as db:
        await db.execute(delete(poll_work))
    await superuser.dispose()


class Changing:
    """One connection with a piece that is due, and what is done to it."""

    def __init__(self, control: AsyncEngine, own: tuple[UUID, UUID]) -> None:
        self.control, self.own = control, own

    async def __call__(self, change: Change) -> Connection:
        """The connection after this change."""
        async with transaction(self.control, workspace_id=self.own[0]) as db:
            found = await hold(db, self.own[1])
            assert found is not None
            await change(db, found)
            after = await connection_of(db, self.own[1])
        assert after is not None
        return after

    async def fails(self) -> None:
        """Its token is dead."""
        async with transaction(self.control, workspace_id=self.own[0]) as db:
            await mark_failing(db, self.own[1], reason="token-dead: x", next_step=None)

    async def log(self) -> list[str]:
        """What the log tells of it, all by the one actor."""
        async with transaction(self.control, workspace_id=self.own[0]) as db:
            rows = (await db.execute(select(audit_log).order_by(audit_log.c.at))).all()
        assert all((row.actor_id, row.target_id) == (ACTOR.id, str(self.own[1])) for row in rows)
        assert all(row.details == {} for row in rows)
        return [row.action for row in rows]


@pytest.fixture
async def changing(control: AsyncEngine, new_connection: NewConnection) -> Changing:
    """It is active."""
    made = Changing(control, await new_connection())
    await enqueue(control, *made.own, [TODAY])
    return made


async def test_nothing_is_taken_of_what_is_paused_until_it_is_resumed(changing: Changing) -> None:
    """At once, both times; the log tells of both."""
    paused = await changing(lambda db, own: pause(db, own, ACTOR))
    assert paused.state is ConnectionState.PAUSED
    assert await take(changing.control, "poller", lease_seconds=60) is None
    resumed = await changing(lambda db, own: resume(db, own, ACTOR))
    assert resumed.state is ConnectionState.ACTIVE
    assert await take(changing.control, "poller", lease_seconds=60) is not None
    assert await changing.log() == ["connection.paused", "connection.resumed"]


async def test_what_is_under_way_when_it_is_paused_ends_well_and_unpauses_nothing(
    changing: Changing,
) -> None:
    """Even of one that was failing, which a good read mends."""
    await changing.fails()
    await changing(lambda db, own: ask_for_sync(db, own, ACTOR))
    lease = await take(changing.control, "poller", lease_seconds=60)
    assert lease is not None
    paused = await changing(lambda db, own: pause(db, own, ACTOR))
    assert (paused.reason, paused.failing_since, paused.retry_at) == (None, None, None)
    await done(changing.control, lease, cursor=None)
    after = await changing(lambda db, own: pause(db, own, ACTOR))
    assert after.state is ConnectionState.PAUSED


@pytest.mark.parametrize("change", [pause, resume])
async def test_what_changes_nothing_is_not_logged(
    changing: Changing, change: Callable[..., Awaitable[None]]
) -> None:
    """Pausing what is paused, resuming what is not; and neither wakes what is disconnected."""
    if change is pause:
        await changing(lambda db, own: pause(db, own, ACTOR))
    before = await changing.log()
    await changing(lambda db, own: change(db, own, ACTOR))
    async with transaction(changing.control, workspace_id=changing.own[0]) as db:
        await db.execute(connections.update().values(state="disconnected"))
    after = await changing(lambda db, own: change(db, own, ACTOR))
    assert after.state is ConnectionState.DISCONNECTED
    assert await changing.log() == before


async def test_a_new_name_is_kept_and_not_told_to_the_log(changing: Changing) -> None:
    """People write it: it may hold an e-mail. The same name again is no change."""
    after = [
        await changing(lambda db, own: rename(db, own, ACTOR, "ada@example.com's"))
        for _ in range(2)
    ]
    assert [each.label for each in after] == ["ada@example.com's"] * 2
    assert await changing.log() == ["connection.renamed"]


async def test_what_is_asked_for_is_due_now(changing: Changing) -> None:
    """Today and entities, whether they were read or wait; nothing else; their days stay."""
    control, own = changing.control, changing.own
    lease = await take(control, "poller", lease_seconds=60)
    assert lease is not None
    await done(control, lease, cursor={"page": 1})
    await enqueue(control, *own, [Piece("entities", "entities", "entities", priority=85)])
    lease = await take(control, "poller", lease_seconds=60)
    assert lease is not None
    await fail(control, lease, error="transient: 500")
    await enqueue(control, *own, [Piece("backfill.hours/1", "hours", "backfill")])
    lease = await take(control, "poller", lease_seconds=60)
    assert lease is not None
    await done(control, lease, cursor=None)
    assert await take(control, "poller", lease_seconds=60) is None

    await changing(lambda db, connection: ask_for_sync(db, connection, ACTOR))
    taken = [await take(control, "poller", lease_seconds=60) for _ in range(3)]
    assert [each and each.piece for each in taken] == ["today.hours", "entities", None]
    assert await changing.log() == ["connection.sync-asked"]


async def test_what_is_being_read_is_read_again_after_it(changing: Changing) -> None:
    """What is asked for now comes after what the poller has in hand."""
    lease = await take(changing.control, "poller", lease_seconds=60)
    assert lease is not None
    await changing(lambda db, own: ask_for_sync(db, own, ACTOR))
    assert await take(changing.control, "another", lease_seconds=60) is None
    await done(changing.control, lease, cursor=None)
    again = await take(changing.control, "another", lease_seconds=60)
    assert again is not None
    assert again.piece == TODAY.piece


async def test_what_the_platform_has_put_off_is_not_hastened(changing: Changing) -> None:
    """It would only be refused again."""
    lease = await take(changing.control, "poller", lease_seconds=60)
    assert lease is not None
    due_at = await fail(changing.control, lease, error="throttled: 17")
    await changing(lambda db, own: ask_for_sync(db, own, ACTOR, put_off=[TODAY.piece]))
    async with transaction(changing.control, workspace_id=changing.own[0]) as db:
        [piece] = await pieces_of(db, changing.own[1])
    assert piece.due_at == due_at


async def test_a_failing_connection_is_tried_at_once_when_asked(changing: Changing) -> None:
    """With one piece; it stays failing until that goes well."""
    await changing.fails()
    assert await take(changing.control, "poller", lease_seconds=60) is None
    after = await changing(lambda db, own: ask_for_sync(db, own, ACTOR))
    assert after.state is ConnectionState.FAILING
    assert await take(changing.control, "poller", lease_seconds=60) is not None


async def test_whoever_holds_a_connection_is_waited_for(changing: Changing) -> None:
    """Two people pause it at once: the second finds it paused, and the log tells one."""
    await asyncio.gather(*(changing(lambda db, own: pause(db, own, ACTOR)) for _ in range(4)))
    assert await changing.log() == ["connection.paused"]


async def test_a_foreign_connection_is_not_held(
    changing: Changing, new_connection: NewConnection
) -> None:
    """As one that does not exist."""
    _, foreign = await new_connection()
    async with transaction(changing.control, workspace_id=changing.own[0]) as db:
        assert await hold(db, foreign) is None
        assert await hold(db, uuid4()) is None
