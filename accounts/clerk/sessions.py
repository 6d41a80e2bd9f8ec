"""Sessions that Clerk opens: its token says who, a row of ours says whether they may go on.

The row is found by a digest of Clerk's session id, so listing, ending, switching the workspace and
the log of changes are those of every session (`accounts/session.py`). One that was ended here
stays ended, though Clerk's token is good for another minute and Clerk would give new ones: Clerk
is then told to end it, too, so that the next sign-in is a real one.
"""

import asyncio
import hashlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.clerk.client import BackendApi
from accounts.clerk.errors import ClerkAway
from accounts.clerk.mirror import find
from accounts.clerk.strangers import Strangers
from accounts.clerk.verify import Verified, Verifier
from accounts.database import transaction
from accounts.session import LIFETIME, PURGED_AT_ONCE, Session, Sessions
from accounts.tables.lookups import credentials_by_email, purge_expired_sessions
from accounts.tables.people import sessions, users

_ROLLED = timedelta(days=1)  # how much of the lifetime passes before it begins anew
_SAID_SECONDS = 60.0  # as long as a token lives: Clerk has given a new one, so it did not listen
_MOST_SAID = 10_000

log = structlog.get_logger(__name__)


class ClerkSessions(Sessions):
    """The session check where Clerk signs in; the credential is Clerk's token."""

    def __init__(
        self,
        control: AsyncEngine,
        secret_key: str,
        *,
        verifier: Verifier,
        strangers: Strangers,
        api: BackendApi | None,
    ) -> None:
        super().__init__(control, secret_key)
        self._verifier = verifier
        self._strangers = strangers
        self._api = api
        self._telling: set[asyncio.Task[None]] = set()
        self._said_at: OrderedDict[str, float] = OrderedDict()

    async def check(self, credential: str | None) -> Session | None:
        """The live session of a token; None if it is not accepted, or was ended here.

        Raises ClerkError while that cannot be said.
        """
        verified = await self._verifier.check(credential) if credential else None
        if verified is None:
            return None
        return await self._known.get(
            _digest(verified), lambda digest: self._load_or_begin(verified, digest)
        )

    async def _load_or_begin(self, verified: Verified, digest: bytes) -> Session | None:
        session = await self._load(digest)
        if session is None:
            user_id = await self._user_of(verified.clerk_id)
            if user_id is None:
                return None
            if not await self._begin(user_id, _row_id(verified), digest):
                self._end_there(verified.session_id)
                return None
            return await self._load(digest)
        if session.expires_at < datetime.now(UTC) + LIFETIME - _ROLLED:
            await self._roll(session)
        return session

    async def _user_of(self, clerk_id: str) -> UUID | None:
        async with transaction(self._control) as db:
            known = await find(db, clerk_id)
        if known is None:
            await self._strangers.meet(clerk_id)
            async with transaction(self._control) as db:
                known = await find(db, clerk_id)
        return known.user_id if known else None

    async def _begin(self, user_id: UUID, session_id: UUID, digest: bytes) -> bool:
        """Make the row, or let one that merely expired live on; False if it was ended."""
        expires_at = datetime.now(UTC) + LIFETIME
        async with transaction(self._control, user_id=user_id) as db:
            await db.execute(select(purge_expired_sessions(PURGED_AT_ONCE)))
            await db.execute(
                insert(sessions)
                .values(
                    session_id=session_id,
                    session_digest=digest,
                    user_id=user_id,
                    workspace_id=await _first_workspace(db, user_id),
                    expires_at=expires_at,
                    is_clerk=True,
                )
                .on_conflict_do_nothing()
            )
            alive = (sessions.c.session_id == session_id) & sessions.c.revoked_at.is_(None)
            begun = await db.execute(
                update(sessions)
                .where(alive)
                .values(expires_at=expires_at)
                .returning(sessions.c.session_id)
            )
            return begun.one_or_none() is not None

    async def _roll(self, session: Session) -> None:
        async with transaction(self._control, user_id=session.user_id) as db:
            await db.execute(
                update(sessions)
                .where(sessions.c.session_id == session.id, sessions.c.revoked_at.is_(None))
                .values(expires_at=func.now() + LIFETIME)
            )

    def _end_there(self, session_id: str) -> None:
        """Clerk ends it, too, or its own page would send the browser back still signed in."""
        said_at = self._said_at.get(session_id, float("-inf"))
        if self._api is not None and monotonic() - said_at > _SAID_SECONDS:
            self._said_at[session_id] = monotonic()
            self._said_at.move_to_end(session_id)
            while len(self._said_at) > _MOST_SAID:
                self._said_at.popitem(last=False)
            task = asyncio.create_task(_ended_there(self._api, session_id), name="clerk session")
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)


async def _ended_there(api: BackendApi, session_id: str) -> None:
    try:
        await api.end_session(session_id)
    except ClerkAway as error:
        log.warning("A session was not ended at Clerk", marker="[AUTH]", error=str(error))


async def _first_workspace(db: AsyncConnection, user_id: UUID) -> UUID | None:
    email = await db.scalar(select(users.c.email).where(users.c.user_id == user_id))
    if email is None:
        return None
    found = credentials_by_email(email)
    return (await db.execute(select(found.c.workspace_id))).scalar_one_or_none()


def _digest(verified: Verified) -> bytes:
    return hashlib.sha256(f"clerk:{verified.session_id}".encode()).digest()


def _row_id(verified: Verified) -> UUID:
    """Made of Clerk's id, for a row that may not be read by its digest must be found again."""
    return uuid5(NAMESPACE_URL, f"clerk:{verified.session_id}")
