"""In which workspace a session acts."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.errors import NoSuchMember
from accounts.session import Session
from accounts.tables.people import memberships, sessions


async def enter(control: AsyncEngine, session: Session, workspace_id: UUID) -> None:
    """The session acts in this workspace of its user; NoSuchMember if it is none of theirs."""
    async with transaction(control, workspace_id=workspace_id, user_id=session.user_id) as db:
        own = select(memberships.c.role).where(memberships.c.user_id == session.user_id)
        if (await db.execute(own)).one_or_none() is None:
            raise NoSuchMember
        await act_in(db, session.id, workspace_id)


async def act_in(db: AsyncConnection, session_id: UUID, workspace_id: UUID) -> None:
    """The session's row names this workspace, of which its user must be a member.

    The transaction must be that user's. Processes notice within `session.CACHE_SECONDS`; this one
    when it is told to forget.
    """
    await db.execute(
        update(sessions)
        .where(sessions.c.session_id == session_id)
        .values(workspace_id=workspace_id)
    )
