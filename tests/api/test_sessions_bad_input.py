"""What sessions, passwords, names and API keys say to what they cannot take."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.api.signing_in import JSON, application, client, new_user
from tests.servers.databases import Database

KEYS = "/workspaces/current/api-keys"
NAME: dict[str, Any] = {"name": "Ada"}
CHANGE: dict[str, Any] = {"current": "the present one", "new": "another long one"}
KEY: dict[str, Any] = {"name": "Looker", "scopes": ["read"]}
LONG_AGO, SOON = "2020-01-01T00:00:00Z", (datetime.now(UTC) + timedelta(days=4_000)).isoformat()

BAD_BODIES = [
    *(
        (method, path, name, content, pointers)
        for method, path in (("PATCH", "/auth/me"), ("POST", "/auth/password"), ("POST", KEYS))
        for name, content, pointers in (
            ("no body", "", ["/body"]),
            ("no JSON", "{", None),
            ("an array", "[]", ["/body"]),
            ("null", "null", ["/body"]),
        )
    ),
    *(
        (method, path, f"{field} {value!r:.30}", json.dumps({**good, field: value}), [pointer])
        for method, path, good, field, value, pointer in (
            ("PATCH", "/auth/me", NAME, "name", None, "/body/name"),
            ("PATCH", "/auth/me", NAME, "name", "", "/body/name"),
            ("PATCH", "/auth/me", NAME, "name", " ", "/body/name"),
            ("PATCH", "/auth/me", NAME, "name", 7, "/body/name"),
            ("PATCH", "/auth/me", NAME, "name", "a\x00b", "/body/name"),
            ("PATCH", "/auth/me", NAME, "name", "a\nb", "/body/name"),
            ("PATCH", "/auth/me", NAME, "name", "a" * 81, "/body/name"),
            ("POST", "/auth/password", CHANGE, "current", None, "/body/current"),
            ("POST", "/auth/password", CHANGE, "current", 12345678, "/body/current"),
            ("POST", "/auth/password", CHANGE, "current", "p" * 257, "/body/current"),
            ("POST", "/auth/password", CHANGE, "new", None, "/body/new"),
            ("POST", "/auth/password", CHANGE, "new", "short", "/body/new"),
            ("POST", "/auth/password", CHANGE, "new", "p" * 257, "/body/new"),
            ("POST", KEYS, KEY, "name", "", "/body/name"),
            ("POST", KEYS, KEY, "name", "a\x00b", "/body/name"),
            ("POST", KEYS, KEY, "name", "a" * 81, "/body/name"),
            ("POST", KEYS, KEY, "scopes", None, "/body/scopes"),
            ("POST", KEYS, KEY, "scopes", [], "/body/scopes"),
            ("POST", KEYS, KEY, "scopes", "read", "/body/scopes"),
            ("POST", KEYS, KEY, "scopes", ["all"], "/body/scopes/0"),
            ("POST", KEYS, KEY, "expires_at", "soon", "/body/expires_at"),
            ("POST", KEYS, KEY, "expires_at", "2030-01-01T00:00:00", "/body/expires_at"),
            ("POST", KEYS, KEY, "expires_at", LONG_AGO, "/body/expires_at"),
            ("POST", KEYS, KEY, "expires_at", SOON, "/body/expires_at"),
            ("POST", KEYS, KEY, "expires_at", "9999-12-31T23:59:59-12:00", "/body/expires_at"),
            ("POST", KEYS, KEY, "expires_at", "0001-01-01T00:00:00+12:00", "/body/expires_at"),
            ("POST", KEYS, KEY, "expires_at", 1e300, "/body/expires_at"),
        )
    ),
]

BAD_PLACES = [
    ("DELETE", "/auth/sessions/current", "/path/session_id"),
    ("DELETE", "/auth/sessions/%00", "/path/session_id"),
    ("DELETE", "/auth/sessions?keep_current=perhaps", "/query/keep_current"),
    ("DELETE", f"{KEYS}/mx_live_x", "/path/key_id"),
    ("DELETE", f"{KEYS}/7", "/path/key_id"),
]


@pytest.fixture
async def visitor(module_database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with application(module_database) as app, client(app) as made:
        await made.post("/auth/register", json=new_user())
        yield made


@pytest.mark.parametrize(
    ("method", "path", "content", "pointers"),
    [
        pytest.param(method, path, *rest, id=f"{method} {path} {name}")
        for method, path, name, *rest in BAD_BODIES
    ],
)
async def test_a_bad_body_is_a_problem_that_says_where(
    visitor: httpx2.AsyncClient, method: str, path: str, content: str, pointers: list[str] | None
) -> None:
    """422, one error a field, by JSON pointer; and nobody is signed out by it."""
    answer = await visitor.request(method, path, content=content, headers=JSON)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid-request")
    assert answer.headers["content-type"] == "application/problem+json"
    if pointers is not None:
        assert sorted(error["pointer"] for error in problem["errors"]) == pointers
    assert "the present one" not in answer.text


@pytest.mark.parametrize(("method", "path", "pointer"), BAD_PLACES)
async def test_a_malformed_id_is_a_problem(
    visitor: httpx2.AsyncClient, method: str, path: str, pointer: str
) -> None:
    """422, whatever stands in its place."""
    answer = await visitor.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/auth/me"), ("POST", "/auth/password")])
@pytest.mark.parametrize("content", [b'{"name": "\xff"}', b"[" * 60_000], ids=["bytes", "depth"])
async def test_what_cannot_even_be_read_is_a_problem(
    visitor: httpx2.AsyncClient, method: str, path: str, content: bytes
) -> None:
    """400: there is no field to point at."""
    answer = await visitor.request(method, path, content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


async def test_a_password_of_lone_surrogates_is_a_problem(visitor: httpx2.AsyncClient) -> None:
    """It cannot be hashed, for it is no text."""
    content = '{"current": "the present one", "new": "' + "\\ud800" * 8 + '"}'
    answer = await visitor.post("/auth/password", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
