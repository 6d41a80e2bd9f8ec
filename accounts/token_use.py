"""Which tokens connections are read by; those that nobody needs any more can be let go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.audit import SYSTEM, record
from accounts.database import transaction
from accounts.errors import VaultError
from accounts.tables.linked import connections
from accounts.tables.lookups import subject_is_kept, unused_tokens
from accounts.tables.vault import tokens
from accounts.tokens import Token, forget_token, mark_dead, read_token
from accounts.vault import Vault

_AT_ONCE = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Issue:
    """Which of a token's successive values is the one that holds."""

    token_id: UUID
    issued_at: datetime
    dead_reason: str | None


async def issue_for(db: AsyncConnection, connection_id: UUID) -> Issue | None:
    """By what a connection is read just now, without opening it; None if by nothing."""
    query = (
        select(tokens.c.token_id, tokens.c.issued_at, tokens.c.dead_reason)
        .join(connections, connections.c.token_id == tokens.c.token_id)
        .where(connections.c.connection_id == connection_id)
    )
    row = (await db.execute(query)).mappings().one_or_none()
    return Issue(**row) if row else None


async def died(
    control: AsyncEngine, workspace_id: UUID, token_id: UUID, issued_at: datetime, reason: str
) -> bool:
    """Its connections fail, and the log of changes says so; False if it was issued anew meanwhile.

    A token that is known to be dead stays so, and nothing more is said of it.
    """
    async with transaction(control, workspace_id=workspace_id) as db:
        query = select(tokens.c.issued_at, tokens.c.dead_at, tokens.c.provider).where(
            tokens.c.token_id == token_id
        )
        row = (await db.execute(query.with_for_update())).one_or_none()
        if row is None or row.issued_at != issued_at:
            return False
        if row.dead_at is None:
            await mark_dead(db, token_id, reason)
            await record(db, workspace_id, SYSTEM, "token.dead", token_id, provider=row.provider)
    return True


async def hold(db: AsyncConnection, *token_ids: UUID | None) -> set[UUID]:
    """Those of these tokens that there are; nobody else changes them until the transaction ends.

    Whoever writes to connections and to tokens that they had holds those tokens first: who marks
    a token as dead writes to it, and to its connections then.
    """
    query = select(tokens.c.token_id).where(tokens.c.token_id.in_(filter(None, token_ids)))
    rows = await db.execute(query.order_by(tokens.c.token_id).with_for_update())
    return set(rows.scalars())


async def let_go(db: AsyncConnection, vault: Vault, token_id: UUID) -> Token | None:
    """Forget a token that no connection is read by; what is returned is to be revoked.

    None if one is, or if there is no such token, or none that opens.
    """
    if not await hold(db, token_id):
        return None
    if await db.scalar(select(exists().where(connections.c.token_id == token_id))):
        return None
    try:
        token = await read_token(db, vault, token_id)
    except VaultError as broken:
        log.warning("token does not open", marker="[AUTH]", token=str(token_id), error=str(broken))
        token = None
    await forget_token(db, token_id)
    return token


async def is_kept_elsewhere(control: AsyncEngine, token: Token) -> bool:
    """Whether any workspace has a token of the same person, whom revoking would end, too."""
    async with transaction(control) as db:
        return bool(await db.scalar(select(subject_is_kept(token.provider, token.subject))))


async def unchosen(control: AsyncEngine, older_than: timedelta) -> list[tuple[UUID, UUID]]:
    """Workspace and id of tokens, of any workspace, that are so old and read no connection."""
    async with transaction(control) as db:
        rows = await db.execute(select(unused_tokens(older_than, _AT_ONCE)))
        return [(row.workspace_id, row.token_id) for row in rows]
