"""The mirror: what Clerk says of users, in whatever order, ends in our rows."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.clerk.events import UserGone
from accounts.clerk.mirror import GONE, Change, find, forget, take
from accounts.clerk.users import UserState
from accounts.database import engine, transaction
from accounts.permissions import Role
from accounts.tables.people import (
    audit_log,
    clerk_users,
    invitations,
    memberships,
    sessions,
    users,
    workspaces,
)
from accounts.users import add_user
from accounts.workspaces import add_member, add_workspace
from tests.servers.databases import Database

HASH = "$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
_numbers = count()


@dataclass
class Mirror:
    """The mirror of one database, and what an auditor sees of it."""

    control: AsyncEngine
    auditor: AsyncEngine

    async def told(self, event: UserState | UserGone, *, is_demo: bool = False) -> Change:
        """One word of Clerk's, in a transaction of its own."""
        async with transaction(self.control) as db:
            if isinstance(event, UserGone):
                return await forget(db, event.clerk_id, event.deleted_ms)
            return await take(db, event, is_demo=is_demo)

    async def user_id(self, clerk_id: str) -> UUID | None:
        """Whom the id leads to."""
        async with transaction(self.control) as db:
            known = await find(db, clerk_id)
        return known.user_id if known else None

    async def row(self, clerk_id: str) -> tuple[object, ...]:
        """All that is known of a user, but for ids of ours."""
        query = (
            select(
                clerk_users.c.updated_ms,
                clerk_users.c.is_deleted,
                users.c.email,
                users.c.name,
                users.c.password_hash,
            )
            .join(users, users.c.user_id == clerk_users.c.user_id, isouter=True)
            .where(clerk_users.c.clerk_id == clerk_id)
        )
        async with self.auditor.connect() as db:
            return tuple((await db.execute(query)).one())

    async def local_user(self, email: str) -> tuple[UUID, UUID]:
        """Somebody who registered with a password, and their workspace."""
        user_id, workspace_id = uuid4(), uuid4()
        async with transaction(self.control, workspace_id=workspace_id, user_id=user_id) as db:
            await add_user(db, user_id, email, "Ada", HASH)
            await add_workspace(db, workspace_id, "Engines")
            await add_member(db, workspace_id, user_id, Role.OWNER)
        return user_id, workspace_id


@pytest.fixture
def mirror(control: AsyncEngine, auditor: AsyncEngine) -> Mirror:
    return Mirror(control, auditor)


def jane(at: int = 1, *, name: str = "Jane Doe", email: str | None = "") -> UserState:
    """A user of a test's own."""
    own = f"u{next(_numbers)}"
    return UserState(f"user_{own}", at, name, f"{own}@example.com" if email == "" else email)


async def test_a_new_user_owns_a_workspace(mirror: Mirror) -> None:
    """As by registering, but without a password."""
    state = jane()
    assert await mirror.told(state) == "created"
    user_id = await mirror.user_id(state.clerk_id)
    owned = (
        select(workspaces.c.name, workspaces.c.is_demo, memberships.c.role)
        .join(memberships, memberships.c.workspace_id == workspaces.c.workspace_id)
        .where(memberships.c.user_id == user_id)
    )
    async with mirror.auditor.connect() as db:
        rows = (await db.execute(owned)).all()
    assert [tuple(row) for row in rows] == [("Jane Doe’s workspace", False, "owner")]
    assert await mirror.row(state.clerk_id) == (1, False, state.email, "Jane Doe", None)


async def test_among_simulated_platforms_the_workspace_is_a_demo(mirror: Mirror) -> None:
    """As every workspace there is."""
    state = jane()
    await mirror.told(state, is_demo=True)
    made = select(workspaces.c.is_demo).join(
        memberships, memberships.c.workspace_id == workspaces.c.workspace_id
    )
    mine = made.where(memberships.c.user_id == await mirror.user_id(state.clerk_id))
    async with mirror.auditor.connect() as db:
        assert (await db.execute(mine)).scalars().all() == [True]


async def test_the_older_changes_nothing(mirror: Mirror) -> None:
    """By Clerk's own instant, not by ours."""
    state = jane(at=20)
    await mirror.told(state)
    assert await mirror.told(replace(state, updated_ms=10, name="Was")) == "unchanged"
    assert await mirror.told(replace(state, updated_ms=30, name="Is")) == "updated"
    assert await mirror.told(replace(state, updated_ms=25, name="Late")) == "unchanged"
    assert (await mirror.row(state.clerk_id))[3] == "Is"


async def test_deleted_is_for_ever(mirror: Mirror) -> None:
    """Even where something newer, or older, comes after it; and where nothing came before it."""
    state = jane(at=10)
    await mirror.told(state)
    assert await mirror.told(UserGone(state.clerk_id, 20)) == "deleted"
    for at in (5, 15, 99):
        assert await mirror.told(replace(state, updated_ms=at)) == "unchanged"
    assert await mirror.user_id(state.clerk_id) is None

    never_seen = jane(at=10)
    await mirror.told(UserGone(never_seen.clerk_id, 20))
    assert await mirror.told(replace(never_seen, updated_ms=99)) == "unchanged"
    assert await mirror.user_id(never_seen.clerk_id) is None


async def test_nothing_personal_of_a_deleted_user_stays(mirror: Mirror) -> None:
    """The id alone, for the log of changes; the e-mail is free for somebody new."""
    state = jane(email=f"gone{next(_numbers)}@example.com")
    await mirror.told(state)
    user_id = await mirror.user_id(state.clerk_id)
    await mirror.told(UserGone(state.clerk_id, 2))
    async with mirror.auditor.connect() as db:
        left = (await db.execute(select(users).where(users.c.user_id == user_id))).one()
    assert (left.email, left.name) == (f"{user_id}@deleted.invalid", GONE)
    assert left.password_hash is None
    again = jane(email=state.email)
    assert await mirror.told(again) == "created"
    assert (await mirror.row(again.clerk_id))[2] == state.email


async def test_a_deleted_user_leaves_every_workspace_and_all_sessions_end(mirror: Mirror) -> None:
    """With a line in the log of each workspace, and no invitation that keeps the e-mail."""
    state = jane()
    await mirror.told(state)
    user_id = await mirror.user_id(state.clerk_id)
    assert user_id is not None
    owner, theirs = await mirror.local_user(f"{uuid4()}@example.com")
    async with transaction(mirror.control, workspace_id=theirs, user_id=user_id) as db:
        await add_member(db, theirs, user_id, Role.VIEWER)
        session = {"session_id": uuid4(), "session_digest": uuid4().bytes * 2, "user_id": user_id}
        await db.execute(insert(sessions).values(**session, workspace_id=theirs, expires_at=LATER))
        invitation = {"invitation_id": uuid4(), "token_digest": uuid4().bytes * 2, "role": "viewer"}
        await db.execute(
            insert(invitations).values(
                workspace_id=theirs,
                email=state.email,
                invited_by=owner,
                **invitation,
                expires_at=LATER,
            )
        )
    await mirror.told(UserGone(state.clerk_id, 2))
    async with mirror.auditor.connect() as db:
        assert not (
            await db.execute(select(memberships).where(memberships.c.user_id == user_id))
        ).all()
        ended = select(sessions.c.revoked_at, sessions.c.workspace_id)
        [row] = (await db.execute(ended.where(sessions.c.user_id == user_id))).all()
        assert row.revoked_at is not None
        assert row.workspace_id is None
        lines = select(audit_log).where(audit_log.c.target_id == str(user_id))
        said = [
            (line.workspace_id == theirs, line.actor_kind, line.action)
            for line in (await db.execute(lines)).all()
        ]
        assert sorted(said) == [
            (False, "system", "member.removed"),
            (True, "system", "member.removed"),
        ]
        invited = select(invitations.c.email, invitations.c.revoked_at)
        [left] = (await db.execute(invited.where(invitations.c.workspace_id == theirs))).all()
        assert left.email is None
        assert left.revoked_at is not None


async def test_somebody_with_the_same_verified_email_is_linked(mirror: Mirror) -> None:
    """Their workspaces are theirs still; no second user, no second workspace."""
    email = f"{uuid4()}@example.com"
    user_id, workspace_id = await mirror.local_user(email)
    state = jane(email=email, name="Ada at Clerk")
    assert await mirror.told(state) == "created"
    assert await mirror.user_id(state.clerk_id) == user_id
    mine = select(memberships.c.workspace_id).where(memberships.c.user_id == user_id)
    async with mirror.auditor.connect() as db:
        assert (await db.execute(mine)).scalars().all() == [workspace_id]
    assert (await mirror.row(state.clerk_id))[2:4] == (email, "Ada at Clerk")


async def test_nobody_is_linked_by_an_email_that_is_not_verified(mirror: Mirror) -> None:
    """It may be anybody's: the new user has an address that nobody can own."""
    await mirror.local_user(f"{uuid4()}@example.com")
    state = jane(email=None)
    await mirror.told(state)
    user_id = await mirror.user_id(state.clerk_id)
    assert (await mirror.row(state.clerk_id))[2] == f"{user_id}@unknown.invalid"


async def test_a_linked_user_is_not_linked_a_second_time(mirror: Mirror) -> None:
    """Of two of Clerk's users with one e-mail the newer has it; they stay two."""
    email = f"{uuid4()}@example.com"
    user_id, _ = await mirror.local_user(email)
    first, second = jane(at=10, email=email), jane(at=20, email=email)
    await mirror.told(first)
    await mirror.told(second)
    assert await mirror.user_id(first.clerk_id) == user_id
    assert await mirror.user_id(second.clerk_id) != user_id
    assert (await mirror.row(second.clerk_id))[2] == email
    assert (await mirror.row(first.clerk_id))[2] == f"{user_id}@unknown.invalid"


async def test_an_email_that_went_to_another_user_does_so_in_either_order(mirror: Mirror) -> None:
    """At Clerk one gave it up before the other took it; word of both may come the other way."""
    for in_order in (True, False):
        email = f"{uuid4()}@example.com"
        first, second = jane(at=10, email=email), jane(at=30, email=email)
        moved = replace(first, updated_ms=20, email=f"{uuid4()}@example.com")
        await mirror.told(first)
        for state in (moved, second) if in_order else (second, moved):
            await mirror.told(state)
        assert (await mirror.row(first.clerk_id))[2] == moved.email
        assert (await mirror.row(second.clerk_id))[2] == email


async def test_a_local_user_without_a_link_keeps_their_email(mirror: Mirror) -> None:
    """Somebody else's change of address takes nobody's account."""
    email = f"{uuid4()}@example.com"
    user_id, _ = await mirror.local_user(email)
    state = jane()
    await mirror.told(state)
    await mirror.told(replace(state, updated_ms=2, email=email))
    own = await mirror.user_id(state.clerk_id)
    assert (await mirror.row(state.clerk_id))[2] == f"{own}@unknown.invalid"
    async with mirror.auditor.connect() as db:
        kept = await db.scalar(select(users.c.email).where(users.c.user_id == user_id))
    assert kept == email


async def test_thirty_words_at_once_make_one_user(mirror: Mirror) -> None:
    """Webhooks, first sights and a repair of several processes meet; the newest counts."""
    state = jane()
    words = [replace(state, updated_ms=at, name=f"Name {at}") for at in range(1, 31)]
    changes = await asyncio.gather(*map(mirror.told, reversed(words)))
    assert changes.count("created") == 1
    assert (await mirror.row(state.clerk_id))[3] == "Name 30"
    mine = select(memberships).where(memberships.c.user_id == await mirror.user_id(state.clerk_id))
    async with mirror.auditor.connect() as db:
        assert len((await db.execute(mine)).all()) == 1


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[UserState | UserGone], list[int]]:
    """A user's events, and an order in which they come: each once at least, some again."""
    made: list[UserState | UserGone] = []
    for at in range(1, draw(st.integers(1, 5)) + 1):
        name = draw(st.sampled_from(["Jane", "Janet", "J"]))
        email = draw(st.sampled_from(["old", "new", None]))
        made.append(UserState("", at, name, email))
    if draw(st.booleans()):
        made.append(UserGone("", draw(st.integers(0, 9))))
    order = draw(st.permutations(range(len(made))))
    again = draw(st.lists(st.sampled_from(range(len(made))), max_size=4))
    return made, [*order, *again]


async def run_twice(
    database: Database, history: tuple[list[UserState | UserGone], list[int]]
) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What is left after the events in order, and after them as they came."""
    control, auditor = engine(database.control), engine(database.auditor)
    mirror = Mirror(control, auditor)
    events, order = history
    rows: list[tuple[object, ...]] = []
    for indices in (list(range(len(events))), order):
        own = f"p{next(_numbers)}"
        for index in indices:
            event = replace(events[index], clerk_id=f"user_{own}")
            if isinstance(event, UserState) and event.email:
                event = replace(event, email=f"{event.email}.{own}@example.com")
            await mirror.told(event)
        seen, is_deleted, email, *rest = await mirror.row(f"user_{own}")
        address = str(email).partition(".")[0] if str(email).endswith("example.com") else "none"
        rows.append((None if is_deleted else seen, is_deleted, address, *rest))
    await control.dispose()
    await auditor.dispose()
    return rows[0], rows[1]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_any_order_and_any_repeats_end_in_the_same_row(
    module_database: Database, history: tuple[list[UserState | UserGone], list[int]]
) -> None:
    """Of one user's events, the deletion among them."""
    in_order, as_it_came = asyncio.run(run_twice(module_database, history))
    assert as_it_came == in_order
