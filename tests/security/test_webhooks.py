"""Webhooks of Clerk: only what its secret signed just now, and each delivery once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from standardwebhooks import Webhook

from accounts.database import engine, transaction
from accounts.deliveries import KEPT_DAYS, PURGED_AT_ONCE, is_first, purge
from accounts.tables.people import clerk_users, users, webhook_deliveries
from tests.accounts.clerk import user
from tests.api.clerk_mode import WEBHOOK_SECRET, ClerkMode, clerk_mode, event, signed
from tests.api.signing_in import JSON, application, client
from tests.servers.databases import Database
from web.webhooks import BadSignature, SignedWebhooks

OLD_SECRET = "whsec_b2xkLXNlY3JldC1vZi10aGUtdGVzdHM="
PATH = "/webhooks/clerk"


@pytest.fixture
async def mode(module_database: Database) -> AsyncIterator[ClerkMode]:
    async with clerk_mode(module_database, is_served=False) as made:
        yield made


def new_user(**changed: Any) -> dict[str, Any]:
    """A user that only this test tells of."""
    own = uuid4().hex
    return user(f"user_{own}", email=f"{own}@example.com", **changed)


async def names(database: Database, clerk_id: str) -> list[str]:
    """The name of the user, if there is one."""
    auditor = engine(database.auditor)
    query = select(users.c.name).join(clerk_users, clerk_users.c.user_id == users.c.user_id)
    async with auditor.connect() as db:
        found = await db.execute(query.where(clerk_users.c.clerk_id == clerk_id))
        result = list(found.scalars())
    await auditor.dispose()
    return result


def test_the_published_vector_is_accepted_and_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secret, id, time and body of svix's example: its signature is the independent one's, too."""
    body, at = b'{"type":"user.created"}', 1700000000
    expected = "v1,/HRmmV5yioITFHJMspCfR5QO6edfJ3eVRTL8SQIDxQ0="
    headers = signed(body, delivery_id="msg_1", at=at)
    assert headers["svix-signature"] == expected
    by_library = Webhook(WEBHOOK_SECRET).sign(
        "msg_1", datetime.fromtimestamp(at, UTC), body.decode()
    )
    assert by_library == expected
    monkeypatch.setattr("standardwebhooks.webhooks.datetime", _At1700000000)
    assert SignedWebhooks([WEBHOOK_SECRET]).delivery_id(headers, body) == "msg_1"


class _At1700000000(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime.fromtimestamp(1700000000, tz)


@pytest.mark.parametrize("prefix", ["svix", "webhook"])
async def test_a_signed_webhook_has_its_effect(
    module_database: Database, mode: ClerkMode, prefix: str
) -> None:
    """Under svix's names of the headers, and under the standard's."""
    data = new_user()
    answer = await mode.tell("user.created", data, prefix=prefix)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await names(module_database, data["id"]) == ["Jane Doe"]


async def test_what_the_library_signs_is_accepted(
    module_database: Database, mode: ClerkMode
) -> None:
    """Beside the signatures that these tests make by hand."""
    data, now = new_user(), datetime.now(UTC)
    body = event("user.created", data)
    signature = Webhook(WEBHOOK_SECRET).sign("msg_by_library", now, body.decode())
    headers = {
        **JSON,
        "svix-id": "msg_by_library",
        "svix-timestamp": str(int(now.timestamp())),
        "svix-signature": f"v2,AAAA {signature} v1a,BBBB",
    }
    answer = await mode.visitor.post(PATH, content=body, headers=headers)
    assert answer.status_code == 204
    assert await names(module_database, data["id"]) == ["Jane Doe"]


BODY = event("user.created", user("user_forged"))


def refused() -> dict[str, tuple[bytes, dict[str, str]]]:
    """Signed now: what was signed as this file was read would be too old in a long run."""
    good = signed(BODY)
    return {
        "an altered body": (BODY.replace(b"Jane", b"Jana"), signed(BODY)),
        "a longer body": (BODY + b" ", signed(BODY)),
        "JSON that was encoded anew": (
            json.dumps(json.loads(BODY), separators=(",", ":")).encode(),
            signed(BODY),
        ),
        "no body": (b"", signed(BODY)),
        "a body that is no text": (b"\xff", signed(BODY)),
        "another id with the same body": (BODY, {**signed(BODY), "svix-id": "msg_other"}),
        "another time": (BODY, {**signed(BODY), "svix-timestamp": str(int(time.time()) + 1)}),
        "a secret that is none of ours": (BODY, signed(BODY, secret=OLD_SECRET)),
        "too old": (BODY, signed(BODY, at=time.time() - 302)),
        "from the future": (BODY, signed(BODY, at=time.time() + 330)),
        "no signature": (BODY, {**signed(BODY), "svix-signature": ""}),
        "no headers": (BODY, JSON),
        "no id": (BODY, {k: v for k, v in good.items() if k != "svix-id"}),
        "no time": (BODY, {k: v for k, v in good.items() if k != "svix-timestamp"}),
        "a time that is no number": (BODY, {**signed(BODY), "svix-timestamp": "now"}),
        "a time that is not finite": (BODY, {**signed(BODY), "svix-timestamp": "nan"}),
        "another version": (
            BODY,
            {**good, "svix-signature": good["svix-signature"].replace("v1,", "v2,")},
        ),
        "no version": (
            BODY,
            {**good, "svix-signature": good["svix-signature"].removeprefix("v1,")},
        ),
        "too many commas": (BODY, {**good, "svix-signature": "v1,a,b"}),
        "no base64": (BODY, {**good, "svix-signature": "v1,%"}),
        "an empty signature": (BODY, {**good, "svix-signature": "v1,"}),
        "names of two kinds": (
            BODY,
            {**JSON, "svix-id": good["svix-id"]}
            | {f"webhook-{part}": good[f"svix-{part}"] for part in ("timestamp", "signature")},
        ),
    }


@pytest.mark.parametrize("case", refused())
async def test_a_webhook_that_is_not_signed_is_refused(
    module_database: Database, mode: ClerkMode, case: str
) -> None:
    """401 without a word of what was wrong, and nothing is done."""
    body, headers = refused()[case]
    answer = await mode.visitor.post(PATH, content=body, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (401, "bad-signature")
    assert (problem["detail"], problem["errors"]) == (None, [])
    assert await names(module_database, "user_forged") == []


@pytest.mark.parametrize("seconds", [-298, 298])
async def test_five_minutes_either_way_are_accepted(mode: ClerkMode, seconds: int) -> None:
    """Clocks differ, and a network may be slow."""
    answer = await mode.tell("user.created", new_user(), at=time.time() + seconds)
    assert answer.status_code == 204


async def test_a_secret_is_replaced_without_a_gap(module_database: Database) -> None:
    """While both are set either may sign; the old one ends when it is removed."""
    async with clerk_mode(
        module_database, is_served=False, webhook_secrets=(WEBHOOK_SECRET, OLD_SECRET)
    ) as mode:
        for secret in (WEBHOOK_SECRET, OLD_SECRET):
            assert (await mode.tell("user.created", new_user(), secret=secret)).status_code == 204
    async with clerk_mode(module_database, is_served=False) as mode:
        answer = await mode.tell("user.created", new_user(), secret=OLD_SECRET)
        assert answer.status_code == 401


def test_no_secret_accepts_nothing() -> None:
    """Not even what an empty secret would sign."""
    with pytest.raises(BadSignature):
        SignedWebhooks([]).delivery_id(signed(BODY), BODY)


@pytest.mark.parametrize("how", ["password", "no secret"])
async def test_where_no_webhooks_are_set_there_is_no_such_path(
    module_database: Database, how: str
) -> None:
    """404, as anywhere that nothing is."""
    headers = signed(BODY)
    if how == "password":
        async with application(module_database) as app, client(app) as visitor:
            answer = await visitor.post(PATH, content=BODY, headers=headers)
    else:
        async with clerk_mode(module_database, is_served=False, webhook_secrets=()) as mode:
            answer = await mode.visitor.post(PATH, content=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_thousand_replays_have_one_effect(
    module_database: Database, mode: ClerkMode
) -> None:
    """Fifty at a time, each answered as the first: the sender is to stop."""
    data = new_user()
    body = event("user.created", data)
    headers = signed(body, delivery_id=f"msg_{uuid4().hex}")
    at_once = asyncio.Semaphore(50)

    async def send() -> int:
        async with at_once:
            return (await mode.visitor.post(PATH, content=body, headers=headers)).status_code

    assert set(await asyncio.gather(*(send() for _ in range(1000)))) == {204}
    assert await names(module_database, data["id"]) == ["Jane Doe"]
    auditor = engine(module_database.auditor)
    async with auditor.connect() as db:
        mine = webhook_deliveries.c.delivery_id == headers["svix-id"]
        kept = select(func.count()).select_from(webhook_deliveries).where(mine)
        assert await db.scalar(kept) == 1
    await auditor.dispose()


async def test_a_replay_has_no_effect_even_where_its_content_would(
    module_database: Database, mode: ClerkMode
) -> None:
    """The delivery counts, not what it says: here it would rename the user again."""
    data = new_user()
    delivery_id = f"msg_{uuid4().hex}"
    await mode.tell("user.created", data, delivery_id=delivery_id)
    newer = {**data, "first_name": "Janet", "updated_at": data["updated_at"] + 1}
    assert (await mode.tell("user.updated", newer, delivery_id=delivery_id)).status_code == 204
    assert await names(module_database, data["id"]) == ["Jane Doe"]


async def test_a_delivery_whose_effect_failed_may_come_again(
    module_database: Database, mode: ClerkMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are of one transaction: what was not done is not taken for done."""
    data = new_user()
    delivery_id = f"msg_{uuid4().hex}"

    async def fail(*_: object, **__: object) -> None:
        raise ConnectionError("just now")

    monkeypatch.setattr("accounts.clerk.installation.purge", fail)
    answer = await mode.tell("user.created", data, delivery_id=delivery_id)
    assert answer.status_code == 503
    assert await names(module_database, data["id"]) == []
    monkeypatch.undo()
    assert (await mode.tell("user.created", data, delivery_id=delivery_id)).status_code == 204
    assert await names(module_database, data["id"]) == ["Jane Doe"]


async def test_events_out_of_order_end_in_the_newest(
    module_database: Database, mode: ClerkMode
) -> None:
    """Over HTTP; `test_clerk_mirror.py` has the law of all orders."""
    data = new_user()
    newer = {**data, "first_name": "Janet", "updated_at": data["updated_at"] + 5}
    await mode.tell("user.updated", newer)
    await mode.tell("user.created", data)
    assert await names(module_database, data["id"]) == ["Janet Doe"]
    await mode.tell("user.deleted", {"id": data["id"], "object": "user", "deleted": True})
    await mode.tell("user.updated", {**newer, "updated_at": data["updated_at"] + 9})
    assert await names(module_database, data["id"]) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"type": 7, "data": {}}',
        event("user.created", {}),
        event("user.created", {**user("user_x"), "id": 7}),
        event("user.created", user("user/../x")),
        event("user.created", user("")),
        event("user.created", user("x" * 201)),
        event("user.created", user("user_\x00")),
        event("user.created", {**user("user_x"), "updated_at": None}),
        event("user.created", {**user("user_x"), "updated_at": "soon"}),
        event("user.created", {**user("user_x"), "updated_at": -1}),
        event("user.created", {**user("user_x"), "updated_at": 1e300}),
        event("user.created", {**user("user_x"), "first_name": ["x"]}),
        event("user.created", {**user("user_x"), "email_addresses": "x"}),
        event("user.created", user("user_x")).replace(b"Jane", b"\\ud800"),
        event("user.deleted", {}),
        event("user.deleted", {"id": None}),
        b'{"type": "user.created", "data": ' + b"[" * 5000,
    ],
)
async def test_a_signed_body_that_says_nothing_is_a_problem(mode: ClerkMode, body: bytes) -> None:
    """422, and the sender tries again until it gives up."""
    answer = await mode.visitor.post(PATH, content=body, headers=signed(body))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/body"]


@pytest.mark.parametrize("kind", ["session.created", "email.created", "user.renamed", ""])
async def test_other_events_are_taken_and_change_nothing(mode: ClerkMode, kind: str) -> None:
    """Clerk may send whatever it is set to send."""
    assert (await mode.tell(kind, {"id": "sess_1"})).status_code == 204


async def test_a_webhook_may_be_larger_than_other_bodies(
    module_database: Database, mode: ClerkMode
) -> None:
    """A user with full metadata; 256 KB is the end."""
    data = new_user(private_metadata={"x": "y" * 200_000})
    assert (await mode.tell("user.created", data)).status_code == 204
    assert await names(module_database, data["id"]) == ["Jane Doe"]
    answer = await mode.tell("user.created", {"x": "y" * 256 * 1024})
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"origin": "https://evil.example.com"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_a_browser_cannot_send_one(mode: ClerkMode, headers: dict[str, str]) -> None:
    """The guard of every write stands before the signature; svix sends JSON and no origin."""
    answer = await mode.visitor.post(PATH, content=BODY, headers={**signed(BODY), **headers})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_another_method_is_a_problem(mode: ClerkMode, method: str) -> None:
    """405, with what the path takes."""
    answer = await mode.visitor.request(method, PATH)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_deliveries_are_kept_a_week_and_then_purged(module_database: Database) -> None:
    """Longer than svix tries again; the oldest go first, so many at once."""
    control, superuser = engine(module_database.control), engine(module_database.superuser)
    source = uuid4().hex
    async with transaction(control) as db:
        for number in range(PURGED_AT_ONCE + 5):
            assert await is_first(db, source, str(number), b"body")
    mine = webhook_deliveries.c.source == source
    aged = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    kept = select(func.count()).select_from(webhook_deliveries).where(mine)
    for moved, left in ((timedelta(hours=1), 105), (timedelta(hours=-1), 5), (timedelta(0), 0)):
        async with superuser.begin() as db:
            await db.execute(
                update(webhook_deliveries).where(mine).values(received_at=aged + moved)
            )
        async with transaction(control) as db:
            await purge(db)
        async with superuser.connect() as db:
            assert await db.scalar(kept) == left
    await control.dispose()
    await superuser.dispose()
