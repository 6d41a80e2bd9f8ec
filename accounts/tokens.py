"""Tokens: what a workspace's consents gave, sealed by the vault, and when each is to be renewed.

A sealed token is bound to its workspace, provider, column and row, which its id stands for.
Whoever writes both seals first, and touches rows of tokens and connections then
(`vault/data_keys.py` says why).
"""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.connections import ConnectionState, mark_failing, mark_working
from accounts.database import transaction
from accounts.tables.linked import connections
from accounts.tables.lookups import take_token_to_renew
from accounts.tables.vault import tokens
from accounts.vault import Vault

CONNECT_AGAIN = "Connect the account again."

_ACCESS, _REFRESH = "tokens.access_token", "tokens.refresh_token"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a platform gave. None of an instant: never, and of `renew_at`: by itself never."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    renew_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was kept; `subject` is whose it is at the platform, else the token's id."""

    workspace_id: UUID
    token_id: UUID
    provider: str
    subject: str
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    renew_at: datetime | None
    renew_attempts: int  # takes since it was last renewed
    dead_at: datetime | None
    dead_reason: str | None


async def keep_token(
    db: AsyncConnection,
    vault: Vault,
    workspace_id: UUID,
    provider: str,
    subject: str | None,
    grant: Grant,
    created_by: UUID | None,
    token_id: UUID | None = None,
) -> UUID:
    """The id of the token that holds this grant; its failing connections work again.

    It replaces the token of this id, else the one of this provider and subject. Where both are
    and differ, that of the subject is replaced, and takes over the connections of the other one.
    """
    await _one_at_a_time(db, workspace_id)
    held = await _of_subject(db, provider, subject)
    kept_id = held or token_id or uuid4()
    values = {
        **await _granted(_Sealing(db, vault, workspace_id, provider, kept_id), grant),
        "provider": provider,
        "subject": subject or str(kept_id),
        "created_by": created_by,
    }
    row = insert(tokens).values(workspace_id=workspace_id, token_id=kept_id, **values)
    await db.execute(
        row.on_conflict_do_update(
            index_elements=["workspace_id", "token_id"], set_={**values, **_ALIVE}
        )
    )
    if token_id and token_id != kept_id:
        await _take_over(db, token_id, kept_id)
    for connection_id in await _connections_of(db, kept_id, ConnectionState.FAILING):
        await mark_working(db, connection_id)
    return kept_id


async def read_token(db: AsyncConnection, vault: Vault, token_id: UUID) -> Token | None:
    """A token, opened; None if the transaction's workspace has no such token."""
    query = select(tokens).where(tokens.c.token_id == token_id)
    row = (await db.execute(query)).mappings().one_or_none()
    return await _opened(db, vault, row) if row else None


async def forget_token(db: AsyncConnection, token_id: UUID) -> None:
    """It is gone; its connections have none."""
    await db.execute(delete(tokens).where(tokens.c.token_id == token_id))


async def mark_dead(db: AsyncConnection, token_id: UUID, reason: str) -> None:
    """The platform takes it no more: its connections fail, and say `reason` and what to do."""
    await db.execute(
        update(tokens)
        .where(tokens.c.token_id == token_id)
        .values(
            dead_at=func.coalesce(tokens.c.dead_at, func.now()),
            dead_reason=reason,
            renewing_until=None,
        )
    )
    served = (ConnectionState.ACTIVE, ConnectionState.FAILING)
    for connection_id in await _connections_of(db, token_id, *served):
        await mark_failing(
            db, connection_id, reason=f"token-dead: {reason}", next_step=CONNECT_AGAIN
        )


async def take_to_renew(
    control: AsyncEngine, vault: Vault, lease: timedelta, providers: Collection[str]
) -> Token | None:
    """The token of any workspace that is most due to be renewed, for so long in one's own hands.

    None if none is due. The lease is kept even if the token does not open, else nobody would come
    to the next one.
    """
    async with transaction(control) as db:
        query = select(take_token_to_renew(lease, sorted(providers)))
        taken = (await db.execute(query)).one_or_none()
    if taken is None:
        return None
    async with transaction(control, workspace_id=taken.workspace_id) as db:
        return await read_token(db, vault, taken.token_id)


async def renewed(db: AsyncConnection, vault: Vault, token: Token, grant: Grant) -> bool:
    """The grant takes the place of `token`; a refresh token that it lacks is the one before.

    False, and nothing written, if the token was forgotten or given anew meanwhile.
    """
    sealed = _Sealing(db, vault, token.workspace_id, token.provider, token.token_id)
    values = await _granted(sealed, grant)
    if grant.refresh_token is None:
        del values["refresh_token"]
    written = await db.execute(
        update(tokens)
        .where(tokens.c.token_id == token.token_id, tokens.c.issued_at == token.issued_at)
        .values(**values, **_ALIVE)
        .returning(literal(1))
    )
    return written.one_or_none() is not None


async def renew_later(db: AsyncConnection, token_id: UUID, due_at: datetime) -> None:
    """Nobody holds it any more; it is due to be renewed at that time."""
    await db.execute(
        update(tokens)
        .where(tokens.c.token_id == token_id)
        .values(renew_at=due_at, renewing_until=None)
    )


async def reseal(db: AsyncConnection, vault: Vault, workspace_id: UUID) -> None:
    """All tokens of the workspace lie under its newest data key."""
    query = select(tokens).order_by(tokens.c.token_id).with_for_update()
    for row in (await db.execute(query)).mappings().all():
        token = await _opened(db, vault, row)
        sealed = _Sealing(db, vault, workspace_id, token.provider, token.token_id)
        columns = await sealed.columns(token.access_token, token.refresh_token)
        await db.execute(update(tokens).where(tokens.c.token_id == token.token_id).values(columns))


_ALIVE: dict[str, Any] = {
    "dead_at": None,
    "dead_reason": None,
    "renewing_until": None,
    "renew_attempts": 0,
}


@dataclass(frozen=True, slots=True)
class _Sealing:
    """The place of one token's row in the vault."""

    db: AsyncConnection
    vault: Vault
    workspace_id: UUID
    provider: str
    token_id: UUID

    async def columns(self, access_token: str, refresh_token: str | None) -> dict[str, Any]:
        """The two columns, sealed."""
        return {
            "access_token": await self._seal(access_token, _ACCESS),
            "refresh_token": refresh_token and await self._seal(refresh_token, _REFRESH),
        }

    async def texts(self, row: RowMapping) -> dict[str, Any]:
        """The two columns, opened."""
        sealed: bytes | None = row["refresh_token"]
        return {
            "access_token": await self._open(row["access_token"], _ACCESS),
            "refresh_token": sealed and await self._open(sealed, _REFRESH),
        }

    async def _seal(self, text: str, column: str) -> bytes:
        return await self.vault.seal(
            self.db,
            self.workspace_id,
            text.encode(),
            provider=self.provider,
            account=str(self.token_id),
            column=column,
        )

    async def _open(self, record: bytes, column: str) -> str:
        plaintext = await self.vault.open(
            self.db,
            self.workspace_id,
            record,
            provider=self.provider,
            account=str(self.token_id),
            column=column,
        )
        return plaintext.decode()


async def _granted(sealed: _Sealing, grant: Grant) -> dict[str, Any]:
    """What a row holds of a grant."""
    return {
        **await sealed.columns(grant.access_token, grant.refresh_token),
        "scopes": list(grant.scopes),
        "issued_at": func.clock_timestamp(),
        "expires_at": grant.expires_at,
        "refresh_expires_at": grant.refresh_expires_at,
        "renew_at": grant.renew_at,
    }


async def _opened(db: AsyncConnection, vault: Vault, row: RowMapping) -> Token:
    sealed = _Sealing(db, vault, row["workspace_id"], row["provider"], row["token_id"])
    values: dict[str, Any] = {each.name: row[each.name] for each in fields(Token)}
    values |= {"scopes": tuple(row["scopes"]), **await sealed.texts(row)}
    return Token(**values)


async def _one_at_a_time(db: AsyncConnection, workspace_id: UUID) -> None:
    """Two consents of one person, kept at the same instant, are one token."""
    lock = func.hashtextextended(f"tokens of {workspace_id}", 0)
    await db.execute(select(func.pg_advisory_xact_lock(lock)))


async def _of_subject(db: AsyncConnection, provider: str, subject: str | None) -> UUID | None:
    return await db.scalar(
        select(tokens.c.token_id).where(tokens.c.provider == provider, tokens.c.subject == subject)
    )


async def _take_over(db: AsyncConnection, token_id: UUID, by: UUID) -> None:
    """Connections of the one token are the other's; the one is gone."""
    await db.execute(
        update(connections).where(connections.c.token_id == token_id).values(token_id=by)
    )
    await forget_token(db, token_id)


async def _connections_of(
    db: AsyncConnection, token_id: UUID, *states: ConnectionState
) -> list[UUID]:
    query = select(connections.c.connection_id).where(
        connections.c.token_id == token_id, connections.c.state.in_(states)
    )
    return list((await db.execute(query.order_by(connections.c.connection_id))).scalars())
