"""Repairing what webhooks missed, over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

import accounts.clerk.client as backend
from accounts.database import engine
from accounts.tables.people import audit_log
from tests.accounts.clerk import user
from tests.api.clerk_mode import ClerkMode, clerk_mode
from tests.api.signing_in import JSON, application, client, new_user
from tests.servers.databases import Database

REPAIR = "/auth/clerk/repair"


@pytest.fixture
async def mode(database: Database) -> AsyncIterator[ClerkMode]:
    """Of a test's own: a repair reaches all users of a database."""
    async with clerk_mode(database) as made:
        yield made


@pytest.fixture
async def boss(mode: ClerkMode) -> dict[str, str]:
    """The headers of somebody who may repair."""
    signed_in = mode.bearer(mode.newcomer())
    assert (await mode.visitor.get("/auth/me", headers=signed_in)).status_code == 200
    return {**JSON, **signed_in}


async def repair(mode: ClerkMode, headers: dict[str, str]) -> dict[str, int]:
    """The four numbers, in their order."""
    answer = await mode.visitor.post(REPAIR, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(seen: int, created: int = 0, updated: int = 0, deleted: int = 0) -> dict[str, int]:
    return {"seen": seen, "created": created, "updated": updated, "deleted": deleted}


async def test_a_repair_brings_what_webhooks_missed(
    mode: ClerkMode, boss: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over several pages: the new, the changed and the deleted; a second time nothing."""
    monkeypatch.setattr(backend, "PAGE", 3)
    new = [mode.newcomer() for _ in range(7)]
    changed, gone = mode.newcomer(), mode.newcomer()
    for clerk_id in (changed, gone):
        assert (await mode.me(clerk_id)).status_code == 200
    mode.clerk.users[changed] = user(changed, updated_at=1763660009999, first_name="Augusta")
    del mode.clerk.users[gone]

    assert await repair(mode, boss) == numbers(9, created=7, updated=1, deleted=1)
    assert await repair(mode, boss) == numbers(9)
    mode.forget_answers()
    assert (await mode.me(gone)).status_code == 401
    assert (await mode.me(changed)).json()["user"]["name"] == "Augusta Doe"
    assert mode.clerk.count(f"/v1/users/{new[0]}") == 0
    assert (await mode.me(new[0])).status_code == 200
    assert mode.clerk.count(f"/v1/users/{new[0]}") == 0  # known by the repair


async def test_a_user_whom_the_list_passed_over_is_not_deleted(
    mode: ClerkMode, boss: dict[str, str]
) -> None:
    """Pages shift while others are deleted: whoever is missing is asked for by name."""
    there, gone = mode.newcomer(), mode.newcomer()
    for clerk_id in (there, gone):
        await mode.me(clerk_id)
    mode.clerk.passed_over.add(there)
    del mode.clerk.users[gone]
    assert await repair(mode, boss) == numbers(1, deleted=1)
    mode.forget_answers()
    assert (await mode.me(there)).status_code == 200


async def test_who_comes_while_the_list_is_read_is_not_deleted(
    mode: ClerkMode, boss: dict[str, str]
) -> None:
    """A webhook of a user who is not in the pages yet."""
    mode.clerk.delay_seconds = 0.3
    repairing = asyncio.create_task(repair(mode, boss))
    await asyncio.sleep(0.45)
    late = user("user_late", email="late@example.com")
    assert (await mode.tell("user.created", late)).status_code == 204
    assert (await repairing)["deleted"] == 0
    mode.clerk.users["user_late"] = late
    mode.clerk.delay_seconds = 0
    assert (await mode.me("user_late")).status_code == 200


async def test_a_newer_webhook_is_not_undone(mode: ClerkMode, boss: dict[str, str]) -> None:
    """The list may be of before it."""
    ada = mode.newcomer()
    await mode.me(ada)
    newer = user(ada, updated_at=1763660009999, first_name="Augusta")
    await mode.tell("user.updated", newer)
    assert await repair(mode, boss) == numbers(2)
    mode.forget_answers()
    assert (await mode.me(ada)).json()["user"]["name"] == "Augusta Doe"


async def test_repairs_at_once_are_one(mode: ClerkMode, boss: dict[str, str]) -> None:
    """Whoever asks meanwhile is told the same."""
    mode.clerk.delay_seconds = 0.1
    answers = await asyncio.gather(*(repair(mode, boss) for _ in range(5)))
    assert answers == [numbers(1)] * 5
    assert mode.clerk.asked.count("/v1/users") == 1


async def test_retry_after_is_obeyed(mode: ClerkMode, boss: dict[str, str]) -> None:
    """Not a moment sooner, and then it goes on."""
    mode.clerk.failures.append((429, {"retry-after": "1"}))
    before = len(mode.clerk.asked)
    assert await repair(mode, boss) == numbers(1)
    first, second = mode.clerk.asked_at[before:]
    assert second - first >= 1


@pytest.mark.parametrize(
    ("failures", "retry_after"),
    [
        ([(429, {"retry-after": "120"})], "120"),  # longer than anybody waits
        ([(401, {})], "60"),
        ([(422, {})], "60"),
        ([(500, {})] * backend.ATTEMPTS, "1"),
    ],
)
async def test_while_clerk_is_away_nothing_is_deleted(
    mode: ClerkMode,
    boss: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    failures: list[tuple[int, dict[str, str]]],
    retry_after: str,
) -> None:
    """503 with the time to come back; the list was not read to its end."""
    monkeypatch.setattr(backend, "PAGE", 1)
    monkeypatch.setattr(backend, "_FIRST_PAUSE_SECONDS", 0.01)
    ada, gone = mode.newcomer(), mode.newcomer()
    await mode.me(gone)
    del mode.clerk.users[gone]
    mode.clerk.failures.extend(failures)
    answer = await mode.visitor.post(REPAIR, headers=boss)
    assert (answer.status_code, answer.json()["code"]) == (503, "clerk-away")
    assert answer.headers["retry-after"] == retry_after
    mode.clerk.failures.clear()
    mode.forget_answers()
    assert (await mode.me(gone)).status_code == 200
    assert await repair(mode, boss) == numbers(2, created=1, deleted=1)
    assert (await mode.me(ada)).status_code == 200


async def test_an_answer_that_is_no_list_of_users_is_none(
    mode: ClerkMode, boss: dict[str, str]
) -> None:
    """Nor does it delete anybody."""
    mode.clerk.users["broken"] = {"id": 7}
    answer = await mode.visitor.post(REPAIR, headers=boss)
    assert (answer.status_code, answer.json()["code"]) == (503, "clerk-away")


async def test_a_repair_is_in_the_log(
    database: Database, mode: ClerkMode, boss: dict[str, str]
) -> None:
    """Of the workspace of whoever asked for it, by name."""
    me = (await mode.visitor.get("/auth/me", headers=boss)).json()
    await repair(mode, boss)
    auditor = engine(database.auditor)
    async with auditor.connect() as db:
        repairs = select(audit_log).where(audit_log.c.action == "clerk.repaired")
        [line] = (await db.execute(repairs)).all()
    await auditor.dispose()
    assert str(line.actor_id) == me["user"]["id"]
    assert str(line.workspace_id) == me["workspace"]["id"]


async def test_only_who_manages_members_may_repair(mode: ClerkMode) -> None:
    """Nobody without a session does."""
    answer = await mode.visitor.post(REPAIR, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert mode.clerk.asked == []


async def test_without_clerk_there_is_nothing_to_repair(module_database: Database) -> None:
    """By password, or without the key: 409 that names the settings."""
    async with application(module_database) as app, client(app) as visitor:
        await visitor.post("/auth/register", json=new_user())
        answer = await visitor.post(REPAIR, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "clerk-not-set")


async def test_a_repair_passes_over_any_body(mode: ClerkMode, boss: dict[str, str]) -> None:
    """It takes none."""
    for body in (b"", b"{", b"[]", b'{"x": 1}', b"\xff"):
        answer = await mode.visitor.post(REPAIR, content=body, headers=boss)
        assert answer.status_code == 200
