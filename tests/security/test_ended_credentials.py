"""What was ended elsewhere opens nothing here (S1): within a second, and streams within thirty."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack

import httpx2
import pytest

import api.live.hub as hubs
from accounts.known import CACHE_SECONDS
from accounts.session import COOKIE
from tests.api.serving import served, streamed
from tests.api.signing_in import JSON, PASSWORD, application, client, new_user
from tests.servers.databases import Database

KEYS = "/workspaces/current/api-keys"
Client = httpx2.AsyncClient
End = Callable[[Client, dict[str, str]], Awaitable[None]]
"""Ends what a request holds, as its owner; given the owner's client and the request's headers."""


async def sign_out(owner: Client, held: dict[str, str]) -> None:
    assert (await owner.post("/auth/logout", headers=held)).status_code == 204


async def change_password(owner: Client, held: dict[str, str]) -> None:
    change = {"current": PASSWORD, "new": "another long sentence"}
    assert (await owner.post("/auth/password", json=change, headers=JSON)).status_code == 204


async def change_password_by_it(owner: Client, held: dict[str, str]) -> None:
    change = {"current": PASSWORD, "new": "another long sentence"}
    answer = await owner.post("/auth/password", json=change, headers={**JSON, **held})
    assert answer.status_code == 204


async def end_it(owner: Client, held: dict[str, str]) -> None:
    listed = (await owner.get("/auth/sessions", headers=held)).json()["sessions"]
    [session] = [each for each in listed if each["is_current"]]
    assert (await owner.delete(f"/auth/sessions/{session['id']}")).status_code == 204


async def end_all_others(owner: Client, held: dict[str, str]) -> None:
    assert (await owner.delete("/auth/sessions?keep_current=true")).status_code == 204


async def end_all(owner: Client, held: dict[str, str]) -> None:
    assert (await owner.delete("/auth/sessions")).status_code == 204


async def revoke_the_key(owner: Client, held: dict[str, str]) -> None:
    [key] = (await owner.get(KEYS)).json()["api_keys"]
    assert (await owner.delete(f"{KEYS}/{key['id']}")).status_code == 204


WAYS: Mapping[str, End] = {
    "signed out": sign_out,
    "password changed by another session": change_password,
    "password changed by this session": change_password_by_it,
    "ended": end_it,
    "ended with all others": end_all_others,
    "ended with all": end_all,
    "key revoked": revoke_the_key,
}


async def credential(owner: Client, other: Client, way: str) -> dict[str, str]:
    """Signs an owner up; gives the headers of another session of theirs, or of a key."""
    new = new_user()
    assert (await owner.post("/auth/register", json=new, headers=JSON)).status_code == 201
    if way == "key revoked":
        answer = await owner.post(KEYS, json={"name": "x", "scopes": ["read"]}, headers=JSON)
        return {"authorization": f"Bearer {answer.json()['key']}"}
    assert (await other.post("/auth/login", json=new, headers=JSON)).status_code == 200
    held = other.cookies[COOKIE]
    other.cookies.clear()
    return {"cookie": f"{COOKIE}={held}"}


async def test_what_has_ended_is_refused_everywhere_within_a_second(
    module_database: Database,
) -> None:
    """By the process that ended it at once; by another, which had just seen it live, in time."""
    async with AsyncExitStack() as held:
        apps = [await held.enter_async_context(application(module_database)) for _ in range(2)]
        here, there = [await held.enter_async_context(client(app)) for app in apps]
        endings: list[tuple[End, Client, dict[str, str]]] = []
        for way, end in WAYS.items():
            owner = await held.enter_async_context(client(apps[0]))
            endings.append((end, owner, await credential(owner, here, way)))
        here.cookies.clear()
        for end, owner, headers in endings:
            for process in (here, there):
                assert await _is_let_in(process, headers), end.__name__
            await end(owner, headers)
            assert not await _is_let_in(here, headers), end.__name__
        await asyncio.sleep(CACHE_SECONDS)
        for end, _, headers in endings:
            assert not await _is_let_in(there, headers), end.__name__


async def _is_let_in(process: Client, headers: dict[str, str]) -> bool:
    answer = await process.get("/dashboard/unified", headers=headers)
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_streams_of_what_has_ended_are_closed_on_every_process(
    module_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way it ended. They are checked every 20 s; here sooner."""
    monkeypatch.setattr(hubs, "SESSION_CHECK_SECONDS", 0.3)
    async with AsyncExitStack() as held:
        here = await held.enter_async_context(served(module_database))
        there = await held.enter_async_context(served(module_database))
        endings: list[tuple[End, Client, dict[str, str]]] = []
        streams = {}
        for way, end in WAYS.items():
            owner, other = [
                await held.enter_async_context(httpx2.AsyncClient(base_url=here.url, timeout=30))
                for _ in range(2)
            ]
            headers = await credential(owner, other, way)
            endings.append((end, owner, headers))
            watching = await held.enter_async_context(
                httpx2.AsyncClient(base_url=there.url, timeout=30, headers=headers)
            )
            streams[way] = await held.enter_async_context(streamed(watching))
            await streams[way].next()
        await asyncio.sleep(0.7)
        assert there.app.state.hub.streams == len(WAYS), "none is closed before its time"
        for end, owner, headers in endings:
            await end(owner, headers)
        for stream in streams.values():
            await stream.ended(4)
        assert hubs.SESSION_CHECK_SECONDS + CACHE_SECONDS < 30
        assert there.app.state.hub.streams == 0


async def test_signing_in_always_makes_a_new_session(module_database: Database) -> None:
    """Whatever cookie came along: nobody can be given a session that somebody else knows."""
    new = new_user()
    async with application(module_database) as app, client(app) as thief, client(app) as victim:
        await thief.post("/auth/register", json=new_user())
        planted = thief.cookies[COOKIE]
        await victim.post("/auth/register", json=new)
        for cookie in (planted, "Bearer x.y.z", victim.cookies[COOKIE]):
            victim.cookies.clear()
            headers = {**JSON, "cookie": f"{COOKIE}={cookie}"}
            answer = await victim.post("/auth/login", json=new, headers=headers)
            assert answer.status_code == 200
            assert victim.cookies[COOKIE] != cookie
            who = (await victim.get("/auth/me")).json()["user"]["email"]
            assert who == new["email"]
        held = await thief.get("/auth/me", headers={"cookie": f"{COOKIE}={planted}"})
        assert held.status_code == 401
