"""Sessions, names and passwords over HTTP."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from tests.api.signing_in import PASSWORD, application, client, new_user
from tests.servers.databases import Database

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHANGE = {"current": PASSWORD, "new": "another long sentence"}


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database) as made:
        yield made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        yield made


async def test_somebody_sees_every_place_where_they_are_signed_in(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """By browser and system in words, this one marked; nobody else's, and nothing secret."""
    new = new_user()
    await visitor.post("/auth/register", json=new, headers={"user-agent": FIREFOX})
    async with client(app) as phone, client(app) as stranger:
        await phone.post("/auth/login", json=new, headers={"user-agent": "me, in person"})
        await stranger.post("/auth/register", json=new_user())
        listed = (await phone.get("/auth/sessions")).json()["sessions"]
    assert [(each["agent"], each["is_current"]) for each in listed] == [
        (None, True),
        ("Firefox on Linux", False),
    ]
    assert set(listed[0]) == {
        *("id", "agent", "created_at", "last_used_at", "expires_at", "is_current"),
    }


async def test_one_session_is_ended_from_another(app: FastAPI, visitor: httpx2.AsyncClient) -> None:
    """Here at once; the one that asks goes on."""
    new = new_user()
    await visitor.post("/auth/register", json=new)
    async with client(app) as lost:
        await lost.post("/auth/login", json=new)
        assert (await lost.get("/auth/me")).status_code == 200
        listed = (await visitor.get("/auth/sessions")).json()["sessions"]
        [other] = [each["id"] for each in listed if not each["is_current"]]
        answer = await visitor.delete(f"/auth/sessions/{other}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert "set-cookie" not in answer.headers
        assert (await lost.get("/auth/me")).status_code == 401
    assert (await visitor.get("/auth/me")).status_code == 200
    assert (await visitor.delete(f"/auth/sessions/{other}")).status_code == 404


async def test_ending_the_session_that_asks_signs_out(visitor: httpx2.AsyncClient) -> None:
    """The cookie goes with it."""
    await visitor.post("/auth/register", json=new_user())
    [own] = (await visitor.get("/auth/sessions")).json()["sessions"]
    answer = await visitor.delete(f"/auth/sessions/{own['id']}")
    assert SimpleCookie(answer.headers["set-cookie"])["access_token"]["max-age"] == "0"
    assert (await visitor.get("/auth/me")).status_code == 401


async def test_a_session_of_somebody_else_answers_as_one_that_is_not_there(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """404 with the same bytes, but for what was asked and the trace; and it goes on."""
    await visitor.post("/auth/register", json=new_user())
    async with client(app) as other:
        await other.post("/auth/register", json=new_user())
        [theirs] = (await other.get("/auth/sessions")).json()["sessions"]
        answers = [
            await visitor.delete(f"/auth/sessions/{session_id}")
            for session_id in (theirs["id"], uuid4())
        ]
        assert (await other.get("/auth/me")).status_code == 200
    bodies = [{**answer.json(), "instance": "", "trace_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert (bodies[0]["status"], bodies[0]["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("query", "goes_on"),
    [("", False), ("?keep_current=false", False), ("?keep_current=true", True)],
)
async def test_all_sessions_are_ended_at_once(
    app: FastAPI, visitor: httpx2.AsyncClient, query: str, goes_on: bool
) -> None:
    """With or without the one that asks."""
    new = new_user()
    await visitor.post("/auth/register", json=new)
    async with client(app) as other:
        await other.post("/auth/login", json=new)
        answer = await visitor.delete(f"/auth/sessions{query}")
        assert answer.status_code == 204
        assert ("set-cookie" in answer.headers) is not goes_on
        assert (await other.get("/auth/me")).status_code == 401
    assert (await visitor.get("/auth/me")).status_code == (200 if goes_on else 401)


async def test_a_changed_password_rotates_this_session_and_ends_the_others(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """A new cookie; what this browser held before is worth nothing, whoever copied it."""
    new = new_user()
    await visitor.post("/auth/register", json=new, headers={"user-agent": FIREFOX})
    before = visitor.cookies["access_token"]
    async with client(app) as other, client(app) as thief:
        await other.post("/auth/login", json=new)
        answer = await visitor.post("/auth/password", json=CHANGE, headers={"user-agent": FIREFOX})
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await other.get("/auth/me")).status_code == 401
        held = await thief.get("/auth/me", headers={"cookie": f"access_token={before}"})
        assert held.status_code == 401
        old = await other.post("/auth/login", json=new)
        assert (old.status_code, old.json()["code"]) == (401, "wrong-credentials")
        changed = await other.post("/auth/login", json={**new, "password": CHANGE["new"]})
        assert changed.status_code == 200
    assert visitor.cookies["access_token"] != before
    listed = (await visitor.get("/auth/sessions")).json()["sessions"]
    [own] = [each for each in listed if each["is_current"]]
    assert own["agent"] == "Firefox on Linux"
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"current": "not this one"}, 403, "wrong-password"),
        ({"new": "Password1"}, 422, "password-breached"),
        ({"new": "metricx!2026"}, 422, "password-breached"),
    ],
)
async def test_a_refused_change_leaves_the_password(
    visitor: httpx2.AsyncClient, change: dict[str, str], status: int, code: str
) -> None:
    """And the session; the problem repeats no password."""
    new = new_user()
    await visitor.post("/auth/register", json=new)
    answer = await visitor.post("/auth/password", json={**CHANGE, **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not any(each in answer.text for each in ("not this one", "Password1", "metricx!2026"))
    assert (await visitor.get("/auth/me")).status_code == 200
    assert (await visitor.post("/auth/login", json=new)).status_code == 200


async def test_a_name_is_changed(app: FastAPI, visitor: httpx2.AsyncClient) -> None:
    """The answer is the one of `me`, here at once; nothing else of the account changes."""
    new = new_user(name="Ada")
    await visitor.post("/auth/register", json=new)
    answer = await visitor.patch("/auth/me", json={"name": "  Ada King ", "email": "x@example.com"})
    assert answer.status_code == 200
    assert answer.json() == (await visitor.get("/auth/me")).json()
    assert answer.json()["user"]["name"] == "Ada King"
    assert answer.json()["user"]["email"] == new["email"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/auth/me", {"name": "Ada"}),
        ("POST", "/auth/password", CHANGE),
        ("GET", "/auth/sessions", None),
        ("DELETE", "/auth/sessions", None),
        ("DELETE", f"/auth/sessions/{uuid4()}", None),
    ],
)
async def test_nobody_changes_anything_without_a_session(
    visitor: httpx2.AsyncClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    """401, and an API key does not help: these are a person's."""
    for headers in ({}, {"authorization": "Bearer mx_live_" + "A" * 43}):
        answer = await visitor.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
