"""People and workspaces made at once, without the cost of a password's hash; and what is logged."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine, transaction
from accounts.permissions import Role
from accounts.tables.people import audit_log, users
from accounts.users import add_user
from accounts.workspaces import add_member, make_workspace
from tests.servers.databases import Database

_HASH = "$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA"


def email_of(user_id: UUID) -> str:
    """The e-mail of whom `new_user` made."""
    return f"{user_id}@example.com"


async def new_user(control: AsyncEngine, name: str = "Ada") -> UUID:
    """Somebody who is a member of nothing."""
    user_id = uuid4()
    async with transaction(control, user_id=user_id) as db:
        await add_user(db, user_id, email_of(user_id), name, _HASH)
    return user_id


async def new_workspace(control: AsyncEngine, owner: UUID, name: str = "Engines") -> UUID:
    """A workspace of theirs."""
    workspace_id = uuid4()
    async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
        await make_workspace(db, workspace_id, owner, name)
    return workspace_id


async def owned(control: AsyncEngine) -> tuple[UUID, UUID]:
    """A new workspace, and its owner."""
    owner = await new_user(control)
    return await new_workspace(control, owner), owner


async def joined(control: AsyncEngine, workspace_id: UUID, role: Role, name: str = "Bo") -> UUID:
    """Somebody new who is a member with this role."""
    user_id = await new_user(control, name)
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_member(db, workspace_id, user_id, role)
    return user_id


async def logged(control: AsyncEngine, workspace_id: UUID) -> list[tuple[str, str, Any]]:
    """Action, target and details of each line of a workspace's log, oldest first."""
    log = audit_log.c
    async with transaction(control, workspace_id=workspace_id) as db:
        lines = select(log.action, log.target_id, log.details).order_by(log.at)
        return [(each.action, each.target_id, each.details) for each in await db.execute(lines)]


PASSWORD = "correct horse battery"


def new_email() -> str:
    return f"{uuid4().hex}@example.com"


async def stored_hash(auditor: AsyncEngine, email: str) -> str | None:
    async with auditor.connect() as db:
        return await db.scalar(select(users.c.password_hash).where(users.c.email == email))


async def set_hash(database: Database, email: str, password_hash: str | None) -> None:
    superuser = engine(database.superuser, pool_size=1)
    async with superuser.begin() as db:
        replaced = update(users).values(password_hash=password_hash)
        await db.execute(replaced.where(users.c.email == email))
    await superuser.dispose()
