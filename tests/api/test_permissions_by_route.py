"""Every route as every role: what the table says is what is answered."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from accounts.permissions import Action, Role, may
from accounts.session import COOKIE
from runtime.permission_page import PERMISSIONS, page
from runtime.route_permissions import WITHOUT_WORKSPACE, Asked, asked
from tests.accounts.team import joined, new_user, owned
from tests.api.people import cookie_of
from tests.api.route_table import filled, route_table, without_server
from tests.api.serving import served
from tests.servers.databases import Database
from web.callers import Acting, InWorkspace, SignedIn, allowed

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROUTES = asked(without_server())
GUARDED = [
    pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES if route.actions
]


@dataclass(frozen=True)
class Place:
    """An application on a port, and a workspace in it."""

    app: FastAPI
    url: str
    workspace_id: UUID

    async def answer(self, route: Asked, cookie: str | None) -> tuple[int, str | None]:
        """Status and code of a request that says as little as it can; a stream is not read."""
        headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
        body = None if route.method == "GET" else {}
        url = self.url + filled(route.path).replace("not-found", str(uuid4()))
        async with httpx2.AsyncClient(timeout=30, headers=headers) as http:
            async with http.stream(route.method, url, json=body) as answer:
                if answer.headers.get("content-type") != "application/problem+json":
                    return answer.status_code, None
                await answer.aread()
                return answer.status_code, answer.json()["code"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(module_database: Database) -> AsyncIterator[Place]:
    async with served(module_database) as api:
        workspace_id, _ = await owned(api.app.state.control_engine)
        yield Place(api.app, api.url, workspace_id)


def unsettled(app: FastAPI) -> list[str]:
    """Routes of which one cannot say who may use them."""
    found: list[str] = []
    for route in asked(app):
        name = f"{route.method} {route.path}"
        if (route.method, route.path) in WITHOUT_WORKSPACE:
            if route.actions:
                found.append(f"{name}: has an action, and a reason to have none")
        elif len(route.actions) != 1:
            found.append(f"{name}: {len(route.actions)} actions")
    return found


async def test_every_route_has_one_action_or_a_reason_to_have_none() -> None:
    """Whoever adds a route says which; and no reason is left of a route that is gone."""
    assert unsettled(without_server()) == []
    assert WITHOUT_WORKSPACE.keys() - set(route_table(without_server())) == set()
    assert [(each.method, each.path) for each in ROUTES] == route_table(without_server())


async def test_a_route_without_an_action_would_be_seen() -> None:
    """Also one that asks only for somebody signed in, and one that asks for two actions."""
    app = without_server()

    @app.get("/test/open")
    async def open_() -> None: ...

    @app.get("/test/signed-in")
    async def signed_in(session: SignedIn) -> None: ...

    @app.get("/test/two")
    async def two(
        workspace: InWorkspace, acting: Annotated[Acting, allowed(Action.MANAGE_KEYS)]
    ) -> None: ...

    assert unsettled(app) == [
        "GET /test/open: 0 actions",
        "GET /test/signed-in: 0 actions",
        "GET /test/two: 2 actions",
    ]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", GUARDED)
async def test_a_role_is_answered_as_the_table_says(place: Place, route: Asked, role: Role) -> None:
    """403 `not-allowed` if it may not; else whatever such a request deserves, but never that."""
    [action] = route.actions
    user_id = await joined(place.app.state.control_engine, place.workspace_id, role)
    cookie = await cookie_of(place.app, user_id, place.workspace_id)
    status, code = await place.answer(route, cookie)
    if may(role, action):
        assert (status, code) != (403, "not-allowed")
        assert status != 401
        assert status < 500
    else:
        assert (status, code) == (403, "not-allowed")


@pytest.mark.parametrize("route", GUARDED)
async def test_whoever_is_no_member_is_answered_before_any_role(place: Place, route: Asked) -> None:
    """401 without a session; 403 `no-workspace` with one that acts nowhere."""
    nowhere = await cookie_of(place.app, await new_user(place.app.state.control_engine), None)
    assert await place.answer(route, None) == (401, "not-signed-in")
    assert await place.answer(route, nowhere) == (403, "no-workspace")


async def test_the_page_is_what_the_table_and_the_routes_say() -> None:
    """`make docs` was run after the last change."""
    assert PERMISSIONS.read_text(encoding="utf-8") == page()
