"""The mirror of Clerk's users: a local user is what Clerk said last of them.

Whoever tells it (a webhook, a first sight, a repair), in whatever order and however often, ends in
the same row: the older changes nothing, and deleted is for ever. An e-mail is a user's only once
Clerk has verified it; without one they have an address that nobody can own.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.audit import SYSTEM, record
from accounts.clerk.users import UserState
from accounts.database import USER_SETTING, enter_workspace
from accounts.tables.lookups import credentials_by_email, remove_from_all_workspaces
from accounts.tables.people import clerk_users, users
from accounts.workspaces import make_workspace

GONE = "Deleted user"
_LOCK = 0x636C65726B  # "clerk"

Change = Literal["created", "updated", "deleted", "unchanged"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A user of Clerk's as we know them."""

    clerk_id: str
    user_id: UUID | None  # None: deleted
    updated_ms: int
    is_deleted: bool


async def find(db: AsyncConnection, clerk_id: str) -> Mirrored | None:
    """The mirrored user of this id of Clerk's; None if we never heard of them."""
    return await _one(db, clerk_users.c.clerk_id == clerk_id)


async def take(db: AsyncConnection, state: UserState, *, is_demo: bool) -> Change:
    """Write what Clerk says of a user, unless something newer is known.

    One whom we never heard of is linked to the local user with the same verified e-mail, if that
    one has no link yet; else they get a user and a workspace of their own, as by registering.
    """
    await _one_at_a_time(db)
    known = await find(db, state.clerk_id)
    if known is None:
        user_id = await _link(db, state) or await _make(db, state, is_demo=is_demo)
        row = {"clerk_id": state.clerk_id, "user_id": user_id, "updated_ms": state.updated_ms}
        await db.execute(insert(clerk_users).values(**row, is_deleted=False))
        log.info("Took in a user of Clerk's", marker="[AUTH]", user_id=str(user_id))
        return "created"
    if known.user_id is None or state.updated_ms <= known.updated_ms:
        return "unchanged"
    await _write(db, known.user_id, state)
    await _note(db, state.clerk_id, updated_ms=state.updated_ms)
    return "updated"


async def forget(db: AsyncConnection, clerk_id: str, deleted_ms: int) -> Change:
    """The user is gone: out of every workspace, sessions ended, nothing personal left.

    The row stays without e-mail, name and password, for the log of changes names its id.
    """
    await _one_at_a_time(db)
    known = await find(db, clerk_id)
    if known is None:
        row = {"clerk_id": clerk_id, "user_id": None, "updated_ms": deleted_ms}
        await db.execute(insert(clerk_users).values(**row, is_deleted=True))
        return "unchanged"
    if known.user_id is None:
        return "unchanged"
    left = await db.execute(select(remove_from_all_workspaces(known.user_id)))
    for workspace_id in left.scalars().all():
        await enter_workspace(db, workspace_id)
        await record(db, workspace_id, SYSTEM, "member.removed", known.user_id, because="clerk")
    await _act_as(db, known.user_id)
    nobody = {"email": f"{known.user_id}@deleted.invalid", "name": GONE, "password_hash": None}
    await db.execute(update(users).where(users.c.user_id == known.user_id).values(**nobody))
    newest = max(known.updated_ms, deleted_ms)
    await _note(db, clerk_id, user_id=None, updated_ms=newest, is_deleted=True)
    log.info("Removed a user whom Clerk deleted", marker="[AUTH]", user_id=str(known.user_id))
    return "deleted"


async def _link(db: AsyncConnection, state: UserState) -> UUID | None:
    """The local user with this verified e-mail, if Clerk does not know them under another id."""
    holder = await _holder(db, state.email) if state.email else None
    if holder is None or await _one(db, clerk_users.c.user_id == holder):
        return None
    await _write(db, holder, state)
    return holder


async def _make(db: AsyncConnection, state: UserState, *, is_demo: bool) -> UUID:
    user_id, workspace_id = uuid4(), uuid4()
    email = await _address(db, user_id, state)
    await _act_as(db, user_id)
    await db.execute(insert(users).values(user_id=user_id, email=email, name=state.name))
    await enter_workspace(db, workspace_id)
    called = f"{state.name}’s workspace"
    await make_workspace(db, workspace_id, user_id, called, is_demo=is_demo)
    return user_id


async def _write(db: AsyncConnection, user_id: UUID, state: UserState) -> None:
    email = await _address(db, user_id, state)
    await _act_as(db, user_id)
    said = update(users).where(users.c.user_id == user_id).values(email=email, name=state.name)
    await db.execute(said)


async def _address(db: AsyncConnection, user_id: UUID, state: UserState) -> str:
    """The e-mail that this user may have here.

    At Clerk an address is one user's at a time. Where another one of Clerk's still has it here,
    the newer of the two keeps it: word of the older's change is on its way.
    """
    if state.email is None:
        return _unknown(user_id)
    holder = await _holder(db, state.email)
    if holder in (None, user_id):
        return state.email
    other = await _one(db, clerk_users.c.user_id == holder)
    if other is None or other.updated_ms >= state.updated_ms:
        return _unknown(user_id)
    await _act_as(db, holder)
    await db.execute(update(users).where(users.c.user_id == holder).values(email=_unknown(holder)))
    return state.email


def _unknown(user_id: UUID) -> str:
    return f"{user_id}@unknown.invalid"  # a domain that nobody can have (RFC 2606)


async def _holder(db: AsyncConnection, email: str) -> UUID | None:
    found = credentials_by_email(email)
    return (await db.execute(select(found.c.user_id))).scalar_one_or_none()


async def _one(db: AsyncConnection, condition: ColumnElement[bool]) -> Mirrored | None:
    row = (await db.execute(select(clerk_users).where(condition))).mappings().one_or_none()
    return Mirrored(**row) if row else None


async def _note(db: AsyncConnection, clerk_id: str, **values: object) -> None:
    said = update(clerk_users).where(clerk_users.c.clerk_id == clerk_id).values(**values)
    await db.execute(said)


async def _one_at_a_time(db: AsyncConnection) -> None:
    """Changes of Clerk's users are few; in a row they can neither race nor lock each other out."""
    await db.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def _act_as(db: AsyncConnection, user_id: UUID) -> None:
    """The transaction sees, and may write, this user's own row from here on."""
    await db.execute(select(func.set_config(USER_SETTING, str(user_id), True)))
