"""The log of changes over HTTP: for owners, newest first."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.api.people import code, stranger, team
from tests.api.signing_in import application
from tests.servers.databases import Database

LOG = "/workspaces/current/audit"


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database) as made:
        yield made


async def test_every_change_is_there_newest_first(app: FastAPI) -> None:
    """Who did what to whom, by the names they have."""
    async with team(app) as here, stranger(app) as (guest, _):
        await here.admin.http.patch("/workspaces/current", json={"name": "Engines II"})
        new = {"role": "viewer", "email": "grace@example.com"}
        made = await here.admin.http.post("/workspaces/current/invitations", json=new)
        identity = made.json()["invitation"]["id"]
        await here.admin.http.delete(f"/workspaces/current/invitations/{identity}")
        link = await here.owner.http.post(
            "/workspaces/current/invitations", json={"role": "viewer"}
        )
        token = link.json()["link"].partition("#")[2]
        await guest.http.post("/workspaces/invitations/accept", json={"token": token})
        members = "/workspaces/current/members"
        await here.owner.http.patch(f"{members}/{guest.id}", json={"role": "admin"})
        await here.owner.http.delete(f"{members}/{here.viewer.id}")
        await here.admin.http.post("/workspaces/current/leave")
        lines = (await here.owner.http.get(LOG)).json()["data"]
        shown = [(each["action"], each["actor"]["name"], each["target"]) for each in lines]
        assert shown == [
            ("workspace.left", None, "Engines II"),
            ("member.removed", "Olga Owner", str(here.viewer.id)),
            ("member.role-changed", "Olga Owner", "Sven Stranger"),
            ("member.joined", "Sven Stranger", "Sven Stranger"),
            ("invitation.made", "Olga Owner", lines[4]["target"]),
            ("invitation.revoked", None, "grace@example.com"),
            ("invitation.made", None, "grace@example.com"),
            ("workspace.changed", None, "Engines II"),
            ("workspace.made", "Olga Owner", "Engines II"),
        ]
        assert lines[2]["details"] == {"from": "viewer", "to": "admin"}
        assert lines[7]["details"] == {"name": {"from": "Engines", "to": "Engines II"}}


async def test_pages_follow_each_other(app: FastAPI) -> None:
    """Each line once, then no cursor."""
    async with team(app) as here:
        for number in range(4):
            await here.owner.http.patch("/workspaces/current", json={"name": f"Name {number}"})
        seen: list[str] = []
        asked: dict[str, str] = {"limit": "2"}
        while True:
            answer = (await here.owner.http.get(LOG, params=asked)).json()
            seen += [each["id"] for each in answer["data"]]
            assert answer["page"]["has_more"] == (answer["page"]["next_cursor"] is not None)
            if not answer["page"]["has_more"]:
                break
            asked["cursor"] = answer["page"]["next_cursor"]
        assert (len(seen), len(set(seen))) == (5, 5)
        whole = (await here.owner.http.get(LOG)).json()
        assert [each["id"] for each in whole["data"]] == seen
        assert whole["page"] == {"next_cursor": None, "has_more": False}


@pytest.mark.parametrize("cursor", ["", "x", "x" * 32 + "=", "é", "0" * 4_000])
async def test_a_cursor_that_is_none_is_a_problem(app: FastAPI, cursor: str) -> None:
    """422 of its own, so that a page can begin anew."""
    async with team(app) as here:
        answer = await here.owner.http.get(LOG, params={"cursor": cursor})
        assert code(answer) == (422, "invalid-cursor")


async def test_owners_alone_read_it(app: FastAPI) -> None:
    """Nobody else, not even of what they did themselves."""
    async with team(app) as here:
        for person in (here.admin, here.viewer):
            assert code(await person.http.get(LOG)) == (403, "not-allowed")
