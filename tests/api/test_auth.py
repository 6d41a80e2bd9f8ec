"""Signing up, in and out over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx2
import pytest
from fastapi import FastAPI

from tests.api.signing_in import PASSWORD, application, client, new_user
from tests.servers.databases import Database


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database) as made:
        yield made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        yield made


async def test_who_signs_up_is_signed_in_and_owns_a_workspace(visitor: httpx2.AsyncClient) -> None:
    """The answer is the one of `me`, with nothing else in it."""
    new = new_user(workspace_name="Engines")
    answer = await visitor.post("/auth/register", json=new)
    me = (await visitor.get("/auth/me")).json()
    assert answer.status_code == 201
    assert answer.json() == me
    assert me["user"]["email"] == new["email"]
    assert me["workspace"] == {
        "id": me["workspace"]["id"],
        "name": "Engines",
        "is_demo": False,
        "role": "owner",
        "currency": "USD",
        "zone": "UTC",
        "week_start": "monday",
    }
    assert [each["id"] for each in me["workspaces"]] == [me["workspace"]["id"]]


async def test_the_cookie_is_a_bearer_token_that_scripts_cannot_read(
    visitor: httpx2.AsyncClient,
) -> None:
    """`access_token`, `Bearer <jwt>`, seven days, HttpOnly, SameSite=Lax; Secure only on https."""
    answer = await visitor.post("/auth/register", json=new_user())
    cookie = SimpleCookie(answer.headers["set-cookie"])["access_token"]
    scheme, _, token = cookie.value.partition(" ")
    assert (scheme, token.count(".")) == ("Bearer", 2)
    assert (cookie["max-age"], cookie["path"]) == ("604800", "/")
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "lax", "")
    assert answer.headers["cache-control"] == "no-store"


async def test_behind_https_the_cookie_is_secure(module_database: Database) -> None:
    """Decided by the public URL, for TLS may end at a proxy."""
    async with (
        application(module_database, public_url="https://metrics.example.com") as app,
        client(app, "https://metrics.example.com") as visitor,
    ):
        answer = await visitor.post("/auth/register", json=new_user())
        assert SimpleCookie(answer.headers["set-cookie"])["access_token"]["secure"] is True


async def test_an_email_signs_up_once(visitor: httpx2.AsyncClient) -> None:
    """However it is spelt the second time; the problem names no one."""
    new = new_user()
    await visitor.post("/auth/register", json=new)
    again = await visitor.post("/auth/register", json={**new, "email": new["email"].upper()})
    assert (again.status_code, again.json()["code"]) == (409, "email-has-account")
    assert new["email"] not in again.text


async def test_signing_in_again_ends_the_session_held_before(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """A cookie that someone planted, or that stayed behind, is worth nothing afterwards."""
    new = new_user()
    await visitor.post("/auth/register", json=new)
    before = visitor.cookies["access_token"]
    answer = await visitor.post("/auth/login", json={**new, "email": new["email"].upper()})
    assert answer.status_code == 200
    assert visitor.cookies["access_token"] != before
    async with client(app) as other:
        held = await other.get("/auth/me", headers={"cookie": f"access_token={before}"})
        assert held.status_code == 401


async def test_wrong_password_and_unknown_email_are_one_answer(visitor: httpx2.AsyncClient) -> None:
    """Byte for byte, but for the trace."""
    new = new_user()
    await visitor.post("/auth/register", json=new)
    answers = [
        await visitor.post("/auth/login", json={**new, "password": "not this one"}),
        await visitor.post("/auth/login", json=new_user()),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    bodies = [{**answer.json(), "trace_id": None} for answer in answers]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "wrong-credentials"
    headers = [{**answer.headers, "x-trace-id": ""} for answer in answers]
    assert headers[0] == headers[1]
    assert not any("set-cookie" in each for each in headers)


async def test_signing_out_ends_the_session_on_every_process_within_a_second(
    module_database: Database, app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """Here at once; on another process, which has just seen it live, a second later."""
    await visitor.post("/auth/register", json=new_user())
    header = {"cookie": f"access_token={visitor.cookies['access_token']}"}
    async with application(module_database) as elsewhere, client(elsewhere) as other:
        assert (await other.get("/auth/me", headers=header)).status_code == 200
        answer = await visitor.post("/auth/logout")
        assert answer.status_code == 204
        assert SimpleCookie(answer.headers["set-cookie"])["access_token"]["max-age"] == "0"
        assert (await visitor.get("/auth/me", headers=header)).status_code == 401
        await asyncio.sleep(1.0)
        assert (await other.get("/auth/me", headers=header)).status_code == 401


async def test_signing_out_without_a_session_is_no_error(visitor: httpx2.AsyncClient) -> None:
    """A second click, or a session that ended meanwhile."""
    assert (await visitor.post("/auth/logout")).status_code == 204


async def test_a_session_of_another_secret_is_none(
    module_database: Database, visitor: httpx2.AsyncClient
) -> None:
    """Replacing the secret ends all sessions."""
    await visitor.post("/auth/register", json=new_user())
    header = {"cookie": f"access_token={visitor.cookies['access_token']}"}
    async with (
        application(module_database, secret_key="a new one, after the old one leaked") as app,
        client(app) as other,
    ):
        assert (await other.get("/auth/me", headers=header)).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "Bearer x.y.z", '"Bearer x.y.z"', "Basic eDp5"])
async def test_without_a_session_nobody_is_me(visitor: httpx2.AsyncClient, cookie: str) -> None:
    """One problem for none, malformed and forged, with the scheme that RFC 9110 asks for."""
    answer = await visitor.get("/auth/me", headers={"cookie": f"access_token={cookie}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"] == 'Bearer realm="metricx"'


async def test_eight_sign_in_at_once(visitor: httpx2.AsyncClient, app: FastAPI) -> None:
    """They queue for the hashing slots, and each gets a session of their own."""
    new = new_user()
    await visitor.post("/auth/register", json=new)

    async def sign_in() -> str:
        async with client(app) as one:
            answer = await one.post("/auth/login", json=new)
            assert answer.status_code == 200
            return one.cookies["access_token"]

    assert len(set(await asyncio.gather(*(sign_in() for _ in range(8))))) == 8


async def test_a_full_queue_asks_to_come_back(
    visitor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After, before anything was checked."""
    monkeypatch.setattr("accounts.passwords._MOST_WAITING", 0)
    answer = await visitor.post("/auth/login", json=new_user())
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "5"


async def test_a_password_is_in_no_answer(visitor: httpx2.AsyncClient) -> None:
    """Not even where the request is refused for another field."""
    answer = await visitor.post(
        "/auth/register", json={"email": "no e-mail", "password": PASSWORD, "name": 7}
    )
    assert answer.status_code == 422
    assert PASSWORD not in answer.text
