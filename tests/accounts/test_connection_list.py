"""What control tables say of connections: work, tokens' ends, consents without an account."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connection_list import (
    Linked,
    Work,
    linked_connection,
    linked_connections,
    pending_consents,
)
from accounts.connections import connect
from accounts.database import engine, transaction
from accounts.leases import done, fail, take
from accounts.poll_work import Piece, enqueue
from accounts.tables.linked import connections, poll_work
from accounts.tables.vault import tokens
from tests.accounts.conftest import NewConnection
from tests.servers.databases import Database

PAST, SOON = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def nothing_else_is_due(module_database: Database) -> None:
    """Whoever takes, takes from all workspaces: those of the tests before are done with."""
    superuser = engine(module_database.superuser, pool_size=1)
    async with transaction(superuser) as db:
        await db.execute(delete(poll_work))
    await superuser.dispose()


@pytest.fixture
async def own(new_connection: NewConnection) -> tuple[UUID, UUID]:
    """A workspace with one connection that nobody has read."""
    return await new_connection()


async def linked(control: AsyncEngine, of: tuple[UUID, UUID]) -> Linked:
    async with transaction(control, workspace_id=of[0]) as db:
        found = await linked_connection(db, of[1])
        assert await linked_connections(db) == [found]
    assert found is not None
    return found


async def add_token(control: AsyncEngine, workspace_id: UUID, **says: Any) -> UUID:
    token_id = uuid4()
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(
            insert(tokens).values(
                workspace_id=workspace_id,
                token_id=token_id,
                **{
                    "provider": "meta",
                    "subject": str(token_id),
                    "access_token": b"x",
                    "scopes": [],
                    **says,
                },
            )
        )
    return token_id


async def use(control: AsyncEngine, own: tuple[UUID, UUID], token_id: UUID) -> None:
    async with transaction(control, workspace_id=own[0]) as db:
        await db.execute(update(connections).values(token_id=token_id))


async def test_a_connection_without_work_has_none(
    control: AsyncEngine, own: tuple[UUID, UUID]
) -> None:
    """Nor a token: zeros and nothing, not an absent row."""
    found = await linked(control, own)
    assert (found.connection.connection_id, found.connection.account_id) == (own[1], "1")
    assert (found.consented_until, found.token_issued_at) == (None, None)
    assert found.work == Work(0, 0, None, None, None)


async def test_work_is_counted_by_connection(control: AsyncEngine, own: tuple[UUID, UUID]) -> None:
    """Two of three pieces of the backfill are done; the first that waits is no backfill."""
    await enqueue(
        control,
        *own,
        [
            *(Piece(f"backfill.{n}", "hours", "backfill", due_at=PAST, priority=9) for n in "ab"),
            Piece("backfill.c", "hours", "backfill", due_at=SOON),
            Piece("restate.hours.0", "hours", "restate", due_at=SOON - HOUR),
        ],
    )
    async with transaction(control, workspace_id=own[0]) as db:
        other = await connect(db, own[0], provider="meta", account_id="2", label="Other")
    await enqueue(control, own[0], other, [Piece("x", "hours", "backfill", due_at=SOON)])
    for _ in range(2):
        lease = await take(control, "poller", lease_seconds=60)
        assert lease is not None
        await done(control, lease, cursor=None)
    async with transaction(control, workspace_id=own[0]) as db:
        first, second = await linked_connections(db)
    assert first.work == Work(3, 2, SOON - HOUR, None, None)
    assert second.work == Work(1, 0, SOON, None, None)


async def test_what_a_poller_holds_does_not_wait(
    control: AsyncEngine, own: tuple[UUID, UUID]
) -> None:
    """Until its lease runs out; one that failed tells when it is tried again."""
    await enqueue(control, *own, [Piece("today.hours", "hours", "today")])
    lease = await take(control, "poller", lease_seconds=60)
    assert lease is not None
    assert (await linked(control, own)).work.due_at is None
    due_at = await fail(control, lease, error="transient: 500")
    work = (await linked(control, own)).work
    assert (work.due_at, work.retry_at) == (due_at, due_at)


async def test_a_piece_that_goes_well_again_is_no_retry(
    control: AsyncEngine, own: tuple[UUID, UUID]
) -> None:
    """It waits because its time has not come."""
    piece = Piece("today.hours", "hours", "today")
    await enqueue(control, *own, [piece])
    for end in (fail, done):
        async with transaction(control, workspace_id=own[0]) as db:
            await db.exec_driver_sql("update control.poll_work set due_at = now()")
        lease = await take(control, "poller", lease_seconds=60)
        assert lease is not None
        await (
            fail(control, lease, error="x") if end is fail else done(control, lease, cursor=None)
        )
    await enqueue(control, *own, [piece])
    work = (await linked(control, own)).work
    assert work.due_at is not None
    assert work.retry_at is None


async def test_the_standing_piece_that_was_read_longest_ago_comes_next(
    control: AsyncEngine, own: tuple[UUID, UUID]
) -> None:
    """A backfill is no standing piece: it does not come again."""
    pieces = (("today.hours", "today"), ("entities", "entities"), ("b", "backfill"))
    await enqueue(control, *own, [Piece(name, "x", reason) for name, reason in pieces])
    for number, (name, _) in enumerate(pieces):
        async with transaction(control, workspace_id=own[0]) as db:
            await db.exec_driver_sql(
                "update control.poll_work set state = 'done',"
                f" done_at = timestamptz '2026-01-01Z' - interval '{number} hours'"
                f" where piece = '{name}'"
            )
    assert (await linked(control, own)).work.standing_read_at == PAST - HOUR


@pytest.mark.parametrize(
    ("says", "until"),
    [
        ({"expires_at": PAST}, PAST),
        ({"expires_at": PAST, "refresh_token": b"r"}, None),
        ({"expires_at": PAST, "refresh_token": b"r", "refresh_expires_at": SOON}, SOON),
        ({}, None),
    ],
)
async def test_a_consent_ends_with_what_cannot_be_renewed(
    control: AsyncEngine, own: tuple[UUID, UUID], says: dict[str, Any], until: datetime | None
) -> None:
    """Google's access token ends each hour, and nobody need know."""
    await use(control, own, await add_token(control, own[0], issued_at=PAST, **says))
    found = await linked(control, own)
    assert (found.consented_until, found.token_issued_at) == (until, PAST)


async def test_a_consent_waits_until_an_account_is_chosen(
    control: AsyncEngine, own: tuple[UUID, UUID]
) -> None:
    """The newest of each provider that no connection uses; one that is dead is none."""
    used = await add_token(control, own[0])
    await use(control, own, used)
    await add_token(control, own[0], issued_at=PAST)
    newest = await add_token(control, own[0], issued_at=PAST + HOUR)
    await add_token(control, own[0], provider="google", dead_at=PAST, dead_reason="revoked")
    shop = await add_token(control, own[0], provider="shopify", issued_at=PAST)
    async with transaction(control, workspace_id=own[0]) as db:
        found = await pending_consents(db)
    assert [(each.provider, each.token_id, each.since) for each in found] == [
        ("meta", newest, PAST + HOUR),
        ("shopify", shop, PAST),
    ]


async def test_nothing_of_another_workspace_is_listed(
    control: AsyncEngine, own: tuple[UUID, UUID], new_connection: NewConnection
) -> None:
    """Neither its connections, nor by id, nor its consents."""
    await add_token(control, own[0])
    other, _ = await new_connection()
    async with transaction(control, workspace_id=other) as db:
        assert own[1] not in {
            each.connection.connection_id for each in await linked_connections(db)
        }
        assert await linked_connection(db, own[1]) is None
        assert await pending_consents(db) == []
