"""Too much from one address, for one account, in one workspace (S4): 429, and no way around."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from accounts.passwords import Passwords
from runtime.application import make_app
from tests.api.route_table import NO_SERVER
from tests.api.signing_in import (
    PASSWORD,
    PUBLIC_URL,
    SECRET,
    application,
    client,
    key_ring,
    new_user,
)
from tests.servers.databases import Database
from web.limits import ENTERING, FAILED_HERE, PER_ADDRESS, PER_WORKSPACE
from web.moving_window import Limit


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database, trusted_proxies=1) as made:
        yield made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        yield made


def by(address: str) -> dict[str, str]:
    """What the one trusted proxy says of a request from this address."""
    return {"x-forwarded-for": address}


def assert_refused(answer: httpx2.Response, limit: Limit) -> None:
    """429 as a problem, with when to come again and which limit it was."""
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert answer.headers["content-type"] == "application/problem+json"
    assert 0 < int(answer.headers["retry-after"]) <= limit.seconds
    assert answer.headers["ratelimit-policy"].startswith(f'"{limit.name}";q={limit.most}')
    assert answer.headers["ratelimit"].startswith(f'"{limit.name}";r=0;t=')
    assert "x-content-type-options" in answer.headers


@pytest.mark.parametrize("hops", [0, 1, 2])
async def test_an_invented_address_does_not_reset_a_limit(hops: int) -> None:
    """However a client fills X-Forwarded-For, behind none, one or two proxies of ours."""
    app = make_app(
        key_ring=key_ring,
        reader_dsn=NO_SERVER,
        control_dsn=NO_SERVER,
        secret_key=SECRET,
        public_url=PUBLIC_URL,
        trusted_proxies=hops,
    )
    appended = ["203.0.113.7", "10.0.0.2"][:hops]  # what our proxies say of who asked them
    statuses: list[int] = []
    async with client(app) as attacker:
        for number in range(PER_ADDRESS.most + 50):
            invented = [
                f"198.51.{number // 250}.{number % 250}",
                "127.0.0.1",
                f"2001:db8:{number:x}::1",
            ]
            said = ", ".join([*invented[: 1 + number % 3], *appended])
            answer = await attacker.get("/auth/me", headers=by(said))
            statuses.append(answer.status_code)
        assert statuses == [401] * PER_ADDRESS.most + [429] * 50
        assert_refused(await attacker.get("/auth/me", headers=by(", ".join(appended))), PER_ADDRESS)
        if hops:
            others = ["203.0.113.8", "10.0.0.2"][:hops]
            answer = await attacker.get("/auth/me", headers=by(", ".join(others)))
            assert answer.status_code == 401, "another address has room"
    app.state.passwords.close()


@pytest.mark.parametrize("path", ["/app/", "/app/dashboard", "/health"])
async def test_pages_and_probes_are_served_to_a_whole_office(
    visitor: httpx2.AsyncClient, path: str
) -> None:
    """Neither counts by address: many browsers share one, and a probe must hear the truth."""
    for _ in range(PER_ADDRESS.most + 1):
        assert (await visitor.get(path, headers=by("192.0.2.200"))).status_code != 429
    assert (await visitor.get("/auth/me", headers=by("192.0.2.200"))).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/login", {"email": "nobody"}),
        ("/auth/register", {"email": "nobody"}),
        ("/auth/password", {"current": 1}),
    ],
)
async def test_ways_in_are_counted_together_by_address(
    visitor: httpx2.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    """A malformed try is one, too; another address may go on."""
    for number in range(ENTERING.most):
        way = ("/auth/login", "/auth/register")[number % 2]
        answer = await visitor.post(way, json={"email": "nobody"}, headers=by("192.0.2.1"))
        assert answer.status_code == 422
    assert_refused(await visitor.post(path, json=body, headers=by("192.0.2.1")), ENTERING)
    assert (await visitor.post(path, json=body, headers=by("192.0.2.2"))).status_code != 429


async def test_guessing_is_refused_before_anything_is_hashed(
    visitor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alike for an account and for none; the right password does not help from that address."""
    hashed = 0
    matches = Passwords.matches

    async def counted(self: Passwords, password: str, known: str | None) -> bool:
        nonlocal hashed
        hashed += 1
        return await matches(self, password, known)

    known, unknown = new_user(), new_user()
    await visitor.post("/auth/register", json=known, headers=by("192.0.2.9"))
    monkeypatch.setattr(Passwords, "matches", counted)
    refused: list[httpx2.Response] = []
    for who in (known, unknown):
        for number in range(FAILED_HERE.most):
            guess = {**who, "password": f"guess number {number}"}
            answer = await visitor.post("/auth/login", json=guess, headers=by("192.0.2.3"))
            assert answer.status_code == 401
        refused.append(await visitor.post("/auth/login", json=who, headers=by("192.0.2.3")))
    assert hashed == 2 * FAILED_HERE.most
    for answer in refused:
        assert_refused(answer, FAILED_HERE)
    told = [{**answer.json(), "trace_id": "", "detail": ""} for answer in refused]
    assert told[0] == told[1]
    answer = await visitor.post("/auth/login", json=known, headers=by("192.0.2.4"))
    assert answer.status_code == 200, "whose account it is signs in from elsewhere"


async def test_a_stolen_session_cannot_guess_the_password(visitor: httpx2.AsyncClient) -> None:
    """Wrong present passwords count as wrong sign-ins do."""
    new = new_user()
    await visitor.post("/auth/register", json=new, headers=by("192.0.2.5"))
    change = {"new": "another long sentence"}
    for number in range(FAILED_HERE.most):
        guess = {**change, "current": f"guess number {number}"}
        answer = await visitor.post("/auth/password", json=guess, headers=by("192.0.2.5"))
        assert answer.status_code == 403
    right = {**change, "current": PASSWORD}
    answer = await visitor.post("/auth/password", json=right, headers=by("192.0.2.5"))
    assert_refused(answer, FAILED_HERE)


async def test_a_workspace_is_counted_whoever_acts_there(
    app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    """From many addresses, by session and by key; who one is, and other workspaces, go on."""
    await visitor.post("/auth/register", json=new_user(), headers=by("192.0.2.6"))
    path = "/workspaces/current/api-keys"
    new = {"name": "x", "scopes": ["read"]}
    made = (await visitor.post(path, json=new, headers=by("192.0.2.6"))).json()
    workspace = made["api_key"]["id"] and (await visitor.get("/auth/me")).json()["workspace"]["id"]
    for _ in range(PER_WORKSPACE.most - 1):
        app.state.limits.acting(workspace)
    assert_refused(await visitor.get(path, headers=by("192.0.2.7")), PER_WORKSPACE)
    key = {"authorization": f"Bearer {made['key']}"}
    async with client(app) as program:
        answer = await program.get("/dashboard/unified", headers={**key, **by("192.0.2.8")})
        assert_refused(answer, PER_WORKSPACE)
    assert (await visitor.get("/auth/me", headers=by("192.0.2.7"))).status_code == 200
    async with client(app) as other:
        await other.post("/auth/register", json=new_user(), headers=by("192.0.2.10"))
        assert (await other.get(path, headers=by("192.0.2.10"))).status_code == 200


async def test_no_address_and_no_email_is_logged(
    visitor: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither of who signs in, nor of who is refused (S17)."""
    new, address = new_user(), "192.0.2.77"
    await visitor.post("/auth/register", json=new, headers=by(address))
    for _ in range(FAILED_HERE.most + 1):
        wrong = {**new, "password": "not this one"}
        await visitor.post("/auth/login", json=wrong, headers=by(address))
    said = "".join(capsys.readouterr())
    assert "[AUTH]" in said
    assert address not in said
    assert new["email"] not in said
