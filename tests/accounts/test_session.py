"""Sessions: opened, checked, ended."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from sqlalchemy import Executable, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine, transaction
from accounts.permissions import Role
from accounts.session import Session, Sessions
from accounts.tables.people import memberships, sessions, users
from accounts.users import add_user
from accounts.workspaces import add_member, add_workspace, workspaces_of
from tests.servers.databases import Database

SECRET = "a secret for tests alone, long enough"
HASH = "$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA"

NewMember = Callable[[], Awaitable[tuple[UUID, UUID]]]


@pytest.fixture
def new_member(control: AsyncEngine) -> NewMember:
    """Makes a user who owns a workspace, without the cost of a hash."""

    async def make() -> tuple[UUID, UUID]:
        user_id, workspace_id = uuid4(), uuid4()
        async with transaction(control, workspace_id=workspace_id, user_id=user_id) as db:
            await add_user(db, user_id, f"{user_id}@example.com", "Ada", HASH)
            await add_workspace(db, workspace_id, "Engines")
            await add_member(db, workspace_id, user_id, Role.OWNER)
        return user_id, workspace_id

    return make


async def open_session(control: AsyncEngine, at: Sessions, user_id: UUID, in_: UUID) -> str:
    async with transaction(control, user_id=user_id) as db:
        return await at.open(db, user_id, in_)


async def as_superuser(database: Database, statement: Executable) -> None:
    """What no role of the product may do, yet a test must."""
    superuser = engine(database.superuser, pool_size=1)
    async with superuser.begin() as db:
        await db.execute(statement)
    await superuser.dispose()


async def test_a_cookie_leads_to_its_user_and_workspace(
    control: AsyncEngine, new_member: NewMember
) -> None:
    """Role, zone and name come along: a request needs no second query."""
    user_id, workspace_id = await new_member()
    at = Sessions(control, SECRET)
    found = await at.check(await open_session(control, at, user_id, workspace_id))
    assert found is not None
    assert found.workspace is not None
    assert (found.user_id, found.workspace.id) == (user_id, workspace_id)
    assert (found.workspace.role, found.workspace.zone) == (Role.OWNER, "UTC")


async def test_the_database_does_not_hold_what_the_cookie_holds(
    control: AsyncEngine, auditor: AsyncEngine, new_member: NewMember
) -> None:
    """128 random bits in the cookie, their SHA-256 in the row."""
    user_id, workspace_id = await new_member()
    cookie = await open_session(control, Sessions(control, SECRET), user_id, workspace_id)
    claims: dict[str, Any] = jwt.decode(
        cookie.removeprefix("Bearer "), options={"verify_signature": False}
    )
    assert len(claims["sid"]) == 22  # 16 bytes in base64
    async with auditor.connect() as db:
        row = (await db.execute(select(sessions).where(sessions.c.user_id == user_id))).one()
    assert claims["sid"].encode() not in bytes(row.session_digest)
    assert claims["sid"] not in str(row)


async def test_an_ended_session_is_unknown_here_at_once_and_elsewhere_within_a_second(
    control: AsyncEngine, new_member: NewMember
) -> None:
    """Two processes, as two Sessions: the other one's cache had just been filled."""
    user_id, workspace_id = await new_member()
    here, elsewhere = Sessions(control, SECRET), Sessions(control, SECRET)
    cookie = await open_session(control, here, user_id, workspace_id)
    session = await here.check(cookie)
    assert session is not None
    assert await elsewhere.check(cookie) is not None
    await here.end(session.user_id, session.id)
    assert await here.check(cookie) is None
    await asyncio.sleep(1.0)
    assert await elsewhere.check(cookie) is None


async def test_a_check_under_way_does_not_bring_an_ended_session_back(
    control: AsyncEngine, new_member: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer "live" that was read before the end arrives after it, and is not kept."""
    user_id, workspace_id = await new_member()
    at = Sessions(control, SECRET)
    cookie = await open_session(control, at, user_id, workspace_id)
    session = await at.check(cookie)
    assert session is not None
    at._known._answers.clear()
    load, loaded, go_on = at._load, asyncio.Event(), asyncio.Event()

    async def slow(digest: bytes) -> Session | None:
        found = await load(digest)
        loaded.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(at, "_load", slow)
    under_way = asyncio.create_task(at.check(cookie))
    await loaded.wait()
    await at.end(session.user_id, session.id)
    go_on.set()
    assert await under_way is None
    assert await at.check(cookie) is None


async def test_a_second_check_within_the_second_asks_no_database(
    control: AsyncEngine, new_member: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One query a second and session, however many requests there are."""
    user_id, workspace_id = await new_member()
    at = Sessions(control, SECRET)
    cookie = await open_session(control, at, user_id, workspace_id)
    asked = 0
    load = at._load

    async def counted(digest: bytes) -> Session | None:
        nonlocal asked
        asked += 1
        return await load(digest)

    monkeypatch.setattr(at, "_load", counted)
    for _ in range(5):
        assert await at.check(cookie) is not None
    assert asked == 1


def forged(claims: dict[str, Any], key: str | bytes = SECRET, algorithm: str = "HS256") -> str:
    return "Bearer " + jwt.encode(claims, key, algorithm=algorithm)


LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x.y.z",
        "Basic abc",
        forged({"sid": "x", "exp": LATER}),  # signed with the secret itself, not the key from it
        forged({"sid": "x", "exp": LATER}, "another secret, just as long as ours"),
        forged({"sid": "x", "exp": LATER}, "", "none"),
    ],
)
async def test_a_forged_cookie_is_no_session(control: AsyncEngine, cookie: str | None) -> None:
    """None, without an error and without a query."""
    assert await Sessions(control, SECRET).check(cookie) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"sid": "unknown", "exp": LATER},
        {"sid": "unknown", "exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"sid": "unknown"},
        {"exp": LATER},
        {"sid": None, "exp": LATER},
        {"sid": ["a"], "exp": LATER},
        {"sid": "unknown", "exp": "soon"},
    ],
)
async def test_a_signed_cookie_of_an_unknown_session_is_none(
    control: AsyncEngine, claims: dict[str, Any]
) -> None:
    """Our own signature, but no such id, or none at all."""
    at = Sessions(control, SECRET)
    assert await at.check("Bearer " + jwt.encode(claims, at._key, algorithm="HS256")) is None


async def test_a_session_ends_by_itself(
    control: AsyncEngine, module_database: Database, new_member: NewMember
) -> None:
    """The row's end counts, though the cookie's JWT would live on."""
    user_id, workspace_id = await new_member()
    at = Sessions(control, SECRET)
    cookie = await open_session(control, at, user_id, workspace_id)
    past = update(sessions).values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    await as_superuser(module_database, past.where(sessions.c.user_id == user_id))
    assert await at.check(cookie) is None


async def test_a_log_in_purges_sessions_that_have_expired(
    control: AsyncEngine,
    module_database: Database,
    auditor: AsyncEngine,
    new_member: NewMember,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of anybody, the oldest first and so many at once; one that lives is never touched."""
    gone, mine = await new_member(), await new_member()
    at = Sessions(control, SECRET)
    for _ in range(3):
        await open_session(control, at, *gone)
    expired = update(sessions).values(expires_at=sessions.c.created_at)
    await as_superuser(module_database, expired.where(sessions.c.user_id == gone[0]))
    alive = await open_session(control, at, *gone)

    async def left() -> list[UUID]:
        async with auditor.connect() as db:
            rows = await db.execute(select(sessions.c.user_id).order_by(sessions.c.created_at))
            return [user_id for user_id in rows.scalars() if user_id in (gone[0], mine[0])]

    assert await left() == [gone[0]]
    monkeypatch.setattr("accounts.session.PURGED_AT_ONCE", 2)
    for _ in range(3):
        await open_session(control, at, *mine)
    await as_superuser(module_database, expired.where(sessions.c.user_id == mine[0]))
    await open_session(control, at, *mine)
    assert await left() == [gone[0], mine[0], mine[0]]
    assert await at.check(alive) is not None


async def test_whoever_is_removed_from_a_workspace_acts_nowhere(
    control: AsyncEngine, module_database: Database, new_member: NewMember
) -> None:
    """The session lives on without a workspace, and lists none."""
    user_id, workspace_id = await new_member()
    at = Sessions(control, SECRET)
    cookie = await open_session(control, at, user_id, workspace_id)
    removal = delete(memberships).where(memberships.c.user_id == user_id)
    await as_superuser(module_database, removal)
    session = await at.check(cookie)
    assert session is not None
    assert session.workspace is None
    assert await workspaces_of(control, session) == []


async def test_a_user_reaches_only_their_own_sessions(
    control: AsyncEngine, new_member: NewMember
) -> None:
    """Another user's session can neither be seen nor ended."""
    mine, theirs = await new_member(), await new_member()
    at = Sessions(control, SECRET)
    cookie = await open_session(control, at, *theirs)
    async with transaction(control, user_id=mine[0], workspace_id=mine[1]) as db:
        seen = (await db.execute(select(sessions.c.user_id))).scalars().all()
        await db.execute(update(sessions).values(revoked_at=text("now()")))
    assert theirs[0] not in seen
    at._known._answers.clear()
    assert await at.check(cookie) is not None


async def test_users_of_other_workspaces_are_not_there(
    control: AsyncEngine, new_member: NewMember
) -> None:
    """A transaction sees its own user and the members of its workspace."""
    mine, _ = await new_member(), await new_member()
    async with transaction(control, user_id=mine[0], workspace_id=mine[1]) as db:
        assert (await db.execute(select(users.c.user_id))).scalars().all() == [mine[0]]
