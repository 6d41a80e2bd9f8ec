"""What `/auth/*` says to bodies that it cannot take."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.api.signing_in import JSON, PASSWORD, application, client
from tests.servers.databases import Database

EMAIL = "ada@example.com"


@pytest.fixture
async def visitor(module_database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with application(module_database) as app, client(app) as made:
        yield made


def body(**changed: Any) -> str:
    """A good body with one field changed; None leaves it out."""
    fields = {"email": EMAIL, "password": PASSWORD, **changed}
    return json.dumps({name: value for name, value in fields.items() if value is not None})


BAD_FOR_BOTH = {
    "no body": ("", ["/body"]),
    "no JSON": ("{", None),
    "an array": ("[]", ["/body"]),
    "a string": ('"x"', ["/body"]),
    "null": ("null", ["/body"]),
    "nothing": ("{}", ["/body/email", "/body/password"]),
    "no e-mail": (body(email=None), ["/body/email"]),
    "no password": (body(password=None), ["/body/password"]),
    "e-mail that is none": (body(email="ada"), ["/body/email"]),
    "e-mail with NUL": (body(email="a\x00da@example.com"), ["/body/email"]),
    "e-mail with a line break": (body(email="ada@example.com\n"), ["/body/email"]),
    "e-mail that is too long": (body(email="a" * 250 + "@example.com"), ["/body/email"]),
    "e-mail that fills a body": (body(email="a" * 60_000 + "@example.com"), ["/body/email"]),
    "e-mail that is a number": (body(email=7), ["/body/email"]),
    "password that is a number": (body(password=12345678), ["/body/password"]),
    "password that is too long": (body(password="p" * 257), ["/body/password"]),
    "password of a lone surrogate": (
        '{"email": "ada@example.com", "password": "\\ud800\\ud800\\ud800\\ud800xxxx"}',
        None,
    ),
}

BAD_FOR_SIGNING_UP = {
    "password that is too short": (body(password="p" * 7), ["/body/password"]),
    "empty name": (body(name="  "), ["/body/name"]),
    "name with NUL": (body(name="A\x00da"), ["/body/name"]),
    "name that is too long": (body(name="a" * 81), ["/body/name"]),
    "workspace that is a list": (body(workspace_name=["x"]), ["/body/workspace_name"]),
    "workspace of two lines": (body(workspace_name="a\nb"), ["/body/workspace_name"]),
    "workspace of a lone surrogate": (
        '{"email": "ada@example.com", "password": "long enough", "workspace_name": "\\udc00"}',
        None,
    ),
}

CASES = [
    *(("/auth/login", name, *case) for name, case in BAD_FOR_BOTH.items()),
    *(("/auth/register", name, *case) for name, case in BAD_FOR_BOTH.items()),
    *(("/auth/register", name, *case) for name, case in BAD_FOR_SIGNING_UP.items()),
]


@pytest.mark.parametrize(
    ("path", "content", "pointers"),
    [pytest.param(path, *rest, id=f"{path} {name}") for path, name, *rest in CASES],
)
async def test_a_bad_body_is_a_problem_that_says_where(
    visitor: httpx2.AsyncClient, path: str, content: str | bytes, pointers: list[str] | None
) -> None:
    """422 as application/problem+json, one error a field, by JSON pointer."""
    answer = await visitor.post(path, content=content, headers=JSON)
    problem = answer.json()
    assert answer.status_code == 422, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == "invalid-request"
    assert problem["instance"] == path
    if pointers is not None:
        assert sorted(error["pointer"] for error in problem["errors"]) == pointers


@pytest.mark.parametrize(
    "password", ["password", "PASSWORD1", "ada@example.com", "Metricx!1", "metricx2026"]
)
async def test_a_password_that_everybody_tries_is_a_problem(
    visitor: httpx2.AsyncClient, password: str
) -> None:
    """422 with its own code, before anything is hashed; signing in with it is merely wrong."""
    content = body(password=password)
    answer = await visitor.post("/auth/register", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "password-breached")
    answer = await visitor.post("/auth/login", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong-credentials")


async def test_what_is_wrong_with_an_email_is_said_in_plain_words(
    visitor: httpx2.AsyncClient,
) -> None:
    """Pages show it as it is."""
    answer = await visitor.post("/auth/register", content=body(email="a@b"), headers=JSON)
    assert [error["message"] for error in answer.json()["errors"]] == [
        "The part after the @-sign is not valid. It should have a period."
    ]


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
@pytest.mark.parametrize("content", [b'{"email": "\xff"}', b"[" * 65_000], ids=["bytes", "depth"])
async def test_what_cannot_even_be_read_is_a_problem(
    visitor: httpx2.AsyncClient, path: str, content: bytes
) -> None:
    """400: there is no field to point at."""
    answer = await visitor.post(path, content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/auth/login"), ("PUT", "/auth/register"), ("DELETE", "/auth/me")],
)
async def test_another_method_is_a_problem(
    visitor: httpx2.AsyncClient, method: str, path: str
) -> None:
    """405, with what the path does take."""
    answer = await visitor.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"]


async def test_more_than_is_asked_for_is_passed_over(visitor: httpx2.AsyncClient) -> None:
    """A client of tomorrow may send more; nobody makes themselves a demo by it."""
    fields = json.loads(body(email="more@example.com"))
    more = {"is_demo": True, "role": "owner", "workspace_id": "0"}
    answer = await visitor.post("/auth/register", json={**fields, **more})
    assert answer.status_code == 201
    assert answer.json()["workspace"]["is_demo"] is False
