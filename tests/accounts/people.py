"""Somebody's e-mail and password, and the hash that is stored of it."""

from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine
from accounts.tables.people import users
from tests.servers.databases import Database

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
