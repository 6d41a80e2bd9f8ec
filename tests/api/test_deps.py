"""Transactions of routes."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from accounts.database import engine
from accounts.tables import memberships, users
from api.deps import Control, Reader, SignedIn
from tests.api.signing_in import application, client, new_user
from tests.servers.databases import Database


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    """The application with routes that use each dependency."""
    async with application(module_database) as made:

        @made.get("/test/reader")
        async def read(db: Reader) -> dict[str, str | None]:
            shown = text(
                "select current_user as role, current_setting('transaction_isolation') as level,"
                " current_setting('metricx.workspace_id') as workspace"
            )
            row = (await db.execute(shown)).one()
            return {"role": row.role, "level": row.level, "workspace": row.workspace}

        @made.get("/test/control")
        async def members(db: Control) -> list[str]:
            return [str(each) for each in await db.scalars(select(memberships.c.user_id))]

        @made.get("/test/write")
        async def write(db: Control, session: SignedIn, fail: bool = False) -> str:
            await db.execute(update(users).values(name="Renamed"))
            if fail:
                raise RuntimeError
            return session.name

        yield made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        await made.post("/auth/register", json=new_user(name="Ada"))
        yield made


async def name_of(app: FastAPI, visitor: httpx2.AsyncClient) -> str:
    """Past the session check's cache."""
    app.state.sessions._known.clear()
    return (await visitor.get("/auth/me")).json()["user"]["name"]


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


async def test_two_users_see_only_their_own_members(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """Over the same application and pool."""
    async with client(app) as other:
        await other.post("/auth/register", json=new_user())
        seen = [(await each.get("/test/control")).json() for each in (visitor, other)]
        mine = [(await each.get("/auth/me")).json()["user"]["id"] for each in (visitor, other)]
    assert seen == [[mine[0]], [mine[1]]]


async def test_what_a_route_wrote_is_committed_when_it_answers(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """The next request sees it; one that failed has written nothing."""
    assert (await visitor.get("/test/write", params={"fail": True})).status_code == 500
    assert await name_of(app, visitor) == "Ada"
    assert (await visitor.get("/test/write")).status_code == 200
    assert await name_of(app, visitor) == "Renamed"


async def test_without_a_session_no_transaction_is_opened(app: FastAPI) -> None:
    """401 from every dependency, before the database is asked for anything but the session."""
    async with client(app) as stranger:
        for path in ("/test/reader", "/test/control", "/test/write"):
            answer = await stranger.get(path)
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
    app.state.sessions._known.clear()
    answer = await visitor.get("/test/reader")
    assert (answer.status_code, answer.json()["code"]) == (403, "no-workspace")
    me = (await visitor.get("/auth/me")).json()
    assert (me["workspace"], me["workspaces"]) == (None, [])
