"""The demo's workspace, two users and one connection; the second time, nothing changes."""

import secrets
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.connections import connect
from accounts.database import transaction
from accounts.errors import DemoConflict
from accounts.passwords import Passwords
from accounts.permissions import Role
from accounts.tables.lookups import credentials_by_email
from accounts.tables.people import users, workspaces
from accounts.users import add_user
from accounts.workspaces import add_member, add_workspace

log = structlog.get_logger(__name__)

WORKSPACE = "Defang Labs"
OWNER_EMAIL, VIEWER_EMAIL = "owner@defanglabs.com", "viewer@defanglabs.com"


def _fixed(name: str) -> UUID:
    """The same id on every machine: what Kafka keeps of a demo stays true of the next one."""
    return uuid5(NAMESPACE_URL, f"metricx demo {name}")


WORKSPACE_ID = _fixed("workspace")


@dataclass(frozen=True, slots=True)
class Demo:
    """What was seeded, or found; both users have the one password."""

    workspace_id: UUID
    connection_id: UUID
    owner_email: str
    viewer_email: str
    password: str


async def seed_demo(
    control: AsyncEngine,
    passwords: Passwords,
    *,
    account_id: str,
    zone: str,
    currency: str,
    password: str | None = None,
) -> Demo:
    """The demo with one Meta connection to this account; idempotent.

    `password` is the one kept from the first time; None makes one, which the caller keeps. Both
    users have it afterwards: theirs is replaced if it is another. DemoConflict if someone
    registered one of the demo's e-mails.
    """
    password = password or secrets.token_urlsafe(12)
    async with transaction(control, workspace_id=WORKSPACE_ID) as db:
        known = (await db.execute(select(workspaces.c.name))).one_or_none()
        if known is None:
            await add_workspace(
                db, WORKSPACE_ID, WORKSPACE, zone=zone, currency=currency, is_demo=True
            )
            log.info("Seeded the demo's workspace", marker="[AUTH]", workspace=WORKSPACE)
    for email, name, role in (
        (OWNER_EMAIL, "Demo Owner", Role.OWNER),
        (VIEWER_EMAIL, "Demo Viewer", Role.VIEWER),
    ):
        await _seed_user(control, passwords, email, name, role, password)
    async with transaction(control, workspace_id=WORKSPACE_ID) as db:
        connection_id = await connect(
            db,
            WORKSPACE_ID,
            provider="meta",
            account_id=account_id,
            label=f"{WORKSPACE} on Meta",
            zone=zone,
            currency=currency,
            connection_id=_fixed(f"meta {account_id}"),
        )
    return Demo(WORKSPACE_ID, connection_id, OWNER_EMAIL, VIEWER_EMAIL, password)


async def _seed_user(
    control: AsyncEngine, passwords: Passwords, email: str, name: str, role: Role, password: str
) -> None:
    user_id = _fixed(email)
    async with transaction(control, workspace_id=WORKSPACE_ID, user_id=user_id) as db:
        found = (await db.execute(select(credentials_by_email(email)))).one_or_none()
        if found is None:
            await add_user(db, user_id, email, name, await passwords.hash(password))
            await add_member(db, WORKSPACE_ID, user_id, role)
        elif found.user_id != user_id:
            raise DemoConflict(email)
        elif not await passwords.matches(password, found.password_hash):
            await _replace_password(db, user_id, await passwords.hash(password))


async def _replace_password(db: AsyncConnection, user_id: UUID, password_hash: str) -> None:
    """The password kept outside was lost; the demo's own is no secret worth keeping."""
    await db.execute(
        update(users).where(users.c.user_id == user_id).values(password_hash=password_hash)
    )
