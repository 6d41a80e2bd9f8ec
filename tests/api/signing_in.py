"""The application over a real database, and clients that sign in to it."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx2
from fastapi import FastAPI

from accounts.vault import KeyRing, MasterKey
from runtime.application import make_app
from tests.servers.databases import Database

PUBLIC_URL = "http://testserver"
SECRET = "one secret for all processes of a run"
PASSWORD = "correct horse battery"
JSON = {"content-type": "application/json"}


def key_ring() -> KeyRing:
    """One key ring for all processes of a run."""
    return KeyRing([MasterKey("test", b"k" * 32)])


@asynccontextmanager
async def application(
    database: Database,
    *,
    secret_key: str = SECRET,
    public_url: str = PUBLIC_URL,
    cors_origins: Collection[str] = (),
    **more: Any,
) -> AsyncGenerator[FastAPI]:
    """A process of the API: two of them on one database are two processes to each other."""
    app = make_app(
        reader_dsn=database.reader,
        control_dsn=database.control,
        secret_key=secret_key,
        key_ring=key_ring,
        public_url=public_url,
        cors_origins=cors_origins,
        **more,
    )
    yield app
    app.state.passwords.close()
    if app.state.clerk:
        await app.state.clerk.close()
    await app.state.reader_engine.dispose()
    await app.state.control_engine.dispose()


def client(app: FastAPI, base_url: str = PUBLIC_URL) -> httpx2.AsyncClient:
    """A client that is no browser: it sends neither Origin nor Sec-Fetch-Site."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=base_url)


def new_user(**more: str) -> dict[str, str]:
    """What somebody new signs up with."""
    return {"email": f"{uuid4().hex}@example.com", "password": PASSWORD, **more}
