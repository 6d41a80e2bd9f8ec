"""Writes from other sites, on every route that writes."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from runtime.openapi import document
from tests.api.route_table import hidden_from_openapi
from tests.api.signing_in import JSON, application, client, new_user
from tests.servers.databases import Database

PARTNER = "https://partner.example.com"

WRITES = [
    (method.upper(), path)
    for path, operations in document()["paths"].items()
    for method in operations
    if method in ("post", "put", "patch", "delete")
]

FOREIGN: Mapping[str, dict[str, str]] = {
    "cross-site": {**JSON, "sec-fetch-site": "cross-site"},
    "same-site": {**JSON, "sec-fetch-site": "same-site"},
    "cross-site that claims our origin": {
        **JSON,
        "sec-fetch-site": "cross-site",
        "origin": "https://evil.example.com",
    },
    "a foreign origin": {**JSON, "origin": "https://evil.example.com"},
    "an origin that begins like ours": {**JSON, "origin": "http://testserver.evil.example.com"},
    "our origin by another scheme": {**JSON, "origin": "https://other", "host": "testserver"},
    "no origin to speak of": {**JSON, "origin": "null"},
    "plain text": {"content-type": "text/plain"},
    "a form": {"content-type": "application/x-www-form-urlencoded"},
    "a form of parts": {"content-type": "multipart/form-data; boundary=x"},
    "a type that only begins like JSON": {"content-type": "application/jsonp"},
    "no type": {},
}


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database, cors_origins=(PARTNER,)) as made:
        yield made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as made:
        yield made


def test_the_table_of_writes_is_the_applications(app: FastAPI) -> None:
    """What is not in OpenAPI, and writes, would not be asked here."""
    hidden = [each for each in hidden_from_openapi(app) if each[0] not in ("GET", "HEAD")]
    assert hidden == []
    assert ("POST", "/auth/login") in WRITES


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
async def test_a_foreign_write_is_refused(
    visitor: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    """403 before the route is reached, with a problem that says why."""
    answer = await visitor.request(method, path, content=b"{}", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] in ("cross-site-write", "not-json")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {},  # no browser
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},  # typed into the address bar
        {"origin": "http://testserver"},  # a browser without Fetch-Metadata
        {"sec-fetch-site": "cross-site", "origin": PARTNER},  # configured
        {"origin": PARTNER + "/"},
    ],
)
async def test_our_own_writes_and_those_of_no_browser_pass(
    visitor: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    """JSON with a character set is JSON, too."""
    json_utf8 = {"content-type": "application/json; charset=utf-8", **headers}
    answer = await visitor.post("/auth/register", json=new_user(), headers=json_utf8)
    assert answer.status_code == 201


async def test_reads_from_other_sites_reach_the_route(visitor: httpx2.AsyncClient) -> None:
    """A link in an e-mail leads somewhere; without a cookie, to 401."""
    answer = await visitor.get("/auth/me", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 401


async def test_a_write_without_a_body_needs_no_type(visitor: httpx2.AsyncClient) -> None:
    """There is nothing whose type could be said."""
    answer = await visitor.post("/auth/logout", headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 204


def preflight(origin: str) -> dict[str, Any]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }


async def test_a_configured_origin_may_send_its_cookie(visitor: httpx2.AsyncClient) -> None:
    """CORS with credentials, for that origin by name."""
    answer = await visitor.options("/auth/login", headers=preflight(PARTNER))
    assert answer.headers["access-control-allow-origin"] == PARTNER
    assert answer.headers["access-control-allow-credentials"] == "true"


async def test_any_other_origin_may_not(visitor: httpx2.AsyncClient) -> None:
    """Neither in the preflight nor in the answer itself."""
    foreign = "https://evil.example.com"
    for answer in (
        await visitor.options("/auth/login", headers=preflight(foreign)),
        await visitor.get("/auth/me", headers={"origin": foreign}),
    ):
        assert "access-control-allow-origin" not in answer.headers
