"""Registering and authenticating users, and what they change of themselves."""

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.breached import is_breached
from accounts.database import transaction
from accounts.errors import Breached, EmailTaken, HashingBusy, WrongPassword
from accounts.passwords import Passwords
from accounts.session import Session, Sessions
from accounts.tables.lookups import credentials_by_email, replace_password_hash
from accounts.tables.people import users
from accounts.workspaces import make_workspace

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """A user and the workspace that a new session of theirs acts in."""

    user_id: UUID
    workspace_id: UUID | None


def normalised(email: str) -> str:
    """The one spelling under which an e-mail is stored and looked up; ValueError if it is none."""
    try:
        checked = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return unicodedata.normalize("NFC", checked.normalized.casefold())


async def register(
    control: AsyncEngine,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    name: str | None = None,
    workspace_name: str | None = None,
    is_demo: bool = False,
) -> Member:
    """A new user with a workspace that they own and in which nothing is connected.

    EmailTaken if the e-mail has an account, Breached if everybody tries the password; `email` must
    be `normalised`.
    """
    if is_breached(password, email):
        raise Breached
    name = name or name_from(email)
    user_id, workspace_id = uuid4(), uuid4()
    password_hash = await passwords.hash(password)
    try:
        async with transaction(control, workspace_id=workspace_id, user_id=user_id) as db:
            await add_user(db, user_id, email, name, password_hash)
            called = workspace_name or f"{name}’s workspace"
            await make_workspace(db, workspace_id, user_id, called, is_demo=is_demo)
    except IntegrityError as error:
        if "users_email_key" in str(error.orig):
            raise EmailTaken from None
        raise
    log.info("Registered", marker="[AUTH]", user_id=str(user_id))
    return Member(user_id, workspace_id)


async def authenticate(
    control: AsyncEngine, passwords: Passwords, *, email: str, password: str
) -> Member | None:
    """The user of these credentials; None, at the same cost, for any that are wrong."""
    async with transaction(control) as db:
        row = (await db.execute(select(credentials_by_email(email)))).mappings().one_or_none()
    known = row["password_hash"] if row else None  # null: Clerk signs them in
    if not await passwords.matches(password, known) or row is None or known is None:
        log.info("Refused a sign-in", marker="[AUTH]")  # whose, is not for the log
        return None
    if passwords.is_outdated(known):
        await _hash_anew(control, passwords, row["user_id"], password, known)
    return Member(row["user_id"], row["workspace_id"])


async def change_password(
    control: AsyncEngine,
    passwords: Passwords,
    sessions: Sessions,
    by: Session,
    *,
    current: str,
    new: str,
    agent: str | None = None,
) -> str:
    """The cookie of the only session that is left: a new one, in place of the one that asked.

    WrongPassword, Breached, or HashingBusy.
    """
    async with transaction(control) as db:
        row = (await db.execute(select(credentials_by_email(by.email)))).mappings().one_or_none()
    known = row["password_hash"] if row else None
    if not await passwords.matches(current, known):
        raise WrongPassword
    if is_breached(new, by.email):
        raise Breached
    password_hash = await passwords.hash(new)
    async with transaction(control, user_id=by.user_id) as db:
        replaced = replace_password_hash(by.user_id, known, password_hash)
        if not await db.scalar(select(replaced)):
            raise WrongPassword  # somebody else changed it meanwhile
        await sessions.end_all(db, by.user_id)
        workspace_id = by.workspace.id if by.workspace else None
        cookie = await sessions.open(db, by.user_id, workspace_id, agent)
    sessions.forget(by.user_id)
    log.info("Changed a password", marker="[AUTH]", user_id=str(by.user_id))
    return cookie


async def rename(control: AsyncEngine, user_id: UUID, name: str) -> None:
    """The user is called this from now on."""
    async with transaction(control, user_id=user_id) as db:
        await db.execute(update(users).where(users.c.user_id == user_id).values(name=name))


async def add_user(
    db: AsyncConnection, user_id: UUID, email: str, name: str, password_hash: str
) -> None:
    """A user's row; the transaction must be that user's."""
    await db.execute(
        insert(users).values(user_id=user_id, email=email, name=name, password_hash=password_hash)
    )


async def _hash_anew(
    control: AsyncEngine, passwords: Passwords, user_id: UUID, password: str, known: str
) -> None:
    """The hash is one of today's parameters, unless the password was changed since `known`."""
    try:
        password_hash = await passwords.hash(password)
    except HashingBusy:
        return  # the next sign-in does it
    async with transaction(control, user_id=user_id) as db:
        await db.execute(select(replace_password_hash(user_id, known, password_hash)))
    log.info("Hashed a password anew", marker="[AUTH]", user_id=str(user_id))


def name_from(email: str) -> str:
    """A first guess at a name: "ada.lovelace@…" is Ada Lovelace."""
    words = re.split(r"[._+-]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)[:80] or email[:80]
