"""Invitations over HTTP: a link that one person uses once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from tests.accounts.team import email_of
from tests.api.people import code, stranger, team
from tests.api.signing_in import PUBLIC_URL, application, client, new_user
from tests.servers.databases import Database

INVITATIONS = "/workspaces/current/invitations"
ACCEPT, PREVIEW = "/workspaces/invitations/accept", "/workspaces/invitations/preview"


@pytest.fixture
async def app(module_database: Database) -> AsyncIterator[FastAPI]:
    async with application(module_database) as made:
        yield made


async def link_of(http: httpx2.AsyncClient, **more: str) -> tuple[str, str]:
    """The token and the id of a new invitation."""
    answer = await http.post(INVITATIONS, json={"role": "viewer", **more})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    place, _, token = made["link"].partition("#")
    assert place == f"{PUBLIC_URL}/app/invitation"
    return token, made["invitation"]["id"]


async def test_whoever_signs_up_to_accept_has_two_workspaces(app: FastAPI) -> None:
    """Their own, and the one they were invited to, in which they act from then on."""
    async with team(app) as here, client(app) as guest:
        token, _ = await link_of(here.admin.http, role="admin")
        own = (await guest.post("/auth/register", json=new_user())).json()["workspace"]
        answer = await guest.post(ACCEPT, json={"token": token})
        assert answer.status_code == 200
        me = answer.json()
        assert me == (await guest.get("/auth/me")).json()
        assert (me["workspace"]["id"], me["workspace"]["role"]) == (
            str(here.workspace_id),
            "admin",
        )
        assert [each["id"] for each in me["workspaces"]] == [own["id"], str(here.workspace_id)]
        assert (await guest.get("/workspaces/current/members")).status_code == 200


async def test_of_twenty_who_accept_at_once_one_joins(app: FastAPI) -> None:
    """200 once, 410 for the others."""
    async with team(app) as here, AsyncExitStack() as held:
        token, _ = await link_of(here.owner.http)
        guests = [(await held.enter_async_context(stranger(app)))[0] for _ in range(20)]
        answers = await asyncio.gather(
            *(guest.http.post(ACCEPT, json={"token": token}) for guest in guests)
        )
        codes = sorted(code(each) for each in answers)
        assert codes == [(200, None), *[(410, "invitation-over")] * 19]
        members = (await here.owner.http.get("/workspaces/current/members")).json()["members"]
        assert len(members) == 4


async def test_accepting_again_says_that_one_is_a_member(app: FastAPI) -> None:
    """And changes nothing: a second click on the same link."""
    async with team(app) as here, stranger(app) as (guest, _):
        token, _ = await link_of(here.owner.http)
        assert (await guest.http.post(ACCEPT, json={"token": token})).status_code == 200
        again = await guest.http.post(ACCEPT, json={"token": token})
        assert code(again) == (409, "already-member")


async def test_a_link_to_an_email_is_for_that_account(app: FastAPI) -> None:
    """Whoever else has it is told so, and does not use it up."""
    async with team(app) as here, stranger(app) as (meant, _), stranger(app) as (other, _):
        token, _ = await link_of(here.owner.http, email=email_of(meant.id).upper())
        refused = await other.http.post(ACCEPT, json={"token": token})
        assert code(refused) == (403, "invitation-for-another")
        assert email_of(meant.id) not in refused.text
        assert (await meant.http.post(ACCEPT, json={"token": token})).status_code == 200


async def test_anybody_with_the_link_sees_what_it_is_to(app: FastAPI) -> None:
    """Signed in or not; once it is over it says no more."""
    async with team(app) as here, client(app) as visitor:
        token, identity = await link_of(here.admin.http, email="grace@example.com")
        offer = (await visitor.post(PREVIEW, json={"token": token})).json()
        assert {**offer, "expires_at": None} == {
            "workspace_name": "Engines",
            "role": "viewer",
            "email": "grace@example.com",
            "invited_by": "Adam Admin",
            "expires_at": None,
        }
        assert (await here.admin.http.delete(f"{INVITATIONS}/{identity}")).status_code == 204
        over = await visitor.post(PREVIEW, json={"token": token})
        assert code(over) == (410, "invitation-over")
        unknown = await visitor.post(PREVIEW, json={"token": "x" * 43})
        assert code(unknown) == (404, "invitation-not-found")
        assert "Engines" not in over.text + unknown.text


async def test_without_a_session_nobody_accepts(app: FastAPI) -> None:
    """The link stays good until they have signed in."""
    async with team(app) as here, client(app) as visitor, stranger(app) as (guest, _):
        token, _ = await link_of(here.owner.http)
        refused = await visitor.post(ACCEPT, json={"token": token})
        assert code(refused) == (401, "not-signed-in")
        assert (await guest.http.post(ACCEPT, json={"token": token})).status_code == 200


async def test_the_list_says_what_has_become_of_each(app: FastAPI) -> None:
    """Newest first, by whom and for whom; never with a link."""
    async with team(app) as here, stranger(app) as (guest, _):
        first, _ = await link_of(here.owner.http)
        await guest.http.post(ACCEPT, json={"token": first})
        _, second = await link_of(here.admin.http)
        await here.admin.http.delete(f"{INVITATIONS}/{second}")
        await link_of(here.admin.http, email="grace@example.com")
        answer = await here.admin.http.get(INVITATIONS)
        shown = [
            (each["state"], each["invited_by"], each["email"])
            for each in answer.json()["invitations"]
        ]
        assert shown == [
            ("open", "Adam Admin", "grace@example.com"),
            ("revoked", "Adam Admin", None),
            ("accepted", "Olga Owner", None),
        ]
        assert "#" not in answer.text


async def test_an_admin_invites_no_owner(app: FastAPI) -> None:
    """Nor ends what an owner has offered to one."""
    async with team(app) as here:
        answer = await here.admin.http.post(INVITATIONS, json={"role": "owner"})
        assert code(answer) == (403, "not-allowed")
        _, identity = await link_of(here.owner.http, role="owner")
        refused = await here.admin.http.delete(f"{INVITATIONS}/{identity}")
        assert code(refused) == (403, "not-allowed")


async def test_a_members_email_is_not_invited(app: FastAPI) -> None:
    """409, before there is a link."""
    async with team(app) as here:
        new = {"role": "viewer", "email": email_of(here.viewer.id)}
        answer = await here.owner.http.post(INVITATIONS, json=new)
        assert code(answer) == (409, "already-member")


async def test_an_invitation_of_others_is_as_none(app: FastAPI) -> None:
    """Status, code and body, but for the id and the trace; it is not revoked."""
    async with team(app) as here, team(app) as others, client(app) as visitor:
        token, foreign = await link_of(others.owner.http)
        bodies: list[object] = []
        for identity in (foreign, uuid4()):
            answer = await here.owner.http.delete(f"{INVITATIONS}/{identity}")
            assert code(answer) == (404, "not-found")
            bodies.append({**answer.json(), "trace_id": 0, "instance": 0})
        assert bodies[0] == bodies[1]
        assert (await visitor.post(PREVIEW, json={"token": token})).status_code == 200


async def test_the_token_reaches_no_log(app: FastAPI) -> None:
    """Made, looked at, misspelt, accepted."""
    with capture_logs() as lines:
        async with team(app) as here, stranger(app) as (guest, _):
            token, _ = await link_of(here.owner.http)
            for sent in (token, token + "x", "short", token):
                await guest.http.post(PREVIEW, json={"token": sent})
                refused = await guest.http.post(ACCEPT, json={"token": sent})
                assert token not in refused.text
    assert token not in str(lines)
