"""Signing in with Clerk's tokens, over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select, update

import api.live.hub as hubs
from accounts.clerk.verify import SKEW_SECONDS
from accounts.database import engine
from accounts.session import LIFETIME
from accounts.tables.people import sessions, users
from tests.accounts.clerk import SigningKey, claims, user
from tests.api.clerk_mode import SIGN_IN_URL, ClerkMode, clerk_mode
from tests.api.serving import served, streamed
from tests.api.signing_in import application, client, new_user
from tests.servers.databases import Database


@pytest.fixture
async def mode(module_database: Database) -> AsyncIterator[ClerkMode]:
    async with clerk_mode(module_database) as made:
        yield made


async def test_the_mode_says_where_people_sign_in(
    module_database: Database, mode: ClerkMode
) -> None:
    """To anybody, for it is asked before there is a session."""
    told = (await mode.visitor.get("/auth/mode")).json()
    assert told == {"mode": "clerk", "sign_in_url": SIGN_IN_URL, "simulated": False}
    async with application(module_database, simulated=True) as app, client(app) as visitor:
        told = (await visitor.get("/auth/mode")).json()
        assert told == {"mode": "password", "sign_in_url": None, "simulated": True}


async def test_a_token_signs_its_user_in_at_first_sight(mode: ClerkMode) -> None:
    """Clerk is asked who it is, once; they own a workspace of their own."""
    ada = mode.newcomer(first_name="Ada", last_name="Lovelace")
    answers = [await mode.me(ada) for _ in range(3)]
    me = answers[0].json()
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (me["user"]["name"], me["workspace"]["name"]) == (
        "Ada Lovelace",
        "Ada Lovelace’s workspace",
    )
    assert me["workspace"]["role"] == "owner"
    assert mode.clerk.count(f"/v1/users/{ada}") == 1


async def test_first_requests_at_once_make_one_user_and_one_session(
    module_database: Database, mode: ClerkMode
) -> None:
    """A page asks for several things at once."""
    ada = mode.newcomer()
    answers = await asyncio.gather(*(mode.me(ada) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    [user_id] = {answer.json()["user"]["id"] for answer in answers}
    assert mode.clerk.count(f"/v1/users/{ada}") == 1
    auditor = engine(module_database.auditor)
    async with auditor.connect() as db:
        rows = await db.execute(select(sessions).where(sessions.c.user_id == user_id))
        assert len(rows.all()) == 1
    await auditor.dispose()


async def test_the_cookie_of_clerk_signs_in_too(mode: ClerkMode) -> None:
    """`__session`, or with a suffix; of two the newest of our issuer."""
    ada = mode.newcomer()
    token = mode.clerk.token(ada)
    foreign = SigningKey().sign(claims("https://clerk.other.example"))
    for cookie in (
        f"__session={token}",
        f"__session_Ab12={token}",
        f"__session={foreign}; __session_Ab12={token}; __session_x=rubbish",
    ):
        answer = await mode.visitor.get("/auth/me", headers={"cookie": cookie})
        assert answer.status_code == 200, cookie
    for cookie in (f"session={token}", f"access_token={token}", f"__sessions={token}"):
        answer = await mode.visitor.get("/auth/me", headers={"cookie": cookie})
        assert answer.status_code == 401, cookie


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer mx_live_x"]
)
async def test_what_is_no_token_signs_nobody_in(mode: ClerkMode, header: str) -> None:
    """The same answer as without any."""
    answer = await mode.visitor.get("/auth/me", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


async def test_a_forged_token_signs_nobody_in(mode: ClerkMode) -> None:
    """Over HTTP, too; `test_clerk_tokens.py` has every way to forge one."""
    ada = mode.newcomer()
    forged = SigningKey("ins_other").sign(claims(mode.clerk.url, ada), kid="ins_1")
    answer = await mode.visitor.get("/auth/me", headers={"authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


async def test_a_cookie_of_ours_is_none_here(module_database: Database, mode: ClerkMode) -> None:
    """Whoever signed in by password before Clerk came has to sign in anew."""
    async with application(module_database) as app, client(app) as before:
        await before.post("/auth/register", json=new_user())
        cookie = f"access_token={before.cookies['access_token']}"
    answer = await mode.visitor.get("/auth/me", headers={"cookie": cookie})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/auth/register", "/auth/login", "/auth/password"])
async def test_passwords_are_not_taken(mode: ClerkMode, path: str) -> None:
    """409 that says where to go, whatever the body is."""
    for body in (new_user(), {}):
        answer = await mode.visitor.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "clerk-mode")


async def test_a_session_that_was_ended_refuses_its_valid_token(mode: ClerkMode) -> None:
    """At once; Clerk is told, so that its page asks anew, and another session is not touched."""
    ada = mode.newcomer()
    here, there = {"sid": f"sess_{ada}_1"}, {"sid": f"sess_{ada}_2"}
    assert (await mode.me(ada, **here)).status_code == 200
    assert (await mode.me(ada, **there)).status_code == 200
    answer = await mode.visitor.post("/auth/logout", headers=mode.bearer(ada, **here))
    assert answer.status_code == 204
    assert (await mode.me(ada, **here)).status_code == 401
    assert (await mode.me(ada, **there)).status_code == 200
    mode.forget_answers()
    assert (await mode.me(ada, **here)).status_code == 401
    await asyncio.gather(*mode.app.state.sessions._telling)
    assert mode.clerk.ended == [here["sid"]]


async def test_sessions_are_listed_and_ended_like_any(mode: ClerkMode) -> None:
    """By the routes of every session: one that is ended elsewhere is refused here."""
    ada = mode.newcomer()
    here, there = {"sid": f"sess_{ada}_1"}, {"sid": f"sess_{ada}_2"}
    for sid in (here, there):
        assert (await mode.me(ada, **sid)).status_code == 200
    asking = mode.bearer(ada, **here)
    listed = (await mode.visitor.get("/auth/sessions", headers=asking)).json()["sessions"]
    assert sorted(each["is_current"] for each in listed) == [False, True]
    [other] = [each["id"] for each in listed if not each["is_current"]]
    answer = await mode.visitor.delete(f"/auth/sessions/{other}", headers=asking)
    assert answer.status_code == 204
    assert (await mode.me(ada, **there)).status_code == 401
    assert (await mode.me(ada, **here)).status_code == 200
    await mode.visitor.delete("/auth/sessions", headers=asking)
    mode.forget_answers()
    assert (await mode.me(ada, **here)).status_code == 401


async def test_a_session_acts_where_it_was_switched_to(mode: ClerkMode) -> None:
    """The next token of the same session, too; another session stays where it is."""
    ada = mode.newcomer()
    here, there = {"sid": f"sess_{ada}_1"}, {"sid": f"sess_{ada}_2"}
    first = (await mode.me(ada, **there)).json()["workspace"]["id"]
    made = await mode.visitor.post(
        "/workspaces", json={"name": "Second"}, headers=mode.bearer(ada, **here)
    )
    assert made.status_code == 201
    assert (await mode.me(ada, **here)).json()["workspace"]["name"] == "Second"
    assert (await mode.me(ada, **there)).json()["workspace"]["id"] == first


async def test_a_stream_ends_with_its_token(
    module_database: Database, mode: ClerkMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser opens it again with the next one, where it was."""
    monkeypatch.setattr(hubs, "SESSION_CHECK_SECONDS", 0.3)
    ada = mode.newcomer()
    ends = int(time.time()) - SKEW_SECONDS + 2
    async with served(module_database, clerk=mode.clerk.settings()) as watched:
        for header, is_over in ((mode.bearer(ada, exp=ends), True), (mode.bearer(ada), False)):
            async with (
                httpx2.AsyncClient(base_url=watched.url, headers=header) as reader,
                streamed(reader) as stream,
            ):
                if is_over:
                    await stream.ended(6)
                else:
                    await stream.until(lambda event: event.name == "snapshot")
                    await stream.nothing(1)


async def test_a_session_begins_with_seven_days_and_rolls(
    module_database: Database, mode: ClerkMode
) -> None:
    """Each day on which it is used gives it seven more; one that ran out lives on with Clerk's."""
    ada = mode.newcomer()
    user_id = (await mode.me(ada)).json()["user"]["id"]
    superuser = engine(module_database.superuser)
    for left in (timedelta(days=5), timedelta(seconds=-1)):
        async with superuser.begin() as db:
            ends = update(sessions).where(sessions.c.user_id == user_id)
            await db.execute(ends.values(expires_at=datetime.now(UTC) + left))
        mode.forget_answers()
        assert (await mode.me(ada)).status_code == 200
        async with superuser.connect() as db:
            query = select(sessions.c.expires_at).where(sessions.c.user_id == user_id)
            [expires_at] = (await db.execute(query)).scalars().all()
        assert expires_at > datetime.now(UTC) + LIFETIME - timedelta(minutes=1)
    await superuser.dispose()


async def test_an_ended_session_outlives_the_purge(
    module_database: Database, mode: ClerkMode
) -> None:
    """Clerk would give tokens for it as long as it likes; without the row it would begin anew."""
    ada = mode.newcomer()
    user_id = (await mode.me(ada)).json()["user"]["id"]
    await mode.visitor.post("/auth/logout", headers=mode.bearer(ada))
    superuser = engine(module_database.superuser)
    async with superuser.begin() as db:
        ends = update(sessions).where(sessions.c.user_id == user_id)
        await db.execute(ends.values(expires_at=datetime.now(UTC) - timedelta(days=30)))
    assert (await mode.me(mode.newcomer())).status_code == 200  # a new session purges
    assert (await mode.me(ada)).status_code == 401
    async with superuser.connect() as db:
        kept = select(sessions).where(sessions.c.user_id == user_id)
        assert len((await db.execute(kept)).all()) == 1
    await superuser.dispose()


async def test_whom_clerk_does_not_know_is_asked_for_once_in_half_a_minute(
    mode: ClerkMode,
) -> None:
    """A token of a user who is gone: refused, and not asked about at each request."""
    for _ in range(3):
        assert (await mode.me("user_nobody")).status_code == 401
        mode.forget_answers()
    assert mode.clerk.count("/v1/users/user_nobody") == 1


async def test_without_a_secret_key_only_webhooks_bring_users(module_database: Database) -> None:
    """401 until one has told of the user, and nothing is asked of Clerk."""
    async with clerk_mode(module_database, secret_key=None) as mode:
        ada = mode.newcomer()
        assert (await mode.me(ada)).status_code == 401
        told = await mode.tell("user.created", mode.clerk.users[ada])
        assert told.status_code == 204
        mode.forget_answers()
        assert (await mode.me(ada)).status_code == 200
        assert mode.clerk.count("/v1/") == 0


async def test_while_clerk_is_away_nobody_is_signed_out(
    module_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 where nothing can be said; whoever was seen before goes on."""
    monkeypatch.setattr("accounts.clerk.client._FIRST_PAUSE_SECONDS", 0.01)
    async with clerk_mode(module_database) as mode:
        ada = mode.newcomer()
        assert (await mode.me(ada)).status_code == 200
        mode.clerk.is_away = True
        assert (await mode.me(ada)).status_code == 200
        answer = await mode.me(mode.newcomer())
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    async with clerk_mode(module_database) as mode:
        mode.clerk.is_away = True
        assert (await mode.me(mode.newcomer())).status_code == 503


async def test_somebody_who_registered_before_keeps_their_workspace(
    module_database: Database, mode: ClerkMode
) -> None:
    """By the e-mail that Clerk verified."""
    new = new_user(workspace_name="Engines")
    async with application(module_database) as app, client(app) as before:
        registered = (await before.post("/auth/register", json=new)).json()
    me = (await mode.me(mode.newcomer(email=new["email"]))).json()
    assert me["user"]["id"] == registered["user"]["id"]
    assert me["workspace"]["name"] == "Engines"


async def test_a_deleted_user_is_refused_at_once(
    module_database: Database, mode: ClerkMode
) -> None:
    """Within the second for which an answer is kept; a new session does not begin either."""
    ada = mode.newcomer()
    me = (await mode.me(ada)).json()
    await mode.tell("user.deleted", {"id": ada, "object": "user", "deleted": True})
    await asyncio.sleep(1.1)
    assert (await mode.me(ada)).status_code == 401
    assert (await mode.me(ada, sid="sess_new")).status_code == 401
    auditor = engine(module_database.auditor)
    async with auditor.connect() as db:
        row = (await db.execute(select(users).where(users.c.user_id == me["user"]["id"]))).one()
    await auditor.dispose()
    assert me["user"]["email"] not in str(row)


async def test_what_clerk_changes_shows(mode: ClerkMode) -> None:
    """A new name, and a new address."""
    ada = mode.newcomer()
    await mode.me(ada)
    changed = user(ada, updated_at=1763660009999, email=f"{ada}@new.example.com", last_name="King")
    await mode.tell("user.updated", changed)
    mode.forget_answers()
    shown = (await mode.me(ada)).json()["user"]
    assert (shown["name"], shown["email"]) == ("Jane King", f"{ada}@new.example.com")
