"""Members over HTTP: listed, given roles, removed; and what their sessions may then."""

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

import api.live.hub as hubs
from accounts.permissions import Role
from tests.accounts.team import email_of, joined
from tests.api.people import code, cookie_of, signed_in, stranger, team
from tests.api.serving import served, streamed
from tests.api.signing_in import application, client
from tests.servers.databases import Database

MEMBERS = "/workspaces/current/members"


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database) as made:
        yield made


async def test_members_see_each_other_and_nobody_else(app: FastAPI) -> None:
    """Name, e-mail and role of each, and which of them one is."""
    async with team(app) as here, stranger(app):
        found = (await here.viewer.http.get(MEMBERS)).json()["members"]
        shown = [(each["user_id"], each["role"], each["is_you"]) for each in found]
        assert shown == [
            (str(here.owner.id), "owner", False),
            (str(here.admin.id), "admin", False),
            (str(here.viewer.id), "viewer", True),
        ]
        assert found[0]["email"] == email_of(here.owner.id)
        assert found[0]["name"] == "Olga Owner"


async def test_a_changed_role_ends_the_members_session_at_once(app: FastAPI) -> None:
    """They sign in again, and act in the new role."""
    async with team(app) as here:
        assert (await here.viewer.http.get(MEMBERS)).status_code == 200
        path = f"{MEMBERS}/{here.viewer.id}"
        answer = await here.admin.http.patch(path, json={"role": "admin"})
        assert answer.status_code == 200
        assert (answer.json()["user_id"], answer.json()["role"]) == (str(here.viewer.id), "admin")
        assert "set-cookie" not in answer.headers
        assert code(await here.viewer.http.get("/auth/me")) == (401, "not-signed-in")
        async with signed_in(app, here.viewer.id, here.workspace_id) as again:
            assert (await again.me())["workspace"]["role"] == "admin"


async def test_elsewhere_it_ends_within_a_second(module_database: Database, app: FastAPI) -> None:
    """On a process whose cache had just been filled; and so does acting after a removal."""
    async with application(module_database) as elsewhere, team(app) as here:
        async with client(elsewhere) as changed, client(elsewhere) as removed:
            changed.cookies, removed.cookies = here.viewer.http.cookies, here.admin.http.cookies
            for each in (changed, removed):
                assert (await each.get(MEMBERS)).status_code == 200
            viewer, admin = (f"{MEMBERS}/{each.id}" for each in (here.viewer, here.admin))
            assert (await here.owner.http.patch(viewer, json={"role": "admin"})).is_success
            assert (await here.owner.http.delete(admin)).status_code == 204
            await asyncio.sleep(1.0)
            assert code(await changed.get(MEMBERS)) == (401, "not-signed-in")
            assert code(await removed.get(MEMBERS)) == (403, "no-workspace")


async def test_whoever_changes_their_own_role_is_signed_in_anew(app: FastAPI) -> None:
    """A new cookie, which acts in the new role; the one before is worth nothing."""
    async with team(app) as here:
        await joined(app.state.control_engine, here.workspace_id, Role.OWNER)
        before = here.owner.http.cookies["access_token"]
        answer = await here.owner.http.patch(f"{MEMBERS}/{here.owner.id}", json={"role": "viewer"})
        assert (answer.status_code, answer.json()["role"]) == (200, "viewer")
        cookie = SimpleCookie(answer.headers["set-cookie"])["access_token"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "lax")
        me = await here.owner.me()
        assert (me["workspace"]["id"], me["workspace"]["role"]) == (
            str(here.workspace_id),
            "viewer",
        )
        async with client(app) as other:
            held = await other.get("/auth/me", headers={"cookie": f"access_token={before}"})
        assert held.status_code == 401


async def test_whoever_is_removed_acts_nowhere_at_once(app: FastAPI) -> None:
    """Signed in still, in no workspace."""
    async with team(app) as here:
        assert (await here.viewer.http.get(MEMBERS)).status_code == 200
        answer = await here.admin.http.delete(f"{MEMBERS}/{here.viewer.id}")
        assert answer.status_code == 204
        for path in (MEMBERS, "/workspaces/current", "/dashboard/unified"):
            assert code(await here.viewer.http.get(path)) == (403, "no-workspace")
        assert (await here.viewer.me())["workspace"] is None


@pytest.mark.parametrize("end", ["removed", "another role", "enters another"])
async def test_a_stream_of_figures_ends_with_the_right_to_them(
    module_database: Database, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """The hub looks each 20 s, here sooner; an owner's stream goes on."""
    monkeypatch.setattr(hubs, "SESSION_CHECK_SECONDS", 0.3)
    async with served(module_database) as api, team(api.app) as here:
        async with (
            httpx2.AsyncClient(base_url=api.url, timeout=30) as owner,
            httpx2.AsyncClient(base_url=api.url, timeout=30) as viewer,
        ):
            for http, person in ((owner, here.owner), (viewer, here.viewer)):
                cookie = await cookie_of(api.app, person.id, here.workspace_id)
                http.headers["cookie"] = f"access_token={cookie}"
            async with streamed(owner) as stays, streamed(viewer) as goes:
                await stays.next()
                await goes.next()
                path = f"{MEMBERS}/{here.viewer.id}"
                if end == "removed":
                    answer = await owner.delete(path)
                elif end == "another role":
                    answer = await owner.patch(path, json={"role": "admin"})
                else:
                    answer = await viewer.post("/workspaces", json={"name": "Own"})
                assert answer.is_success
                await goes.ended(4)
                await stays.nothing()


@pytest.mark.parametrize("change", ["demote", "remove"])
async def test_the_last_owner_stays(app: FastAPI, change: str) -> None:
    """Whatever they do to themselves."""
    async with team(app) as here:
        path = f"{MEMBERS}/{here.owner.id}"
        if change == "demote":
            answer = await here.owner.http.patch(path, json={"role": "viewer"})
        else:
            answer = await here.owner.http.delete(path)
        assert code(answer) == (409, "last-owner")
        assert (await here.owner.me())["workspace"]["role"] == "owner"


async def test_an_admin_touches_no_owner(app: FastAPI) -> None:
    """Nor makes one: the same problem as for what a role may never do."""
    async with team(app) as here:
        owner, viewer = (f"{MEMBERS}/{each.id}" for each in (here.owner, here.viewer))
        answers = [
            await here.admin.http.delete(owner),
            await here.admin.http.patch(owner, json={"role": "viewer"}),
            await here.admin.http.patch(viewer, json={"role": "owner"}),
        ]
        assert [code(each) for each in answers] == [(403, "not-allowed")] * 3


async def test_a_member_of_another_workspace_is_as_nobody(app: FastAPI) -> None:
    """Status, code and body, but for the id and the trace."""
    async with team(app) as here, stranger(app) as (foreign, _):
        bodies: list[object] = []
        for user_id in (foreign.id, uuid4()):
            for answer in (
                await here.owner.http.delete(f"{MEMBERS}/{user_id}"),
                await here.owner.http.patch(f"{MEMBERS}/{user_id}", json={"role": "admin"}),
            ):
                assert code(answer) == (404, "not-found")
                bodies.append({**answer.json(), "trace_id": 0, "instance": 0})
        assert all(each == bodies[0] for each in bodies)
        assert (await foreign.me())["workspace"]["role"] == "owner"
