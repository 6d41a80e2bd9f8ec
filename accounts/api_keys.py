"""API keys: a program's way into one workspace.

A key is `mx_live_` and 256 random bits; the database keeps its SHA-256, so it is shown once. It
ends when its row says so, within a second on every process and at once on this one (`known.py`).
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import and_, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.audit import Actor, record
from accounts.database import transaction
from accounts.known import Known
from accounts.permissions import Role, Scope
from accounts.session import Workspace, workspace_from
from accounts.tables.lookups import api_key_by_digest
from accounts.tables.people import api_keys, users

PREFIX = "mx_live_"
_BYTES = 32  # 43 characters
_HINT = len(PREFIX) + 4
State = Literal["live", "revoked", "expired"]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A live key, as a request shows it."""

    id: UUID
    scopes: frozenset[Scope]
    workspace: Workspace  # its role is the least one: `scopes` say what a key may do


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as members see it: without the key itself."""

    id: UUID
    name: str
    hint: str  # how it begins
    scopes: list[str]
    created_by: str | None  # name
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None  # to a minute
    state: State


class ApiKeys:
    """Checks, makes and ends keys; one per process."""

    def __init__(self, control: AsyncEngine) -> None:
        self._control = control
        self._known: Known[ApiKey] = Known()

    async def check(self, key: str | None) -> ApiKey | None:
        """The live key that this is; None if unknown, expired or revoked."""
        if key is None or not key.startswith(PREFIX):
            return None
        return await self._known.get(_digest(key), self._load)

    async def make(
        self,
        workspace_id: UUID,
        by: Actor,
        *,
        name: str,
        scopes: Collection[Scope],
        expires_at: datetime | None,
    ) -> tuple[KeptKey, str]:
        """A new key, and the key itself, which is nowhere else."""
        key, key_id = PREFIX + secrets.token_urlsafe(_BYTES), uuid4()
        async with transaction(self._control, workspace_id=workspace_id) as db:
            await db.execute(
                insert(api_keys).values(
                    workspace_id=workspace_id,
                    key_id=key_id,
                    name=name,
                    hint=key[:_HINT],
                    key_digest=_digest(key),
                    scopes=sorted(scope.value for scope in scopes),
                    created_by=by.id,
                    expires_at=expires_at,
                )
            )
            await record(db, workspace_id, by, "key.made", key_id, scopes=sorted(scopes))
            [made] = await _kept(db, key_id)
        return made, key

    async def of(self, workspace_id: UUID) -> list[KeptKey]:
        """All keys of a workspace, ended ones too, the newest first."""
        async with transaction(self._control, workspace_id=workspace_id) as db:
            return await _kept(db)

    async def revoke(self, workspace_id: UUID, by: Actor, key_id: UUID) -> bool:
        """The key has ended; False if this workspace has no such key. Twice changes nothing."""
        column = api_keys.c
        async with transaction(self._control, workspace_id=workspace_id) as db:
            revoked = await db.execute(
                update(api_keys)
                .where(column.key_id == key_id, column.revoked_at.is_(None))
                .values(revoked_at=func.now())
            )
            if revoked.rowcount:
                await record(db, workspace_id, by, "key.revoked", key_id)
            elif not await _kept(db, key_id):
                return False
        self._known.forget(lambda key: key.id == key_id)
        return True

    async def _load(self, digest: bytes) -> ApiKey | None:
        async with transaction(self._control) as db:
            row = (await db.execute(select(api_key_by_digest(digest)))).mappings().one_or_none()
        if row is None:
            return None
        return ApiKey(
            id=row["key_id"],
            scopes=frozenset(Scope(scope) for scope in row["scopes"]),
            workspace=workspace_from({**row, "role": Role.VIEWER}),
        )


async def _kept(db: AsyncConnection, key_id: UUID | None = None) -> list[KeptKey]:
    """Keys of the transaction's workspace: all, or this one if it is there."""
    column = api_keys.c
    state = case(
        (column.revoked_at.is_not(None), "revoked"),
        (and_(column.expires_at.is_not(None), column.expires_at <= func.now()), "expired"),
        else_="live",
    )
    query = (
        select(
            column.key_id.label("id"),
            column.name,
            column.hint,
            column.scopes,
            users.c.name.label("created_by"),
            column.created_at,
            column.expires_at,
            column.last_used_at,
            state.label("state"),
        )
        .outerjoin_from(api_keys, users, users.c.user_id == column.created_by)
        .order_by(column.created_at.desc(), column.key_id)
    )
    if key_id is not None:
        query = query.where(column.key_id == key_id)
    return [KeptKey(**row) for row in (await db.execute(query)).mappings()]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
