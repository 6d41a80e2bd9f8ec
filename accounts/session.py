"""The session check: from a cookie to a user and the workspace they act in.

Serves api/routes and ingest/http alike, so it knows no web framework. The cookie holds
`Bearer <jwt>`; the JWT holds a random 128-bit id whose hash names a row, so a session ends when
its row says so, within `CACHE_SECONDS` on every process and at once on this one.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

import jwt
from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.permissions import Role
from accounts.tables.lookups import purge_expired_sessions, session_by_digest
from accounts.tables.people import sessions

COOKIE = "access_token"
LIFETIME = timedelta(days=7)
CACHE_SECONDS = 1.0
PURGED_AT_ONCE = 100
_CACHE_ENTRIES = 10_000
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


class Sessions:
    """Opens, checks and ends sessions; one per process."""

    def __init__(self, control: AsyncEngine, secret_key: str) -> None:
        self._control = control
        # A key for this use alone: the secret may serve others.
        self._key = hmac.digest(secret_key.encode(), b"metricx session", "sha256")
        self._known: OrderedDict[bytes, tuple[float, Session | None]] = OrderedDict()

    async def open(self, db: AsyncConnection, user_id: UUID, workspace_id: UUID | None) -> str:
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
                expires_at=now + LIFETIME,
            )
        )
        claims = {"sid": token, "iat": now, "exp": now + LIFETIME}
        # PyJWT's types name those of cryptography, which HS256 does not need.
        encoded = jwt.encode(claims, self._key, algorithm="HS256")  # pyright: ignore[reportUnknownMemberType]
        return _SCHEME + encoded

    async def check(self, cookie: str | None) -> Session | None:
        """The live session that a cookie stands for; None if forged, expired or ended.

        Long streams ask again at each heartbeat and close on None.
        """
        digest = self._digest_of(cookie)
        if digest is None:
            return None
        asked_at = monotonic()  # before the query: an answer is never older than its age says
        if (known := self._known.get(digest)) and asked_at - known[0] < CACHE_SECONDS:
            return known[1]
        session = await self._load(digest)
        if (known := self._known.get(digest)) and known[0] > asked_at:
            return known[1]  # ended, or asked anew, while this answer was on its way
        self._known[digest] = asked_at, session
        self._known.move_to_end(digest)
        while len(self._known) > _CACHE_ENTRIES:
            self._known.popitem(last=False)
        return session

    async def end(self, session: Session) -> None:
        """The session's row is revoked, and this process knows it at once."""
        async with transaction(self._control, user_id=session.user_id) as db:
            await db.execute(
                update(sessions)
                .where(sessions.c.session_id == session.id, sessions.c.revoked_at.is_(None))
                .values(revoked_at=func.now())
            )
        # Marked, not removed: a check under way must not put the live session back.
        self._known[session.digest] = monotonic(), None

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


def workspace_from(row: RowMapping) -> Workspace:
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
