"""Workspaces over HTTP: listed, made, entered, changed, left."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from fastapi import FastAPI

from accounts.permissions import Role
from runtime.application import make_app
from tests.accounts.team import joined, logged
from tests.api.people import code, signed_in, stranger, team
from tests.api.signing_in import PUBLIC_URL, SECRET, application, client, key_ring, new_user
from tests.servers.databases import Database


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database) as made:
        yield made


async def test_a_new_workspace_is_acted_in_at_once(app: FastAPI) -> None:
    """Within the second in which the process remembers where the session acted before."""
    async with stranger(app) as (somebody, first):
        await somebody.me()
        new = {"name": "Two", "zone": "Asia/Tokyo", "currency": "JPY", "week_start": "sunday"}
        answer = await somebody.http.post("/workspaces", json=new)
        assert answer.status_code == 201
        made = answer.json()
        assert made == {**new, "id": made["id"], "is_demo": False, "role": "owner"}
        me = await somebody.me()
        assert me["workspace"] == made
        listed = (await somebody.http.get("/workspaces")).json()["workspaces"]
        assert listed == me["workspaces"]
        assert [each["id"] for each in listed] == [str(first), made["id"]]


async def test_what_is_not_said_of_a_new_workspace_is_as_at_sign_up(app: FastAPI) -> None:
    """UTC, dollars, Monday; and its log begins."""
    async with stranger(app) as (somebody, _):
        made = (await somebody.http.post("/workspaces", json={"name": " Two "})).json()
        assert [made[each] for each in ("name", "zone", "currency", "week_start")] == [
            "Two",
            "UTC",
            "USD",
            "monday",
        ]
        lines = (await somebody.http.get("/workspaces/current/audit")).json()["data"]
        assert [each["action"] for each in lines] == ["workspace.made"]


async def test_entering_changes_where_the_session_acts_at_once(app: FastAPI) -> None:
    """The answer is `me`; in this process no request later acts in the workspace before."""
    async with team(app) as here, stranger(app) as (_, _):
        made = (await here.viewer.http.post("/workspaces", json={"name": "Own"})).json()
        answer = await here.viewer.http.post(f"/workspaces/{here.workspace_id}/enter")
        assert answer.status_code == 200
        assert answer.json() == await here.viewer.me()
        assert answer.json()["workspace"]["role"] == "viewer"
        current = (await here.viewer.http.get("/workspaces/current")).json()
        assert current["id"] == str(here.workspace_id) != made["id"]


async def test_another_process_notices_within_a_second(
    module_database: Database, app: FastAPI
) -> None:
    """Its cache had just been filled."""
    async with application(module_database) as elsewhere, stranger(app) as (somebody, first):
        async with client(elsewhere) as there:
            there.cookies = somebody.http.cookies
            assert (await there.get("/auth/me")).json()["workspace"]["id"] == str(first)
            made = (await somebody.http.post("/workspaces", json={"name": "Two"})).json()
            await asyncio.sleep(1.0)
            assert (await there.get("/auth/me")).json()["workspace"]["id"] == made["id"]


async def test_a_workspace_of_others_cannot_be_entered(app: FastAPI) -> None:
    """As one that does not exist, byte for byte but for its id and the trace."""
    async with stranger(app) as (somebody, own), team(app) as others:
        bodies: list[object] = []
        for foreign in (others.workspace_id, uuid4()):
            answer = await somebody.http.post(f"/workspaces/{foreign}/enter")
            assert code(answer) == (404, "not-found")
            bodies.append({**answer.json(), "trace_id": 0, "instance": 0})
        assert bodies[0] == bodies[1]
        assert (await somebody.me())["workspace"]["id"] == str(own)


async def test_settings_are_changed_one_by_one(app: FastAPI) -> None:
    """What is left out, or null, stays; `me` shows it at once, and the log what was before."""
    async with team(app) as here:
        before = (await here.admin.http.get("/workspaces/current")).json()
        change = {"zone": "America/Sao_Paulo", "currency": None}
        answer = await here.admin.http.patch("/workspaces/current", json=change)
        assert answer.json() == {**before, "zone": "America/Sao_Paulo"}
        assert (await here.admin.me())["workspace"]["zone"] == "America/Sao_Paulo"
        assert (await here.viewer.me())["workspace"]["zone"] == "America/Sao_Paulo"
        assert (await logged(app.state.control_engine, here.workspace_id))[-1] == (
            "workspace.changed",
            str(here.workspace_id),
            {"zone": {"from": "UTC", "to": "America/Sao_Paulo"}},
        )


async def test_whoever_leaves_acts_nowhere_until_they_enter(app: FastAPI) -> None:
    """Their own workspace is still theirs."""
    async with team(app) as here:
        own = (await here.viewer.http.post("/workspaces", json={"name": "Own"})).json()["id"]
        await here.viewer.http.post(f"/workspaces/{here.workspace_id}/enter")
        assert (await here.viewer.http.post("/workspaces/current/leave")).status_code == 204
        assert code(await here.viewer.http.get("/workspaces/current")) == (403, "no-workspace")
        me = await here.viewer.me()
        assert (me["workspace"], [each["id"] for each in me["workspaces"]]) == (None, [own])
        answer = await here.viewer.http.post(f"/workspaces/{here.workspace_id}/enter")
        assert code(answer) == (404, "not-found")
        assert (await here.viewer.http.post(f"/workspaces/{own}/enter")).status_code == 200


async def test_the_last_owner_cannot_leave(app: FastAPI) -> None:
    """A problem that says what to do; a second owner may."""
    async with team(app) as here:
        answer = await here.owner.http.post("/workspaces/current/leave")
        assert code(answer) == (409, "last-owner")
        assert (await here.owner.http.get("/workspaces/current")).status_code == 200
        second = await joined(app.state.control_engine, here.workspace_id, Role.OWNER)
        async with signed_in(app, second, here.workspace_id) as other:
            assert (await other.http.post("/workspaces/current/leave")).status_code == 204


@pytest.mark.parametrize("simulated", [True, False])
async def test_where_platforms_are_stand_ins_every_workspace_is_demo_data(
    module_database: Database, simulated: bool
) -> None:
    """The one of sign-up, and one that is made later."""
    app = make_app(
        reader_dsn=module_database.reader,
        control_dsn=module_database.control,
        secret_key=SECRET,
        key_ring=key_ring,
        public_url=PUBLIC_URL,
        simulated=simulated,
    )
    async with client(app) as visitor:
        me = (await visitor.post("/auth/register", json=new_user())).json()
        made = (await visitor.post("/workspaces", json={"name": "Two"})).json()
        current = (await visitor.get("/workspaces/current")).json()
    app.state.passwords.close()
    await app.state.control_engine.dispose()
    assert [each["is_demo"] for each in (me["workspace"], made, current)] == [simulated] * 3


@pytest.mark.parametrize(
    "path", ["/workspaces", "/workspaces/current", "/workspaces/current/members"]
)
async def test_answers_are_not_stored(app: FastAPI, path: str) -> None:
    """Neither by the browser nor on the way."""
    async with team(app) as here:
        assert (await here.owner.http.get(path)).headers["cache-control"] == "no-store"
