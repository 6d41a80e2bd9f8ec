"""The session check: from a cookie to a user and the workspace they act in.

Serves api/routes and ingest/http alike, so it knows no web framework. The cookie holds
`Bearer <jwt>`; the JWT holds a random 128-bit id whose hash names a row, so a session ends when
its row says so, within a second on every process and at once on this one (`known.py`).
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.known import Known
from accounts.permissions import Role
from accounts.tables.lookups import purge_expired_sessions, session_by_digest
from accounts.tables.people import sessions

COOKIE = "access_token"
LIFETIME = timedelta(days=7)
PURGED_AT_ONCE = 100
_SCHEME = "Bearer "


@dataclass(frozen=True, slots=True)
class Workspace:
    """What every request needs to know of the workspace it acts in."""

    id: UUID
    name: str
    is_demo: bool
    role: Role
    currency: str
    zone: str
    week_start: str  # "monday", "saturday" or "sunday"


@dataclass(frozen=True, slots=True)
class Session:
    """A live session; `workspace` is None once its user is no longer a member of it."""

    id: UUID  # a reference that may be shown; not the secret
    user_id: UUID
    email: str
    name: str
    expires_at: datetime
    digest: bytes
    workspace: Workspace | None


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A live session as its user sees it among all of theirs."""

    id: UUID
    agent: str | None  # what they signed in with: "Firefox on Linux"
    created_at: datetime
    last_used_at: datetime  # to five minutes
    expires_at: datetime


class Sessions:
    """Opens, checks and ends sessions; one per process."""

    def __init__(self, control: AsyncEngine, secret_key: str) -> None:
        self._control = control
        # A key for this use alone: the secret may serve others.
        self._key = hmac.digest(secret_key.encode(), b"metricx session", "sha256")
        self._known: Known[Session] = Known()

    async def open(
        self,
        db: AsyncConnection,
        user_id: UUID,
        workspace_id: UUID | None,
        agent: str | None = None,
    ) -> str:
        """A new session's cookie value. `db` must be a transaction of this user.

        Expired ones, of anybody, are deleted meanwhile: else every log-in would leave a row.
        """
        await db.execute(select(purge_expired_sessions(PURGED_AT_ONCE)))
        token, now = secrets.token_urlsafe(16), datetime.now(UTC)
        await db.execute(
            insert(sessions).values(
                session_id=uuid4(),
                session_digest=_digest(token),
                user_id=user_id,
                workspace_id=workspace_id,
                agent=agent,
                expires_at=now + LIFETIME,
            )
        )
        claims = {"sid": token, "iat": now, "exp": now + LIFETIME}
        # PyJWT's types name those of cryptography, which HS256 does not need.
        encoded = jwt.encode(claims, self._key, algorithm="HS256")  # pyright: ignore[reportUnknownMemberType]
        return _SCHEME + encoded

    async def check(self, credential: str | None) -> Session | None:
        """The live session that a cookie's value stands for; None if forged, expired or ended.

        Long streams ask again from time to time and close on None.
        """
        digest = self._digest_of(credential)
        return None if digest is None else await self._known.get(digest, self._load)

    async def of(self, user_id: UUID) -> list[OwnSession]:
        """All live sessions of a user, the last used first."""
        column = sessions.c
        query = (
            select(
                column.session_id.label("id"),
                column.agent,
                column.created_at,
                column.last_used_at,
                column.expires_at,
            )
            .where(*_live(user_id))
            .order_by(column.last_used_at.desc(), column.created_at.desc(), column.session_id)
        )
        async with transaction(self._control, user_id=user_id) as db:
            return [OwnSession(**row) for row in (await db.execute(query)).mappings()]

    async def end(self, user_id: UUID, session_id: UUID) -> bool:
        """The session's row is revoked, and this process knows it at once.

        False if this user has no such live session.
        """
        async with transaction(self._control, user_id=user_id) as db:
            ended = await db.execute(
                update(sessions)
                .where(*_live(user_id), sessions.c.session_id == session_id)
                .values(revoked_at=func.now())
            )
        self.forget(user_id)
        return ended.rowcount > 0

    async def end_all(
        self, db: AsyncConnection, user_id: UUID, *, keep: UUID | None = None
    ) -> None:
        """Every session of the user is revoked, but for `keep`; `forget` them after the commit.

        `db` must be a transaction of this user.
        """
        ended = update(sessions).where(*_live(user_id)).values(revoked_at=func.now())
        await db.execute(ended if keep is None else ended.where(sessions.c.session_id != keep))

    def forget(self, about: UUID) -> None:
        """Ask anew for each session of this user, or in this workspace: it has just changed."""
        self._known.forget(
            lambda session: about in (session.user_id, session.workspace and session.workspace.id)
        )

    async def _load(self, digest: bytes) -> Session | None:
        async with transaction(self._control) as db:
            row = (await db.execute(select(session_by_digest(digest)))).mappings().one_or_none()
        if row is None:
            return None
        return Session(
            id=row["session_id"],
            user_id=row["user_id"],
            email=row["email"],
            name=row["user_name"],
            expires_at=row["expires_at"],
            digest=digest,
            workspace=workspace_from(row) if row["workspace_id"] else None,
        )

    def _digest_of(self, cookie: str | None) -> bytes | None:
        if cookie is None or not cookie.startswith(_SCHEME):
            return None
        try:
            claims = jwt.decode(  # pyright: ignore[reportUnknownMemberType]
                cookie.removeprefix(_SCHEME),
                self._key,
                algorithms=["HS256"],
                options={"require": ["exp", "sid"]},
            )
        except jwt.InvalidTokenError:
            return None
        return _digest(str(claims["sid"]))


def _live(user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """By the user, too: whoever acts in a workspace sees sessions that act there."""
    column = sessions.c
    return (
        column.user_id == user_id,
        column.revoked_at.is_(None),
        column.expires_at > func.now(),
    )


def workspace_from(row: RowMapping | Mapping[str, Any]) -> Workspace:
    """A workspace as the lookups give it."""
    return Workspace(
        id=row["workspace_id"],
        name=row["workspace_name"],
        is_demo=row["is_demo"],
        role=Role(row["role"]),
        currency=row["currency"],
        zone=row["zone"],
        week_start=row["week_start"],
    )


def _digest(token: str) -> bytes:
    """What the database keeps of a session's id: enough to find it, useless to whoever reads it."""
    return hashlib.sha256(token.encode()).digest()
