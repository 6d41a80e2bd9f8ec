"""Transactions of routes."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from accounts.database import engine
from accounts.tables.people import memberships
from api.deps import Reader
from tests.api.signing_in import application, client, new_user
from tests.servers.databases import Database


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    """The application with a route that reads figures."""
    async with application(module_database) as made:

        @made.get("/test/reader")
        async def read(db: Reader) -> dict[str, str | None]:
            shown = text(
                "select current_user as role, current_setting('transaction_isolation') as level,"
                " current_setting('metricx.workspace_id') as workspace"
            )
            row = (await db.execute(shown)).one()
            return {"role": row.role, "level": row.level, "workspace": row.workspace}

        yield made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        await made.post("/auth/register", json=new_user())
        yield made


async def test_a_reader_is_of_the_sessions_workspace_at_one_instant(
    visitor: httpx2.AsyncClient,
) -> None:
    """The reader's role, REPEATABLE READ, the workspace of `me`."""
    me = (await visitor.get("/auth/me")).json()
    assert (await visitor.get("/test/reader")).json() == {
        "role": "metricx_reader",
        "level": "repeatable read",
        "workspace": me["workspace"]["id"],
    }


async def test_what_a_request_says_of_its_workspace_is_not_heard(
    visitor: httpx2.AsyncClient,
) -> None:
    """Neither by query nor by header: it comes from the session alone."""
    foreign = str(uuid4())
    told = await visitor.get(
        "/test/reader",
        params={"workspace_id": foreign, "metricx.workspace_id": foreign},
        headers={"x-workspace-id": foreign},
    )
    assert told.json()["workspace"] != foreign


async def test_without_a_session_no_transaction_is_opened(app: FastAPI) -> None:
    """401, before the database is asked for anything but the session."""
    async with client(app) as stranger:
        answer = await stranger.get("/test/reader")
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert app.state.reader_engine.pool.checkedin() == 0


async def test_whoever_is_no_longer_a_member_reads_nothing(
    app: FastAPI, visitor: httpx2.AsyncClient, module_database: Database
) -> None:
    """403 within a second, and `me` still says who they are, without a workspace."""
    user_id = (await visitor.get("/auth/me")).json()["user"]["id"]
    superuser = engine(module_database.superuser, pool_size=1)
    async with superuser.begin() as db:
        await db.execute(memberships.delete().where(memberships.c.user_id == user_id))
    await superuser.dispose()
    app.state.sessions._known._answers.clear()
    answer = await visitor.get("/test/reader")
    assert (answer.status_code, answer.json()["code"]) == (403, "no-workspace")
    me = (await visitor.get("/auth/me")).json()
    assert (me["workspace"], me["workspaces"]) == (None, [])
