"""Changes of `/connections` over HTTP: what they do, who may make them, what they refuse."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from accounts.database import engine, transaction
from accounts.leases import take
from accounts.permissions import Role
from accounts.poll_work import Piece
from accounts.tables.linked import connections
from accounts.tables.people import memberships
from tests.api.connections.conftest import MINUTE, Merchant, recently
from tests.api.signing_in import JSON, application, client
from tests.streams.events import zulu

CHANGES = ("pause", "resume", "sync")


async def test_nothing_is_taken_of_a_paused_connection(merchant: Merchant) -> None:
    """At once, until it is resumed; doing either twice answers the same and logs one line."""
    await merchant.has_due(Piece("today.hours", "hours", "today"))
    control = merchant.app.state.control_engine
    for _ in range(2):
        answer = await merchant.http.post(f"{merchant.path}/pause")
        assert (answer.status_code, answer.json()["state"]) == (200, "paused")
        assert answer.json()["next_run_at"] is None
    assert await take(control, "poller", lease_seconds=60) is None
    for _ in range(2):
        answer = await merchant.http.post(f"{merchant.path}/resume")
        assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    assert await take(control, "poller", lease_seconds=60) is not None
    me = UUID((await merchant.http.get("/auth/me")).json()["user"]["id"])
    own = str(merchant.account.connection_id)
    assert await merchant.logged() == [
        ("connection.paused", own, me),
        ("connection.resumed", own, me),
    ]


async def test_a_read_that_is_asked_for_comes_at_once(merchant: Merchant) -> None:
    """202 with the card; what waited for its time is due, and the log tells who asked."""
    later = recently(-60 * MINUTE)
    await merchant.has_due(Piece("today.hours", "hours", "today", due_at=later))
    control = merchant.app.state.control_engine
    assert await take(control, "poller", lease_seconds=60) is None
    answer = await merchant.http.post(f"{merchant.path}/sync")
    assert answer.status_code == 202
    assert answer.json()["next_run_at"] < zulu(later)
    assert await take(control, "poller", lease_seconds=60) is not None
    assert [action for action, *_ in await merchant.logged()] == ["connection.sync-asked"]


async def test_a_new_label_is_shown(merchant: Merchant) -> None:
    """Without the blanks around it; also of a disconnected connection, which stays that."""
    answer = await merchant.http.patch(merchant.path, json={"label": "  Acme EU "})
    assert (answer.status_code, answer.json()["label"]) == (200, "Acme EU")
    await merchant.writes(update(connections).values(state="disconnected"))
    answer = await merchant.http.patch(merchant.path, json={"label": "Acme old"})
    assert (answer.json()["label"], answer.json()["state"]) == ("Acme old", "disconnected")


@pytest.mark.parametrize(
    ("change", "state", "provider", "code"),
    [
        *((change, "disconnected", "meta", "disconnected") for change in CHANGES),
        ("sync", "paused", "meta", "connection-paused"),
        ("sync", "active", "google", "provider-not-read"),
        ("sync", "disconnected", "google", "disconnected"),
    ],
)
async def test_what_cannot_be_done_in_a_state_is_a_conflict(
    merchant: Merchant, change: str, state: str, provider: str, code: str
) -> None:
    """409 with a code of its own; nothing changes, nothing is logged."""
    merchant.account = await merchant.world.account(merchant.workspace, "x", provider=provider)
    await merchant.writes(update(connections).values(state=state))
    before = await merchant.card()
    answer = await merchant.http.post(f"{merchant.path}/{change}")
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await merchant.card() == before
    assert await merchant.logged() == []


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"label": "Mine now"}),
        *(("POST", f"/{change}", None) for change in CHANGES),
    ],
)
async def test_a_foreign_id_answers_as_one_that_does_not_exist(
    merchant: Merchant, method: str, rest: str, body: Any
) -> None:
    """404 with the same bytes, but for what was asked; the other's connection is as it was."""
    foreign = await merchant.world.account(await merchant.world.workspace())
    said: list[dict[str, Any]] = []
    for connection_id in (foreign.connection_id, uuid4()):
        answer = await merchant.http.request(
            method, f"/connections/{connection_id}{rest}", json=body
        )
        assert answer.status_code == 404
        assert str(connection_id) in answer.json()["instance"]
        said.append({**answer.json(), "instance": "", "trace_id": ""})
    assert said[0] == said[1]
    assert said[0]["code"] == "not-found"
    assert foreign.connection_id not in {
        UUID(each["id"]) for each in (await merchant.http.get("/connections")).json()["connections"]
    }
    control = merchant.app.state.control_engine
    async with transaction(control, workspace_id=foreign.owner.workspace) as db:
        row = (await db.execute(select(connections.c.state, connections.c.label))).one()
    assert tuple(row) == ("active", "Account act_1")


@pytest.mark.parametrize("role", Role)
async def test_owners_and_admins_change_what_viewers_only_see(
    merchant: Merchant, role: Role
) -> None:
    """403 for each change of a viewer."""
    superuser = engine(merchant.world.database.superuser, pool_size=1)
    async with transaction(superuser) as db:
        mine = memberships.c.workspace_id == merchant.workspace
        await db.execute(update(memberships).where(mine).values(role=role.value))
    await superuser.dispose()
    async with application(merchant.world.database) as fresh, client(fresh) as http:
        http.cookies = merchant.http.cookies
        assert (await http.get(merchant.path)).status_code == 200
        changes = [
            await http.patch(merchant.path, json={"label": "New"}),
            *[await http.post(f"{merchant.path}/{change}") for change in CHANGES],
        ]
    wanted = [403] * 4 if role is Role.VIEWER else [200, 200, 200, 202]
    assert [each.status_code for each in changes] == wanted


BAD_LABELS = {
    "no body": "",
    "no JSON": "{",
    "an array": "[]",
    "no label": "{}",
    "null": '{"label": null}',
    "a number": '{"label": 7}',
    "empty": '{"label": ""}',
    "blank": '{"label": "  "}',
    "too long": '{"label": "' + "a" * 81 + '"}',
    "NUL": '{"label": "a\\u0000b"}',
    "two lines": '{"label": "a\\nb"}',
    "a lone surrogate": '{"label": "\\ud800"}',
}


@pytest.mark.parametrize("content", BAD_LABELS.values(), ids=BAD_LABELS)
async def test_a_bad_label_is_a_problem(merchant: Merchant, content: str) -> None:
    """422 that points into the body, and the label stays."""
    answer = await merchant.http.patch(merchant.path, content=content, headers=JSON)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid-request"), problem
    assert all(error["pointer"].startswith("/body") for error in problem["errors"])
    assert (await merchant.card())["label"] == "Account act_1"


@pytest.mark.parametrize(
    ("method", "rest"), [("GET", ""), ("PATCH", ""), *(("POST", f"/{way}") for way in CHANGES)]
)
async def test_an_id_that_is_none_is_a_problem(merchant: Merchant, method: str, rest: str) -> None:
    """422 that points at it, before anything is looked up."""
    body = {"label": "x"} if method == "PATCH" else None
    for path_id in ("1", "null", "%00", "act_1", str(uuid4())[:-1], "x" * 2000):
        answer = await merchant.http.request(method, f"/connections/{path_id}{rest}", json=body)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "invalid-request"), path_id
        assert [error["pointer"] for error in problem["errors"]] == ["/path/connection_id"]
