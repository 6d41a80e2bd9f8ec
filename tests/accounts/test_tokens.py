"""Tokens: kept sealed, renewed by one at a time, and what becomes of connections when one dies."""

import asyncio
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection, ConnectionState, connect, connection_of
from accounts.database import transaction
from accounts.errors import SealBroken
from accounts.tables.linked import connections
from accounts.tables.vault import tokens
from accounts.tokens import (
    Grant,
    Token,
    forget_token,
    keep_token,
    mark_dead,
    read_token,
    renew_later,
    renewed,
    take_to_renew,
)
from accounts.vault import KeyRing, MasterKey, Vault
from tests.accounts.conftest import NewConnection
from tests.servers.databases import Database

MINUTE = timedelta(minutes=1)


@pytest.fixture
def module_database(database: Database) -> Database:
    """A database for each test: whoever takes a token to renew takes from all workspaces."""
    return database


@pytest.fixture
def vault() -> Vault:
    """With a ring of its own."""
    ring = KeyRing([MasterKey.new()])
    return Vault(lambda: ring)


def grant(word: str, **more: Any) -> Grant:
    values: dict[str, Any] = {"access_token": f"access-{word}", "scopes": ("ads_read",), **more}
    return Grant(**values)


async def keep(
    control: AsyncEngine,
    vault: Vault,
    workspace_id: UUID,
    given: Grant,
    subject: str | None = "u1",
    **more: Any,
) -> UUID:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await keep_token(db, vault, workspace_id, "meta", subject, given, None, **more)


async def read(control: AsyncEngine, vault: Vault, of: UUID, token_id: UUID) -> Token | None:
    async with transaction(control, workspace_id=of) as db:
        return await read_token(db, vault, token_id)


async def linked(
    control: AsyncEngine, workspace_id: UUID, token_id: UUID, account: str = "1"
) -> UUID:
    """A connection of the workspace that is read by this token."""
    async with transaction(control, workspace_id=workspace_id) as db:
        connection_id = await connect(
            db, workspace_id, provider="meta", account_id=account, label=account
        )
        await db.execute(
            update(connections)
            .where(connections.c.connection_id == connection_id)
            .values(token_id=token_id)
        )
    return connection_id


async def as_it_stands(control: AsyncEngine, of: UUID, connection_id: UUID) -> Connection:
    async with transaction(control, workspace_id=of) as db:
        found = await connection_of(db, connection_id)
    assert found is not None
    return found


async def test_a_token_is_read_as_it_was_kept(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """Both texts, scopes and instants; and its row holds neither text."""
    workspace_id, _ = await new_connection()
    expires = datetime(2027, 1, 20, 3, 4, tzinfo=UTC)
    given = grant("x", refresh_token="refresh-x", expires_at=expires, renew_at=expires - MINUTE)
    token_id = await keep(control, vault, workspace_id, given)
    found = await read(control, vault, workspace_id, token_id)
    assert found is not None
    assert (found.access_token, found.refresh_token) == ("access-x", "refresh-x")
    assert (found.scopes, found.expires_at) == (("ads_read",), expires)
    assert (found.renew_at, found.dead_at) == (expires - MINUTE, None)
    async with transaction(control, workspace_id=workspace_id) as db:
        row = (await db.execute(select(tokens))).one()
    assert b"access-x" not in row.access_token
    assert b"refresh-x" not in row.refresh_token


async def test_another_workspace_has_no_such_token(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """As if the id were made up."""
    (mine, _), (other, _) = await new_connection(), await new_connection()
    token_id = await keep(control, vault, mine, grant("x"))
    assert await read(control, vault, other, token_id) is None
    assert await read(control, vault, mine, uuid4()) is None


async def test_the_same_subject_has_one_token(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """The newer grant replaces the older one; without a subject each consent is its own."""
    workspace_id, _ = await new_connection()
    first = await keep(control, vault, workspace_id, grant("a", refresh_token="r"))
    assert await keep(control, vault, workspace_id, grant("b")) == first
    found = await read(control, vault, workspace_id, first)
    assert found is not None
    assert (found.access_token, found.refresh_token) == ("access-b", None)
    nameless = [await keep(control, vault, workspace_id, grant("c"), None) for _ in range(2)]
    assert len({first, *nameless}) == 3


async def test_two_consents_at_one_instant_are_one_token(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """Though neither sees the other's row when it begins."""
    workspace_id, _ = await new_connection()
    kept = await asyncio.gather(
        *(keep(control, vault, workspace_id, grant(str(n))) for n in range(4))
    )
    assert len(set(kept)) == 1


async def test_another_person_s_consent_takes_over_what_is_connected_again(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """The token of the id that was given is gone; its connection is read by theirs."""
    workspace_id, _ = await new_connection()
    old = await keep(control, vault, workspace_id, grant("old"), "u1")
    theirs = await keep(control, vault, workspace_id, grant("b"), "u2")
    connection_id = await linked(control, workspace_id, old)
    kept = await keep(control, vault, workspace_id, grant("c"), "u2", token_id=old)
    assert kept == theirs
    assert (await as_it_stands(control, workspace_id, connection_id)).token_id == theirs
    assert await read(control, vault, workspace_id, old) is None


async def test_a_dead_token_fails_its_connections_and_a_new_grant_mends_them(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """Each says why and what to do; a paused one stays paused, another token's is not touched."""
    workspace_id, untouched = await new_connection()
    token_id = await keep(control, vault, workspace_id, grant("x"))
    mine = await linked(control, workspace_id, token_id, "2")
    paused = await linked(control, workspace_id, token_id, "3")
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(
            update(connections)
            .where(connections.c.connection_id == paused)
            .values(state=ConnectionState.PAUSED)
        )
        await mark_dead(db, token_id, "the person withdrew it")
    failing = await as_it_stands(control, workspace_id, mine)
    assert failing.state is ConnectionState.FAILING
    assert failing.reason == "token-dead: the person withdrew it"
    assert failing.next_step == "Connect the account again."
    assert (await as_it_stands(control, workspace_id, paused)).state is ConnectionState.PAUSED
    assert (await as_it_stands(control, workspace_id, untouched)).state is ConnectionState.ACTIVE
    dead = await read(control, vault, workspace_id, token_id)
    assert dead is not None
    assert dead.dead_reason == "the person withdrew it"

    await keep(control, vault, workspace_id, grant("y"))
    mended = await as_it_stands(control, workspace_id, mine)
    assert (mended.state, mended.reason) == (ConnectionState.ACTIVE, None)
    alive = await read(control, vault, workspace_id, token_id)
    assert alive is not None
    assert (alive.dead_at, alive.dead_reason) == (None, None)


async def test_a_forgotten_token_leaves_its_connection_without_one(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """And the connection stays, with its history."""
    workspace_id, _ = await new_connection()
    token_id = await keep(control, vault, workspace_id, grant("x"))
    connection_id = await linked(control, workspace_id, token_id)
    async with transaction(control, workspace_id=workspace_id) as db:
        await forget_token(db, token_id)
    assert (await as_it_stands(control, workspace_id, connection_id)).token_id is None
    assert await read(control, vault, workspace_id, token_id) is None


async def test_a_token_is_renewed_by_one_at_a_time(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """Taken when due, by one of those who ask at once, and free again later."""
    workspace_id, _ = await new_connection()
    await keep(control, vault, workspace_id, grant("later", renew_at=datetime.now(UTC) + MINUTE))
    due = grant("due", renew_at=datetime.now(UTC) - MINUTE)
    token_id = await keep(control, vault, workspace_id, due, "u2")
    took = await asyncio.gather(
        *(take_to_renew(control, vault, MINUTE, ["meta"]) for _ in range(4))
    )
    (taken,) = [each for each in took if each]
    assert (taken.token_id, taken.access_token, taken.renew_attempts) == (token_id, "access-due", 1)
    async with transaction(control, workspace_id=workspace_id) as db:
        await renew_later(db, token_id, datetime.now(UTC))
    assert await take_to_renew(control, vault, MINUTE, ["google"]) is None
    again = await take_to_renew(control, vault, MINUTE, ["meta"])
    assert again is not None
    assert again.renew_attempts == 2


async def test_a_renewal_keeps_the_refresh_token_that_it_lacks(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """Google gives one at consent alone."""
    workspace_id, _ = await new_connection()
    token_id = await keep(control, vault, workspace_id, grant("a", refresh_token="r"))
    before = await read(control, vault, workspace_id, token_id)
    assert before is not None
    async with transaction(control, workspace_id=workspace_id) as db:
        assert await renewed(db, vault, before, grant("b"))
    after = await read(control, vault, workspace_id, token_id)
    assert after is not None
    assert (after.access_token, after.refresh_token) == ("access-b", "r")
    assert after.issued_at > before.issued_at


async def test_a_late_renewal_does_not_undo_a_new_consent(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """What the person gave last stands; what is forgotten stays so."""
    workspace_id, _ = await new_connection()
    token_id = await keep(control, vault, workspace_id, grant("old"))
    old = await read(control, vault, workspace_id, token_id)
    assert old is not None
    await keep(control, vault, workspace_id, grant("consent"))
    async with transaction(control, workspace_id=workspace_id) as db:
        assert not await renewed(db, vault, old, grant("late"))
    found = await read(control, vault, workspace_id, token_id)
    assert found is not None
    assert found.access_token == "access-consent"


async def test_a_token_that_does_not_open_is_not_in_the_way_of_others(
    control: AsyncEngine, vault: Vault, new_connection: NewConnection
) -> None:
    """Its lease stands although it raises; the next one is taken."""
    workspace_id, _ = await new_connection()
    due = datetime.now(UTC) - MINUTE
    broken = await keep(control, vault, workspace_id, grant("a", renew_at=due - MINUTE), "u1")
    sound = await keep(control, vault, workspace_id, grant("b", renew_at=due), "u2")
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(
            text("update control.tokens set access_token = '\\x01' where token_id = :id"),
            {"id": broken},
        )
    with pytest.raises(SealBroken):
        await take_to_renew(control, vault, MINUTE, ["meta"])
    taken = await take_to_renew(control, vault, MINUTE, ["meta"])
    assert taken is not None
    assert taken.token_id == sound


def test_neither_a_grant_nor_a_token_shows_what_it_holds() -> None:
    """In a log, an error or a debugger's line."""
    given = grant("x", refresh_token="refresh-x")
    values: dict[str, Any] = dict.fromkeys(each.name for each in fields(Token))
    values |= {"access_token": "access-x", "refresh_token": "refresh-x"}
    token = Token(**values)
    for shown in (repr(given), str(given), repr(token), str(token)):
        assert "access-x" not in shown
        assert "refresh-x" not in shown
