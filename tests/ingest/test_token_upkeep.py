"""Tokens are renewed in time and by one alone, or given up; consents that nobody used end."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection, ConnectionState, connect, connection_of
from accounts.database import engine, transaction
from accounts.tables.people import audit_log
from accounts.tables.vault import tokens
from accounts.tokens import Grant, Token, keep_token, read_token
from accounts.vault import Vault
from accounts.workspaces import add_workspace
from ingest.providers.errors import ProviderError, Rejected, TokenDead, Transient, Unreadable
from ingest.providers.oauth import OAuthProvider
from ingest.token_upkeep import CHOSEN_WITHIN, FIRST_PAUSE, Upkeep, keep_tokens_alive
from tests.api.signing_in import key_ring
from tests.servers.databases import Database

NOW = datetime.now(UTC)
DUE, LATER, PAST = NOW - timedelta(minutes=1), NOW + timedelta(hours=1), NOW - timedelta(seconds=1)


@dataclass
class Platform:
    """A platform whose refresh tokens rotate: one that was used before ends the consent."""

    name: str = "shopify"
    is_configured: bool = True
    fails: list[ProviderError] = field(default_factory=list[ProviderError])
    used: list[str] = field(default_factory=list[str])
    revoked: list[str] = field(default_factory=list[str])

    async def renew(self, token: Token) -> Grant:
        """A new pair."""
        if self.fails:
            raise self.fails.pop(0)
        refresh = token.refresh_token or ""
        if refresh in self.used:
            raise TokenDead("invalid_grant: the refresh token was used before")
        self.used.append(refresh)
        await asyncio.sleep(0.05)
        return Grant(f"access after {refresh}", f"{refresh}'", (), LATER, None, LATER)

    async def revoke(self, token: Token) -> None:
        """It is remembered."""
        self.revoked.append(token.access_token)


@dataclass
class House:
    """A workspace whose tokens are kept alive."""

    control: AsyncEngine
    auditor: AsyncEngine
    workspace_id: UUID
    platform: Platform
    vault: Vault = field(default_factory=lambda: Vault(key_ring))

    @property
    def providers(self) -> Mapping[str, OAuthProvider]:
        """The one platform."""
        return {"shopify": cast(OAuthProvider, self.platform)}

    @property
    def upkeep(self) -> Upkeep:
        """One process's."""
        return Upkeep(self.control, Vault(key_ring), self.providers)

    async def keep(
        self,
        name: str,
        *,
        renew_at: datetime | None = DUE,
        expires_at: datetime = LATER,
        linked: bool = True,
    ) -> UUID:
        """A token, and a connection that is read by it."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            grant = Grant(f"access {name}", name, (), expires_at, None, renew_at)
            token_id = await keep_token(
                db, self.vault, self.workspace_id, "shopify", name, grant, None
            )
            if linked:
                await connect(
                    db,
                    self.workspace_id,
                    provider="shopify",
                    account_id=name,
                    label=name,
                    token_id=token_id,
                )
        return token_id

    async def token(self, token_id: UUID) -> Token | None:
        """As it is kept."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            return await read_token(db, self.vault, token_id)

    async def connection(self, connection_id: UUID) -> Connection | None:
        """As it stands."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            return await connection_of(db, connection_id)

    async def changes(self) -> list[Any]:
        """The log of changes."""
        async with self.auditor.connect() as db:
            query = select(audit_log).where(audit_log.c.workspace_id == self.workspace_id)
            return list(await db.execute(query.order_by(audit_log.c.at)))


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """A database of its own: whoever renews takes from all workspaces."""
    async with AsyncExitStack() as held:
        control, auditor = engine(database.control, pool_size=8), engine(database.auditor)
        held.push_async_callback(control.dispose)
        held.push_async_callback(auditor.dispose)
        workspace_id = uuid4()
        async with transaction(control, workspace_id=workspace_id) as db:
            await add_workspace(db, workspace_id, "House")
        yield House(control, auditor, workspace_id, Platform())


async def test_a_token_is_renewed_when_it_is_due_and_not_before(house: House) -> None:
    """The new pair is kept in place of the old one."""
    due, later = await house.keep("due"), await house.keep("later", renew_at=LATER)
    assert await house.upkeep.renew_one()
    assert not await house.upkeep.renew_one()
    renewed, waiting = await house.token(due), await house.token(later)
    assert renewed is not None
    assert (renewed.access_token, renewed.refresh_token) == ("access after due", "due'")
    assert (renewed.renew_at, renewed.dead_at) == (LATER, None)
    assert waiting is not None
    assert waiting.access_token == "access later"


async def test_two_processes_never_use_a_refresh_token_twice(house: House) -> None:
    """Both loops run, on two pools of data keys; each of twelve tokens is renewed once."""
    kept = [await house.keep(f"t{n}") for n in range(12)]
    loops = [
        asyncio.create_task(
            keep_tokens_alive(house.control, Vault(key_ring), house.providers, idle_seconds=0.01)
        )
        for _ in range(2)
    ]
    async with asyncio.timeout(15):
        while len(house.platform.used) < len(kept):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    for loop in loops:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
    assert sorted(house.platform.used) == sorted(f"t{n}" for n in range(12))
    for token_id in kept:
        token = await house.token(token_id)
        assert token is not None
        assert (token.dead_at, token.access_token[:12]) == (None, "access after")


async def test_a_platform_that_is_away_is_asked_again_after_growing_pauses(house: House) -> None:
    """The token is not called dead for it, even past its end."""
    token_id = await house.keep("t", expires_at=PAST)
    house.platform.fails = [Transient("503"), Transient("503")]
    pauses: list[timedelta] = []
    for _ in range(2):
        assert await house.upkeep.renew_one()
        token = await house.token(token_id)
        assert token is not None
        assert token.renew_at is not None
        assert token.dead_at is None
        pauses.append(token.renew_at - datetime.now(UTC))
        await _due_now(house)
    assert pauses[1] > 1.5 * pauses[0]
    assert abs(pauses[0] - FIRST_PAUSE) < timedelta(seconds=2)
    assert await house.upkeep.renew_one()
    token = await house.token(token_id)
    assert token is not None
    assert (token.access_token, token.renew_attempts) == ("access after t", 0)


async def test_a_token_that_its_platform_ended_fails_its_connections(house: House) -> None:
    """They say why and what to do; the log of changes says that nobody of ours did it."""
    token_id = await house.keep("t")
    house.platform.fails = [TokenDead("invalid_grant: Token has been expired or revoked.")]
    assert await house.upkeep.renew_one()
    token = await house.token(token_id)
    assert token is not None
    assert token.dead_reason == "invalid_grant: Token has been expired or revoked."
    assert not await house.upkeep.renew_one()
    async with transaction(house.control, workspace_id=house.workspace_id) as db:
        connection_id = await connect(
            db, house.workspace_id, provider="shopify", account_id="t", label="t"
        )
    connection = await house.connection(connection_id)
    assert connection is not None
    assert connection.state is ConnectionState.FAILING
    assert (connection.reason or "").startswith("token-dead: invalid_grant")
    assert connection.next_step == "Connect the account again."
    (line,) = await house.changes()
    assert (line.action, line.actor_kind, line.details) == (
        "token.dead",
        "system",
        {"provider": "shopify"},
    )


@pytest.mark.parametrize("error", [Rejected("no"), Unreadable("?")])
async def test_a_token_that_cannot_be_renewed_dies_at_its_end(
    house: House, error: ProviderError
) -> None:
    """While it lives, it is read by: whoever runs metricx may mend what is wrong meanwhile."""
    living, ended = await house.keep("living"), await house.keep("ended", expires_at=PAST)
    house.platform.fails = [error, error]
    assert await house.upkeep.renew_one()
    assert await house.upkeep.renew_one()
    for token_id, is_dead in ((living, False), (ended, True)):
        token = await house.token(token_id)
        assert token is not None
        assert (token.dead_at is not None) == is_dead


async def test_what_was_given_anew_meanwhile_is_not_called_dead(house: House) -> None:
    """The person consented while the old token was refused."""

    class Slow(Platform):
        async def renew(self, token: Token) -> Grant:  # noqa: ARG002
            """Refuses, when a new consent has been given."""
            await house.keep("t", renew_at=LATER)
            raise TokenDead("revoked")

    house.platform = Slow()
    token_id = await house.keep("t")
    assert await house.upkeep.renew_one()
    token = await house.token(token_id)
    assert token is not None
    assert token.dead_at is None


async def test_a_consent_that_nobody_chose_from_ends_after_a_day(house: House) -> None:
    """It is forgotten here and revoked there; a younger one waits, one that is used stays."""
    old = await house.keep("old", linked=False)
    used = await house.keep("used")
    await house.upkeep.end_unchosen()
    assert house.platform.revoked == []
    await _make_old(house)
    young = await house.keep("young", linked=False)
    await house.upkeep.end_unchosen()
    assert house.platform.revoked == ["access old"]
    assert await house.token(old) is None
    assert None not in (await house.token(used), await house.token(young))
    assert [line.action for line in await house.changes()] == [
        "consent.forgotten",
        "token.revoked",
    ]


async def test_a_platform_that_is_not_set_up_is_not_asked(house: House) -> None:
    """Its tokens wait."""
    await house.keep("t")
    house.platform.is_configured = False
    assert not await house.upkeep.renew_one()


async def _due_now(house: House) -> None:
    async with transaction(house.control, workspace_id=house.workspace_id) as db:
        await db.execute(update(tokens).values(renew_at=DUE))


async def _make_old(house: House) -> None:
    async with transaction(house.control, workspace_id=house.workspace_id) as db:
        before = datetime.now(UTC) - CHOSEN_WITHIN - timedelta(minutes=1)
        await db.execute(update(tokens).values(created_at=before))
