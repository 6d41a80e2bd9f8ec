"""The demo's two workspaces and two users; the second time, nothing changes.

One workspace is the simulated shop's, with a connection that works. The other has one whose token
is dead, so that a demo shows what that looks like, and how it is mended.
"""

import secrets
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.connections import Connection, ConnectionState, connect, connection_of, read_by
from accounts.database import transaction
from accounts.errors import DemoConflict
from accounts.passwords import Passwords
from accounts.permissions import Role
from accounts.tables.linked import connections
from accounts.tables.lookups import credentials_by_email
from accounts.tables.people import users, workspaces
from accounts.token_use import issue_for
from accounts.tokens import Grant, keep_token
from accounts.users import add_user
from accounts.vault import Vault
from accounts.workspaces import add_member, add_workspace

log = structlog.get_logger(__name__)

WORKSPACE, OTHER_WORKSPACE = "Defang Labs", "Northwind Traders"
OWNER_EMAIL, VIEWER_EMAIL = "owner@defanglabs.com", "viewer@defanglabs.com"


def _fixed(name: str) -> UUID:
    """The same id on every machine: what Kafka keeps of a demo stays true of the next one."""
    return uuid5(NAMESPACE_URL, f"metricx demo {name}")


WORKSPACE_ID, OTHER_WORKSPACE_ID = _fixed("workspace"), _fixed("other workspace")

# Whose the seeded tokens are: no person's of the platform, so that no consent replaces them.
_SUBJECT = "demo"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An ad account of the simulated platform, and a token for it."""

    account_id: str
    zone: str
    currency: str
    token: str = field(repr=False)


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
    vault: Vault,
    *,
    account: DemoAccount,
    other: DemoAccount,
    password: str | None = None,
) -> Demo:
    """The demo with a Meta connection in each workspace; idempotent.

    The connection to `account` works at each start, whatever was done to it; that to `other` is
    made once, and is whoever mends it's from then on. `password` is the one kept from the first
    time; None makes one, which the caller keeps. Both users have it afterwards: theirs is replaced
    if it is another. DemoConflict if someone registered one of the demo's e-mails.
    """
    password = password or secrets.token_urlsafe(12)
    await _seed_workspace(control, WORKSPACE_ID, WORKSPACE, account)
    for email, name, role in (
        (OWNER_EMAIL, "Demo Owner", Role.OWNER),
        (VIEWER_EMAIL, "Demo Viewer", Role.VIEWER),
    ):
        await _seed_user(control, passwords, email, name, role, password)
    if await _seed_workspace(control, OTHER_WORKSPACE_ID, OTHER_WORKSPACE, other):
        async with transaction(control, workspace_id=OTHER_WORKSPACE_ID) as db:
            await add_member(db, OTHER_WORKSPACE_ID, _fixed(OWNER_EMAIL), Role.OWNER)
    connection_id = _fixed(f"meta {account.account_id}")
    async with transaction(control, workspace_id=WORKSPACE_ID) as db:
        known = await connection_of(db, connection_id)
        if known is None or not await _works(db, known):
            await _connect(db, vault, WORKSPACE_ID, connection_id, f"{WORKSPACE} on Meta", account)
    dead_id = _fixed(f"{OTHER_WORKSPACE} meta {other.account_id}")
    async with transaction(control, workspace_id=OTHER_WORKSPACE_ID) as db:
        if await connection_of(db, dead_id) is None:
            label = f"{OTHER_WORKSPACE} on Meta"
            await _connect(db, vault, OTHER_WORKSPACE_ID, dead_id, label, other)
    return Demo(WORKSPACE_ID, connection_id, OWNER_EMAIL, VIEWER_EMAIL, password)


async def _seed_workspace(
    control: AsyncEngine, workspace_id: UUID, name: str, account: DemoAccount
) -> bool:
    """Whether it was made now."""
    async with transaction(control, workspace_id=workspace_id) as db:
        if (await db.execute(select(workspaces.c.name))).one_or_none() is not None:
            return False
        await add_workspace(
            db, workspace_id, name, zone=account.zone, currency=account.currency, is_demo=True
        )
    log.info("Seeded a workspace of the demo", marker="[AUTH]", workspace=name)
    return True


async def _connect(
    db: AsyncConnection,
    vault: Vault,
    workspace_id: UUID,
    connection_id: UUID,
    label: str,
    account: DemoAccount,
) -> None:
    grant = Grant(access_token=account.token)
    token_id = await keep_token(db, vault, workspace_id, "meta", _SUBJECT, grant, None)
    await connect(
        db,
        workspace_id,
        provider="meta",
        account_id=account.account_id,
        label=label,
        zone=account.zone,
        currency=account.currency,
        connection_id=connection_id,
    )
    await db.execute(
        update(connections)
        .where(
            connections.c.connection_id == connection_id,
            connections.c.state == ConnectionState.PAUSED.value,
        )
        .values(state=ConnectionState.ACTIVE.value)
    )
    await read_by(db, connection_id, token_id)


async def _works(db: AsyncConnection, connection: Connection) -> bool:
    """Whether pollers read it: a demo that waits for its shop would wait for ever."""
    issue = await issue_for(db, connection.connection_id)
    is_served = connection.state is ConnectionState.ACTIVE
    return is_served and issue is not None and issue.dead_reason is None


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
