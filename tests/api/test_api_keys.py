"""API keys over HTTP: made, used, ended."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from accounts.permissions import Action
from tests.api.signing_in import application, client, new_user
from tests.servers.databases import Database
from web.callers import Acting, SignedIn, allowed

KEYS = "/workspaces/current/api-keys"


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    """The application with a route for each action, and one for people alone."""
    async with application(module_database) as made:
        for action in Action:

            async def act(by: Acting = allowed(action)) -> dict[str, str]:  # noqa: B008
                return {"kind": by.actor.kind, "id": str(by.actor.id), "in": str(by.workspace.id)}

            made.add_api_route(f"/test/{action.name}", act, methods=["GET", "POST"])

        @made.get("/test/people")
        async def people(session: SignedIn) -> str:
            return session.name

        yield made


@pytest.fixture
async def owner(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        await made.post("/auth/register", json=new_user(name="Ada"))
        yield made


@pytest.fixture
async def program(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Something without a cookie."""
    async with client(app) as made:
        yield made


async def make(owner: httpx2.AsyncClient, *scopes: str, **more: Any) -> dict[str, Any]:
    new = {"name": "Looker", "scopes": scopes or ["read"], **more}
    answer = await owner.post(KEYS, json=new)
    assert answer.status_code == 201, answer.text
    return answer.json()


def bearer(made: Mapping[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {made['key']}"}


async def test_a_key_is_shown_once(owner: httpx2.AsyncClient) -> None:
    """Where it is made; the list has how it begins."""
    made = await make(owner, "read", "connections", expires_at="2030-01-01T00:00:00Z")
    listed = await owner.get(KEYS)
    assert listed.json() == {"api_keys": [made["api_key"]]}
    assert made["key"] not in listed.text
    assert made["api_key"] == {
        "id": made["api_key"]["id"],
        "name": "Looker",
        "hint": made["key"][:12],
        "scopes": ["connections", "read"],
        "created_by": "Ada",
        "created_at": made["api_key"]["created_at"],
        "expires_at": "2030-01-01T00:00:00Z",
        "last_used_at": None,
        "state": "live",
    }
    assert listed.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("scope", "may"),
    [("read", {Action.READ}), ("connections", {Action.READ, Action.MANAGE_CONNECTIONS})],
)
async def test_a_key_does_what_its_scope_says_and_no_more(
    owner: httpx2.AsyncClient, program: httpx2.AsyncClient, scope: str, may: set[Action]
) -> None:
    """Every action there is; what it may not is 403 `not-allowed`."""
    made = await make(owner, scope)
    workspace = (await owner.get("/auth/me")).json()["workspace"]["id"]
    for action in Action:
        answer = await program.get(f"/test/{action.name}", headers=bearer(made))
        if action in may:
            assert answer.json() == {
                "kind": "api-key",
                "id": made["api_key"]["id"],
                "in": workspace,
            }
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_a_key_is_no_person(owner: httpx2.AsyncClient, program: httpx2.AsyncClient) -> None:
    """Who is signed in, their sessions and keys are none of its business."""
    made = await make(owner, "connections")
    for path in ("/test/people", "/auth/me", "/auth/sessions"):
        assert (await program.get(path, headers=bearer(made))).status_code == 401
    answer = await program.post(KEYS, json={"name": "x", "scopes": ["read"]}, headers=bearer(made))
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_a_program_may_write_without_a_browsers_headers(
    owner: httpx2.AsyncClient, program: httpx2.AsyncClient
) -> None:
    """No cookie goes with it, so nobody else's site can send it."""
    made = await make(owner, "connections")
    answer = await program.post("/test/MANAGE_CONNECTIONS", headers=bearer(made))
    assert answer.status_code == 200


async def test_a_key_counts_before_a_cookie(app: FastAPI, owner: httpx2.AsyncClient) -> None:
    """Else a request would act where nobody looks."""
    made = await make(owner)
    async with client(app) as other:
        await other.post("/auth/register", json=new_user())
        shown = (await other.get("/test/READ", headers=bearer(made))).json()
        assert (shown["kind"], shown["id"]) == ("api-key", made["api_key"]["id"])
        forged = {"authorization": "Bearer mx_live_" + "A" * 43}
        assert (await other.get("/test/READ", headers=forged)).status_code == 401


async def test_a_revoked_key_is_refused_at_once(
    owner: httpx2.AsyncClient, program: httpx2.AsyncClient
) -> None:
    """With the same bytes as one that never was."""
    made = await make(owner)
    assert (await program.get("/test/READ", headers=bearer(made))).status_code == 200
    path = f"{KEYS}/{made['api_key']['id']}"
    assert [(await owner.delete(path)).status_code for _ in range(2)] == [204, 204]
    answers = [
        await program.get("/test/READ", headers=bearer(key))
        for key in (made, {"key": "mx_live_" + "A" * 43})
    ]
    bodies = [{**answer.json(), "trace_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert (bodies[0]["status"], bodies[0]["code"]) == (401, "not-signed-in")
    [listed] = (await owner.get(KEYS)).json()["api_keys"]
    assert listed["state"] == "revoked"


async def test_a_key_of_another_workspace_answers_as_one_that_is_not_there(
    app: FastAPI, owner: httpx2.AsyncClient, program: httpx2.AsyncClient
) -> None:
    """404 with the same bytes, but for what was asked and the trace; and it works on."""
    made = await make(owner)
    async with client(app) as other:
        await other.post("/auth/register", json=new_user())
        assert (await other.get(KEYS)).json() == {"api_keys": []}
        answers = [
            await other.delete(f"{KEYS}/{key_id}") for key_id in (made["api_key"]["id"], uuid4())
        ]
    bodies = [{**answer.json(), "instance": "", "trace_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert bodies[0]["status"] == 404
    assert (await program.get("/test/READ", headers=bearer(made))).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic bXhfbGl2ZV8=", "mx_live_x", "Bearer mx_live_", "bearer mx_live_é"],
)
async def test_a_header_that_holds_no_key_lets_nobody_in(
    program: httpx2.AsyncClient, header: str
) -> None:
    """401, never an error."""
    answer = await program.get("/test/READ", headers={b"authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
