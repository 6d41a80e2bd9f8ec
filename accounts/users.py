"""Registering and authenticating users."""

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import transaction
from accounts.errors import EmailTaken
from accounts.passwords import Passwords
from accounts.permissions import Role
from accounts.tables.lookups import credentials_by_email
from accounts.tables.people import users
from accounts.workspaces import add_member, add_workspace

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
) -> Member:
    """A new user with a workspace that they own and in which nothing is connected.

    EmailTaken if the e-mail has an account; `email` must be `normalised`.
    """
    name = name or _name_from(email)
    user_id, workspace_id = uuid4(), uuid4()
    password_hash = await passwords.hash(password)
    try:
        async with transaction(control, workspace_id=workspace_id, user_id=user_id) as db:
            await add_user(db, user_id, email, name, password_hash)
            await add_workspace(db, workspace_id, workspace_name or f"{name}’s workspace")
            await add_member(db, workspace_id, user_id, Role.OWNER)
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
    matched = await passwords.matches(password, row["password_hash"] if row else None)
    if row is None or not matched:
        log.info("Refused a sign-in", marker="[AUTH]")  # whose, is not for the log
        return None
    return Member(row["user_id"], row["workspace_id"])


async def add_user(
    db: AsyncConnection, user_id: UUID, email: str, name: str, password_hash: str
) -> None:
    """A user's row; the transaction must be that user's."""
    await db.execute(
        insert(users).values(user_id=user_id, email=email, name=name, password_hash=password_hash)
    )


def _name_from(email: str) -> str:
    """A first guess at a name: "ada.lovelace@…" is Ada Lovelace."""
    words = re.split(r"[._+-]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)[:80] or email[:80]
