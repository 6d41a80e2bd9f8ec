"""Security headers on whatever is answered (S19): each route, each way to fail, in and out."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from api.headers import CONTENT_SECURITY_POLICY
from tests.api.route_table import filled, hidden_from_openapi, route_table, without_server
from tests.api.serving import Served, served
from tests.api.signing_in import JSON, application, client
from tests.servers.databases import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXPECTED = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
"""Written out once more: a header that the application forgets is missed here."""

ROUTES = route_table(without_server())

FAILURES: Mapping[str, tuple[int, dict[str, Any]]] = {
    "no such route": (404, {"method": "GET", "url": "/nowhere"}),
    "no pages": (503, {"method": "GET", "url": "/app/assets/none.js"}),
    "another method": (405, {"method": "DELETE", "url": "/auth/me"}),
    "no session": (401, {"method": "GET", "url": "/live"}),
    "a bad body": (422, {"method": "POST", "url": "/auth/login", "json": {"email": 1}}),
    "too large a body": (
        413,
        {"method": "POST", "url": "/auth/login", "content": b" " * 70_000, "headers": JSON},
    ),
    "from another site": (
        403,
        {"method": "POST", "url": "/auth/login", "content": b"{}",
         "headers": {**JSON, "sec-fetch-site": "cross-site"}},
    ),
    "a preflight": (405, {"method": "OPTIONS", "url": "/auth/login"}),
}  # fmt: skip
"""What answers before a route does, or instead of one."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(module_database: Database) -> AsyncIterator[Served]:
    """The application on a port, without a build of the pages."""
    async with served(module_database) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stranger(api: Served) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that is not signed in."""
    async with httpx2.AsyncClient(base_url=api.url, timeout=30) as http:
        yield http


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def somebody(api: Served) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that is signed in, and stays so whichever route it asks."""
    async with api.signed_up() as (http, _):
        yield http


async def test_the_table_holds_the_routes_that_everybody_knows() -> None:
    """In the document, hidden from it, and mounted."""
    assert {("POST", "/auth/login"), ("GET", "/live"), ("GET", "/dashboard/unified")} < set(ROUTES)
    hidden = {("GET", "/"), ("GET", "/app"), ("GET", "/openapi.json"), ("GET", "/problems/{code}")}
    assert hidden <= set(hidden_from_openapi(without_server()))


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_route_answers_with_the_security_headers(
    stranger: httpx2.AsyncClient, method: str, path: str
) -> None:
    """To somebody whom it does not know."""
    answer = await stranger.request(method, filled(path), headers=JSON)
    _assert_secure(answer)


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_session_takes_no_header_away(
    somebody: httpx2.AsyncClient, method: str, path: str
) -> None:
    """Figures and the feed; the feed's headers come before its first event."""
    cookie = {"cookie": f"access_token={somebody.cookies['access_token']}"}
    async with (
        httpx2.AsyncClient(base_url=somebody.base_url, timeout=30) as http,
        http.stream(method, _kept(path), headers=JSON | _session(path, cookie)) as answer,
    ):
        assert answer.status_code not in (401, 500)
        _assert_secure(answer)


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_is_refused_carries_them_too(stranger: httpx2.AsyncClient, failure: str) -> None:
    """By whichever layer: it stands behind the one that adds them."""
    status, asked = FAILURES[failure]
    answer = await stranger.request(**asked)
    assert answer.status_code == status
    _assert_secure(answer)


def _assert_secure(answer: httpx2.Response) -> None:
    """Each header once, as it is written above; a trace; no promise of https on plain http."""
    said = {name: answer.headers.get_list(name) for name in EXPECTED}
    assert said == {name: [value] for name, value in EXPECTED.items()}
    assert answer.headers["x-trace-id"]
    assert answer.headers["cache-control"]
    assert "strict-transport-security" not in answer.headers


def _session(path: str, cookie: dict[str, str]) -> dict[str, str]:
    """The cookie, but for the route that ends its session."""
    return {} if path == "/auth/logout" else cookie


def _kept(path: str) -> str:
    """The path, asked so that the session of the other tests goes on."""
    return f"{path}?keep_current=true" if path == "/auth/sessions" else filled(path)


async def test_a_defect_carries_them_too(module_database: Database) -> None:
    """Which Starlette would answer in front of all layers."""
    async with application(module_database) as app, client(app) as http:

        @app.get("/broken")
        async def broken() -> None:
            raise RuntimeError("a secret")

        answer = await http.get("/broken")
        assert answer.status_code == 500
        assert "secret" not in answer.text
        _assert_secure(answer)
