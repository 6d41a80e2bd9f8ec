"""Consents under way: the state that travels to a platform and comes back, good for one return.

The state itself is known to the browser and the platform alone; the table holds its digest. It
belongs to the session, workspace, platform and shop that it was made for.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.tables.linked import oauth_states

LIFETIME = timedelta(minutes=10)
_STATE_BYTES, _VERIFIER_BYTES = 32, 48


@dataclass(frozen=True, slots=True)
class Started:
    """What a person set out to allow, and how they proved to be the one."""

    user_id: UUID
    provider: str
    shop: str | None
    connection_id: UUID | None  # to be connected again; None: whatever they will choose
    verifier: str


async def start(
    db: AsyncConnection,
    workspace_id: UUID,
    *,
    session_id: UUID,
    user_id: UUID,
    provider: str,
    shop: str | None = None,
    connection_id: UUID | None = None,
) -> tuple[str, str]:
    """A new state, and the PKCE verifier that goes with it. Those that expired are removed."""
    state, verifier = secrets.token_urlsafe(_STATE_BYTES), secrets.token_urlsafe(_VERIFIER_BYTES)
    now = datetime.now(UTC)
    await db.execute(delete(oauth_states).where(oauth_states.c.expires_at < now))
    await db.execute(
        insert(oauth_states).values(
            workspace_id=workspace_id,
            state_digest=_digest(state),
            session_id=session_id,
            user_id=user_id,
            provider=provider,
            shop=shop,
            connection_id=connection_id,
            verifier=verifier,
            expires_at=now + LIFETIME,
        )
    )
    return state, verifier


async def finish(
    db: AsyncConnection, state: str, *, session_id: UUID, provider: str, shop: str | None = None
) -> Started | None:
    """What this state was made for, the first time that it comes back; None for anything else.

    The transaction's workspace must be the one that it was started in. A state that comes back to
    another platform's address, or from another shop, is used up and good for nothing.
    """
    used = (
        update(oauth_states)
        .where(
            oauth_states.c.state_digest == _digest(state),
            oauth_states.c.session_id == session_id,
            oauth_states.c.used_at.is_(None),
            oauth_states.c.expires_at > func.clock_timestamp(),
        )
        .values(used_at=func.now())
        .returning(
            oauth_states.c.user_id,
            oauth_states.c.provider,
            oauth_states.c.shop,
            oauth_states.c.connection_id,
            oauth_states.c.verifier,
        )
    )
    row = (await db.execute(used)).mappings().one_or_none()
    if row is None or (row["provider"], row["shop"]) != (provider, shop):
        return None
    return Started(**row)


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
