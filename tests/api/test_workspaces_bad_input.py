"""What each route of `/workspaces` says to what it cannot take."""

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx2
import pytest
import pytest_asyncio

from tests.api.people import Team, team
from tests.api.signing_in import JSON, application
from tests.servers.databases import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOBODY = "00000000-0000-4000-8000-000000000000"
MEMBER = f"/workspaces/current/members/{NOBODY}"
INVITATIONS = "/workspaces/current/invitations"
LOG = "/workspaces/current/audit"
TOKEN = "x" * 43


class Bad(NamedTuple):
    """One request of an owner, and the problem that it is."""

    method: str
    path: str
    body: Any
    status: int
    code: str
    pointers: tuple[str, ...] = ()


def shape(method: str, path: str, body: Any, *pointers: str) -> Bad:
    return Bad(method, path, body, 422, "invalid-request", pointers)


def bodies(method: str, path: str, *pointers: str) -> list[Bad]:
    """No object at all; `pointers` are what an empty one lacks."""
    none = [shape(method, path, body, "/body") for body in ([], "x", None, 7)]
    return [*none, shape(method, path, {}, *pointers)] if pointers else none


def settings(method: str, path: str, good: dict[str, Any]) -> list[Bad]:
    """Values that name, zone, currency and week start cannot have."""
    wrong: dict[str, list[Any]] = {
        "name": ["", "  ", "a" * 81, "a\nb", "a\u0000b", 7, ["x"]],
        "zone": ["Mars/Olympus", "", "europe/berlin", "UTC+1", "../etc/passwd", "x" * 65, 1],
        "currency": ["EU", "EURO", "eur", "E1R", "€€€", "", 978],
        "week_start": ["tuesday", "Monday", "", 1],
    }
    return [
        shape(method, path, {**good, field: value}, f"/body/{field}")
        for field, values in wrong.items()
        for value in values
    ]


ROLES = ["", "Owner", "guest", None, 1, ["viewer"], "owner,admin"]
CASES = [
    *bodies("POST", "/workspaces", "/body/name"),
    *settings("POST", "/workspaces", {"name": "Two"}),
    shape("POST", "/workspaces/x/enter", {}, "/path/workspace_id"),
    Bad("POST", f"/workspaces/{NOBODY}/enter", {}, 404, "not-found"),
    *bodies("PATCH", "/workspaces/current"),
    *settings("PATCH", "/workspaces/current", {}),
    Bad("POST", "/workspaces/current/leave", {}, 409, "last-owner"),
    *bodies("PATCH", MEMBER, "/body/role"),
    *(shape("PATCH", MEMBER, {"role": role}, "/body/role") for role in ROLES),
    shape("PATCH", "/workspaces/current/members/me", {"role": "admin"}, "/path/user_id"),
    Bad("PATCH", MEMBER, {"role": "admin"}, 404, "not-found"),
    shape("DELETE", "/workspaces/current/members/7", None, "/path/user_id"),
    Bad("DELETE", MEMBER, None, 404, "not-found"),
    *bodies("POST", INVITATIONS, "/body/role"),
    *(shape("POST", INVITATIONS, {"role": role}, "/body/role") for role in ROLES),
    *(
        shape("POST", INVITATIONS, {"role": "viewer", "email": email}, "/body/email")
        for email in ("ada", "ada@", "a" * 250 + "@example.com", "a\u0000@example.com", 7, "")
    ),
    shape("DELETE", f"{INVITATIONS}/x", None, "/path/invitation_id"),
    Bad("DELETE", f"{INVITATIONS}/{NOBODY}", None, 404, "not-found"),
    *(
        each
        for end in ("preview", "accept")
        for path in [f"/workspaces/invitations/{end}"]
        for each in (
            *bodies("POST", path, "/body/token"),
            *(
                shape("POST", path, {"token": token}, "/body/token")
                for token in ("", "short", "x" * 129, "x" * 20 + "/", TOKEN + "\n", None, 7)
            ),
            Bad("POST", path, {"token": TOKEN}, 404, "invitation-not-found"),
        )
    ),
    *(
        shape("GET", f"{LOG}?limit={limit}", None, "/query/limit")
        for limit in ("0", "-1", "201", "many", "", "1e2")
    ),
    *(
        Bad("GET", f"{LOG}?cursor={cursor}", None, 422, "invalid-cursor")
        for cursor in ("", "x", "%00", "%ff", "A" * 33, "/" * 32 + "=")
    ),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(module_database: Database) -> AsyncIterator[Team]:
    async with application(module_database) as app, team(app) as made:
        yield made


async def sent(http: httpx2.AsyncClient, bad: Bad) -> httpx2.Response:
    has_body = bad.method in ("POST", "PATCH")
    content = json.dumps(bad.body).encode() if has_body else None
    return await http.request(
        bad.method, bad.path, content=content, headers=JSON if has_body else None
    )


@pytest.mark.parametrize(
    "bad", CASES, ids=[f"{bad.method} {bad.path[:50]} {bad.body!s:.30}" for bad in CASES]
)
async def test_what_cannot_be_taken_is_a_problem_that_says_where(here: Team, bad: Bad) -> None:
    """Status, code, and a JSON pointer to each place that is wrong."""
    answer = await sent(here.owner.http, bad)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (bad.status, bad.code), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert tuple(sorted(each["pointer"] for each in problem["errors"])) == bad.pointers


async def test_nothing_of_it_has_changed_anything(here: Team) -> None:
    """Nor said anything in the log: it has the one line with which it began."""
    lines = (await here.owner.http.get(LOG)).json()["data"]
    assert [each["action"] for each in lines] == ["workspace.made"]
    assert (await here.owner.http.get(INVITATIONS)).json() == {"invitations": []}


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/Argentina/Salta"]
)
async def test_every_zone_that_the_calendar_knows_is_taken(here: Team, zone: str) -> None:
    """By its IANA name."""
    answer = await here.owner.http.patch("/workspaces/current", json={"zone": zone})
    assert (answer.status_code, answer.json()["zone"]) == (200, zone)


async def test_what_is_wrong_with_a_zone_is_said_in_plain_words(here: Team) -> None:
    """Pages show it as it is."""
    answer = await here.owner.http.patch("/workspaces/current", json={"zone": "Berlin"})
    assert [each["message"] for each in answer.json()["errors"]] == [
        "This is no IANA time zone, like Europe/Berlin."
    ]


async def test_more_than_is_asked_for_is_passed_over(here: Team) -> None:
    """Nobody makes a workspace a demo, or another's, by saying so."""
    before = (await here.owner.http.get("/workspaces/current")).json()
    more = {"is_demo": True, "workspace_id": NOBODY, "role": "viewer", "created_at": "2020-01-01"}
    answer = await here.owner.http.patch("/workspaces/current", json=more)
    assert answer.json() == before
