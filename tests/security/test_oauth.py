"""S5: a consent is good once, and for its own session, workspace, platform and shop alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from accounts.database import transaction
from accounts.permissions import Role
from accounts.tables.linked import oauth_states
from accounts.tables.people import audit_log, memberships, sessions
from accounts.tables.vault import tokens
from accounts.workspaces import add_member, add_workspace
from tests.api.signing_in import client
from tests.ingest.connecting import Person, Scene, scene_of
from tests.ingest.consenting import SHOP, decide
from tests.sandbox.running import Sandbox, running
from tests.servers.databases import Database

PROVIDERS = ("meta", "google", "shopify")
EXPIRED = "consent-expired"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """All platforms, with the default shop's accounts."""
    with running(tmp_path_factory.mktemp("consents"), "--days", "2") as sandbox:
        yield sandbox


@pytest.fixture
async def scene(module_database: Database, world: Sandbox) -> AsyncIterator[Scene]:
    """A process of the API whose platforms are the sandbox."""
    async with scene_of(module_database, world) as found:
        yield found


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_consent_is_kept_and_its_address_says_nothing(scene: Scene, provider: str) -> None:
    """The token lies in the vault; the browser is told an id, and no referrer tells the code."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start(provider))
    reply = await somebody.http.get(f"/auth/{provider}/callback", params=dict(answer))
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    told = parse_qs(urlsplit(reply.headers["location"]).query)
    assert told.keys() == {"consent", "provider"}
    assert answer["code"] not in reply.text + str(reply.headers)
    found = await somebody.http.get(f"/auth/{provider}/accounts?consent={told['consent'][0]}")
    assert found.status_code == 200
    assert found.json()["accounts"]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_state_is_good_once(scene: Scene, provider: str) -> None:
    """A second return, even with a fresh code, asks the platform for nothing."""
    somebody = await scene.person()
    page = await somebody.start(provider)
    answer = decide(scene.sandbox, page)
    assert "consent" in await somebody.back(provider, answer)
    kept, exchanged = await scene.kept(), scene.exchanged(provider)
    for again in (answer, decide(scene.sandbox, page)):
        assert (await somebody.back(provider, again))["problem"] == EXPIRED
    assert (await scene.kept(), scene.exchanged(provider)) == (kept, exchanged)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_of_twenty_returns_at_once_one_is_exchanged(scene: Scene, provider: str) -> None:
    """All others find the state used."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start(provider))
    kept, exchanged = await scene.kept(), scene.exchanged(provider)
    told = await asyncio.gather(*(somebody.back(provider, answer) for _ in range(20)))
    assert sum("consent" in one for one in told) == 1
    assert [one["problem"] for one in told if "problem" in one] == [EXPIRED] * 19
    assert await scene.kept() == kept + 1
    assert scene.exchanged(provider) == exchanged + 2  # of Meta short and long, else the pair


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_state_is_its_sessions(scene: Scene, provider: str) -> None:
    """Another person, the same person in another browser, and nobody: nothing is kept of it."""
    somebody, stranger = await scene.person(), await scene.person()
    elsewhere = await scene.person(somebody.user)
    nobody = Person(await scene.held.enter_async_context(client(scene.app)), {}, uuid4(), uuid4())
    answer = decide(scene.sandbox, await somebody.start(provider))
    kept, exchanged = await scene.kept(), scene.exchanged(provider)
    for other in (stranger, elsewhere, nobody):
        assert (await other.back(provider, answer))["problem"] == EXPIRED
    assert (await scene.kept(), scene.exchanged(provider)) == (kept, exchanged)
    assert "consent" in await somebody.back(provider, answer)  # nor is it used up by them


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_state_is_its_workspaces(scene: Scene, provider: str) -> None:
    """Whoever acts in another workspace meanwhile connects nothing to it."""
    somebody, other = await scene.person(), uuid4()
    async with transaction(scene.control, workspace_id=other) as db:
        await add_workspace(db, other, "Other")
        await add_member(db, other, somebody.user_id, Role.OWNER)
    answer = decide(scene.sandbox, await somebody.start(provider))
    kept, exchanged = await scene.kept(), scene.exchanged(provider)
    async with transaction(scene.control, user_id=somebody.user_id) as db:
        await db.execute(update(sessions).values(workspace_id=other))
    await asyncio.sleep(1.1)  # sessions are remembered for a second
    assert (await somebody.back(provider, answer))["problem"] == EXPIRED
    assert (await scene.kept(), scene.exchanged(provider)) == (kept, exchanged)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_state_lasts_ten_minutes(scene: Scene, provider: str) -> None:
    """And is removed when the next one is made."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start(provider))
    async with scene.auditor.connect() as db:
        states = select(oauth_states).where(oauth_states.c.workspace_id == somebody.workspace_id)
        (row,) = (await db.execute(states)).all()
    assert row.expires_at - row.created_at <= timedelta(minutes=10, seconds=1)
    await _make_old(scene, somebody.workspace_id)
    kept, exchanged = await scene.kept(), scene.exchanged(provider)
    assert (await somebody.back(provider, answer))["problem"] == EXPIRED
    assert (await scene.kept(), scene.exchanged(provider)) == (kept, exchanged)
    await somebody.start(provider)
    async with scene.auditor.connect() as db:
        assert len((await db.execute(states)).all()) == 1


@pytest.mark.parametrize(("started", "returned"), list(permutations(PROVIDERS, 2)))
async def test_a_state_is_its_platforms(scene: Scene, started: str, returned: str) -> None:
    """A code of one platform is never shown to another; the state is used up by the attempt."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start(returned))
    foreign = decide(scene.sandbox, await somebody.start(started))
    kept, exchanged = await scene.kept(), scene.exchanged(returned)
    mixed = {**answer, "state": foreign["state"]}
    assert (await somebody.back(returned, mixed))["problem"] == EXPIRED
    assert (await scene.kept(), scene.exchanged(returned)) == (kept, exchanged)


async def test_a_state_is_its_shops(scene: Scene) -> None:
    """Signed for another shop, and signed for none."""
    somebody = await scene.person()
    page = await somebody.start("shopify")
    other = decide(scene.sandbox, page.replace(SHOP, "other-store.myshopify.com"))
    kept, exchanged = await scene.kept(), scene.exchanged("shopify")
    assert other["shop"] == "other-store.myshopify.com"
    assert (await somebody.back("shopify", other))["problem"] == EXPIRED
    answer = decide(scene.sandbox, await somebody.start("shopify"))
    for forged in (
        {**answer, "shop": "other-store.myshopify.com"},
        {**answer, "hmac": "0" * 64},
        {**answer, "code": "another"},
        {name: value for name, value in answer.items() if name != "hmac"},
    ):
        assert (await somebody.back("shopify", forged))["problem"] == EXPIRED
    assert (await scene.kept(), scene.exchanged("shopify")) == (kept, exchanged)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_refusal_uses_the_state_up(scene: Scene, provider: str) -> None:
    """Whoever refused is asked again by a new page, not by the old one."""
    somebody = await scene.person()
    page = await somebody.start(provider)
    kept = await scene.kept()
    refused = await somebody.back(provider, decide(scene.sandbox, page, "refuse"))
    assert refused == {"problem": "consent-refused", "provider": provider}
    later = await somebody.back(provider, decide(scene.sandbox, page))
    assert later["problem"] == EXPIRED
    assert await scene.kept() == kept


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_any_other_return_is_one_answer(scene: Scene, provider: str) -> None:
    """Nothing of it is shown again."""
    somebody = await scene.person()
    for answer in (
        {},
        {"code": "x"},
        {"state": ""},
        {"state": "x", "code": "y"},
        {"state": "\x00", "code": "\x00"},
        {"state": "é" * 5000, "code": "y"},
        {"error": "access_denied"},
        {"error": "<script>alert(1)</script>", "state": "x"},
    ):
        told = await somebody.back(provider, answer)
        assert told == {"problem": EXPIRED, "provider": provider}


async def test_a_platforms_words_are_not_passed_on(scene: Scene) -> None:
    """What stands in the address might be anybody's."""
    somebody = await scene.person()
    for words in ("<script>", "//evil.example", "x\r\nset-cookie: a=b"):
        state = parse_qs(urlsplit(await somebody.start("meta")).query)["state"][0]
        answer = {"state": state, "error": words, "error_description": words}
        assert await somebody.back("meta", answer) == {
            "problem": "platform-refused",
            "provider": "meta",
        }


async def test_a_parameter_that_came_twice_is_none(scene: Scene) -> None:
    """Of two states one would be checked and the other believed."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start("meta"))
    twice = {**answer, "state": [answer["state"]] * 2}
    reply = await somebody.http.get("/auth/meta/callback", params=twice)
    assert "problem=consent-expired" in reply.headers["location"]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_platform_in_trouble_is_said_to_be_away(scene: Scene, provider: str) -> None:
    """Nothing is kept; the person starts again a little later."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start(provider))
    kept = await scene.kept()
    scene.sandbox.order("faults", kind="error", code=2, status=503, times=1, match="token")
    assert (await somebody.back(provider, answer))["problem"] == "platform-away"
    assert await scene.kept() == kept


@pytest.mark.parametrize("provider", ["meta", "google"])
async def test_a_code_that_the_platform_does_not_know_is_refused(
    scene: Scene, provider: str
) -> None:
    """Shopify's would not be signed."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start(provider))
    kept = await scene.kept()
    told = await somebody.back(provider, {**answer, "code": "made-up"})
    assert told == {"problem": "platform-refused", "provider": provider}
    assert await scene.kept() == kept


async def test_a_viewer_starts_nothing_and_finishes_nothing(scene: Scene) -> None:
    """Whoever was made one meanwhile comes back for nothing."""
    somebody = await scene.person()
    answer = decide(scene.sandbox, await somebody.start("meta"))
    await _make_viewer(scene, somebody)
    await asyncio.sleep(1.1)
    assert (await somebody.back("meta", answer))["problem"] == EXPIRED
    refused = await somebody.http.post("/auth/meta/start", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


async def test_what_is_kept_is_sealed_and_what_is_logged_is_no_secret(scene: Scene) -> None:
    """No token of a platform stands in any row."""
    somebody = await scene.person()
    for provider in PROVIDERS:
        await somebody.back(provider, decide(scene.sandbox, await somebody.start(provider)))
    secrets = [one["token"] for one in scene.sandbox.tell("tokens")["tokens"]]
    async with scene.auditor.connect() as db:
        rows = (await db.execute(select(tokens))).all()
        lines = (await db.execute(select(audit_log))).all()
        states = (await db.execute(text("select * from control.oauth_states"))).all()
    everything = repr([*map(tuple, rows), *map(tuple, lines), *map(tuple, states)])
    assert len(rows) >= 3
    assert not [secret for secret in secrets if secret in everything]
    assert {line.action for line in lines} == {"workspace.made", "consent.given"}


async def _make_old(scene: Scene, workspace_id: UUID) -> None:
    await scene.change(
        update(oauth_states)
        .where(oauth_states.c.workspace_id == workspace_id)
        .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    )


async def _make_viewer(scene: Scene, somebody: Person) -> None:
    await scene.change(
        update(memberships)
        .where(memberships.c.user_id == somebody.user_id)
        .values(role=Role.VIEWER.value)
    )
