"""API keys: made, checked, ended."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.api_keys import ApiKeys
from accounts.audit import Actor
from accounts.database import engine, transaction
from accounts.permissions import Role, Scope
from accounts.tables.people import api_keys, audit_log
from accounts.users import add_user
from accounts.workspaces import add_member, add_workspace
from tests.servers.databases import Database

HASH = "$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA"
Owner = Callable[[], Awaitable[tuple[UUID, Actor]]]


@pytest.fixture
def owner(control: AsyncEngine) -> Owner:
    """Makes a workspace and its owner, Ada."""

    async def make() -> tuple[UUID, Actor]:
        user_id, workspace_id = uuid4(), uuid4()
        async with transaction(control, workspace_id=workspace_id, user_id=user_id) as db:
            await add_user(db, user_id, f"{user_id}@example.com", "Ada", HASH)
            await add_workspace(db, workspace_id, "Engines", zone="Europe/Berlin", currency="EUR")
            await add_member(db, workspace_id, user_id, Role.OWNER)
        return workspace_id, Actor("user", user_id)

    return make


async def made(at: ApiKeys, owner: tuple[UUID, Actor], *scopes: Scope) -> tuple[UUID, str]:
    kept, key = await at.make(*owner, name="Looker", scopes=scopes or [Scope.READ], expires_at=None)
    return kept.id, key


async def test_a_key_leads_to_its_workspace_and_scopes(control: AsyncEngine, owner: Owner) -> None:
    """Zone and currency come along; the role is the least, for scopes say what a key may do."""
    at, whose = ApiKeys(control), await owner()
    key_id, key = await made(at, whose, Scope.READ, Scope.CONNECTIONS)
    found = await at.check(key)
    assert found is not None
    assert (found.id, found.workspace.id) == (key_id, whose[0])
    assert found.scopes == {Scope.READ, Scope.CONNECTIONS}
    assert (found.workspace.zone, found.workspace.currency) == ("Europe/Berlin", "EUR")
    assert found.workspace.role is Role.VIEWER


async def test_a_key_is_256_random_bits_of_which_the_database_keeps_a_hash(
    control: AsyncEngine, auditor: AsyncEngine, owner: Owner
) -> None:
    """`mx_live_` and 43 characters; the row has how it begins, and cannot give it back."""
    key_id, key = await made(ApiKeys(control), await owner())
    assert re.fullmatch(r"mx_live_[A-Za-z0-9_-]{43}", key)
    async with auditor.connect() as db:
        row = (await db.execute(select(api_keys).where(api_keys.c.key_id == key_id))).one()
    assert row.hint == key[:12]
    assert key.encode() not in bytes(row.key_digest)
    assert key not in str(row)


async def test_a_revoked_key_is_unknown_here_at_once_and_elsewhere_within_a_second(
    control: AsyncEngine, owner: Owner
) -> None:
    """Two processes, as two ApiKeys: the other one's cache had just been filled."""
    here, elsewhere, whose = ApiKeys(control), ApiKeys(control), await owner()
    key_id, key = await made(here, whose)
    assert await here.check(key) is not None
    assert await elsewhere.check(key) is not None
    assert await here.revoke(*whose, key_id)
    assert await here.check(key) is None
    await asyncio.sleep(1.0)
    assert await elsewhere.check(key) is None


async def test_a_key_ends_by_itself(
    control: AsyncEngine, module_database: Database, owner: Owner
) -> None:
    """At its instant; and it is listed as expired."""
    at, whose = ApiKeys(control), await owner()
    later = datetime.now(UTC) + timedelta(days=1)
    kept, key = await at.make(*whose, name="Looker", scopes=[Scope.READ], expires_at=later)
    assert (kept.state, kept.expires_at) == ("live", later)
    past = update(api_keys).values(expires_at=datetime.now(UTC)).where(api_keys.c.key_id == kept.id)
    superuser = engine(module_database.superuser, pool_size=1)
    async with superuser.begin() as db:
        await db.execute(past)
    await superuser.dispose()
    assert await at.check(key) is None
    assert [each.state for each in await at.of(whose[0])] == ["expired"]


async def test_the_last_use_is_known_to_a_minute(
    control: AsyncEngine, module_database: Database, owner: Owner
) -> None:
    """One write a minute, however often it is used."""
    at, whose = ApiKeys(control), await owner()
    key_id, key = await made(at, whose)
    [unused] = await at.of(whose[0])
    assert unused.last_used_at is None

    async def used() -> datetime | None:
        at._known._answers.clear()
        assert await at.check(key) is not None
        return (await at.of(whose[0]))[0].last_used_at

    first = await used()
    assert first is not None
    assert await used() == first
    superuser = engine(module_database.superuser, pool_size=1)
    async with superuser.begin() as db:
        earlier = update(api_keys).values(last_used_at=first - timedelta(seconds=61))
        await db.execute(earlier.where(api_keys.c.key_id == key_id))
    await superuser.dispose()
    assert (await used() or first) > first


async def test_all_keys_are_listed_newest_first_with_who_made_them(
    control: AsyncEngine, owner: Owner
) -> None:
    """Revoked ones, too: people look there for what happened to a key."""
    at, whose = ApiKeys(control), await owner()
    first, _ = await made(at, whose)
    second, _ = await made(at, whose, Scope.CONNECTIONS)
    await at.revoke(*whose, first)
    assert [(key.id, key.state, key.created_by) for key in await at.of(whose[0])] == [
        (second, "live", "Ada"),
        (first, "revoked", "Ada"),
    ]


async def test_another_workspace_has_no_such_key(control: AsyncEngine, owner: Owner) -> None:
    """It can neither be seen nor ended from there."""
    at, mine, theirs = ApiKeys(control), await owner(), await owner()
    key_id, key = await made(at, theirs)
    assert await at.of(mine[0]) == []
    assert not await at.revoke(*mine, key_id)
    assert not await at.revoke(*mine, uuid4())
    assert await at.check(key) is not None


async def test_making_and_revoking_are_in_the_log_once(control: AsyncEngine, owner: Owner) -> None:
    """Who, which key, for what; never the key. Revoking twice is one event."""
    at, whose = ApiKeys(control), await owner()
    key_id, key = await made(at, whose)
    assert await at.revoke(*whose, key_id)
    assert await at.revoke(*whose, key_id)
    async with transaction(control, workspace_id=whose[0]) as db:
        lines = (await db.execute(select(audit_log).order_by(audit_log.c.at))).all()
    assert [(line.action, line.target_id, line.actor_id) for line in lines] == [
        ("key.made", str(key_id), whose[1].id),
        ("key.revoked", str(key_id), whose[1].id),
    ]
    assert lines[0].details == {"scopes": ["read"]}
    assert key not in str(lines)


@pytest.mark.parametrize("key", [None, "", "mx_live_", "mx_live_" + "A" * 43, "Bearer"])
async def test_what_is_no_key_is_none(control: AsyncEngine, key: str | None) -> None:
    """Without an error."""
    assert await ApiKeys(control).check(key) is None
