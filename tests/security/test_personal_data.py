"""Personal data lies where it must and nowhere else (S17): tables, topics, logs."""

import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook

from accounts.database import engine
from schemas.topics import Topic
from tests.api.signing_in import PASSWORD
from tests.security.personal_data import (
    ALLOWED,
    beyond_what_is_allowed,
    in_files,
    in_tables,
    in_topics,
)
from tests.servers.api_process import api_process
from tests.servers.databases import Database

EMAIL, INVITED, MISTYPED = "mark.owner@s17.test", "mark.guest@s17.test", "mark.nobody@s17.test"
ADDRESS, SECOND_ADDRESS = "203.0.113.77", "2001:db8:77::9"
PHONE = "+12025550177"
MARKS = (EMAIL, INVITED, MISTYPED, ADDRESS, SECOND_ADDRESS, PHONE, "2025550177")
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


async def _by_password(http: httpx2.AsyncClient) -> None:
    """All that a person may type, in places where it belongs and where it does not."""
    signed_up = {"email": EMAIL, "password": PASSWORD, "name": "Mark"}
    assert (await http.post("/auth/register", json=signed_up)).status_code == 201
    wrong = {"email": MISTYPED, "password": "none of the words"}
    assert (await http.post("/auth/login", json=wrong)).status_code == 401
    assert (await http.post("/auth/register", json=signed_up)).status_code == 409
    invited = {"email": INVITED, "role": "viewer"}
    made = await http.post("/workspaces/current/invitations", json=invited)
    assert made.status_code == 201
    strange = (
        await http.post("/auth/login", content=f'{{"email": "{MISTYPED}"'),
        await http.post("/auth/login", json={"email": [EMAIL, PHONE], "password": ADDRESS}),
        await http.get(f"/nowhere/{EMAIL}?phone={PHONE}"),
        await http.get(f"/connections/{PHONE}"),
        await http.post("/workspaces/invitations/preview", json={"token": INVITED}),
    )
    assert {each.status_code for each in strange} <= {404, 422}
    await http.post("/auth/logout")
    assert (await http.post("/auth/login", json=signed_up)).status_code in (200, 422)


async def _by_clerk(http: httpx2.AsyncClient) -> None:
    """What Clerk tells of a person, most of which is none of ours."""
    body = {
        "object": "event",
        "type": "user.created",
        "timestamp": int(time.time() * 1000),
        "instance_id": "ins_1",
        "event_attributes": {"http_request": {"client_ip": ADDRESS, "user_agent": "x"}},
        "data": {
            "id": "user_s17",
            "object": "user",
            "first_name": "Mark",
            "last_name": "Owner",
            "primary_email_address_id": "idn_1",
            "email_addresses": [
                {
                    "id": "idn_1",
                    "email_address": EMAIL,
                    "verification": {"status": "verified", "strategy": "email_code"},
                },
                {
                    "id": "idn_2",
                    "email_address": INVITED,
                    "verification": {"status": "unverified", "strategy": "email_code"},
                },
            ],
            "phone_numbers": [{"id": "idn_3", "phone_number": PHONE}],
            "created_at": 1_763_660_000_000,
            "updated_at": 1_763_660_000_100,
        },
    }
    content = json.dumps(body)
    stamp = int(time.time())
    headers = {"svix-id": "msg_1", "svix-timestamp": str(stamp)}
    headers["svix-signature"] = _signed("msg_1", stamp, content)
    answer = await http.post("/webhooks/clerk", content=content, headers=headers)
    assert answer.status_code < 300
    unsigned = await http.post("/webhooks/clerk", content=content)
    assert unsigned.status_code in (400, 401)


def _signed(id_: str, stamp: int, data: str) -> str:
    return Webhook(SECRET).sign(id_, datetime.fromtimestamp(stamp, UTC), data)


_CLERK = {"clerk__issuer": "https://clerk.s17.test", "clerk__webhook_secrets": SECRET}
_WAYS: dict[str, tuple[Callable[[httpx2.AsyncClient], Awaitable[None]], dict[str, str]]] = {
    "password": (_by_password, {}),
    "clerk": (_by_clerk, _CLERK),
}


@pytest.mark.parametrize("way", _WAYS)
async def test_people_are_named_where_they_must_and_nowhere_else(
    database: Database, tmp_path: Path, way: str
) -> None:
    """E-mails in two columns; addresses and telephone numbers nowhere, not even in a debug log."""
    does, settings = _WAYS[way]
    marked = {"x-forwarded-for": f"{SECOND_ADDRESS}, {ADDRESS}", "forwarded": f"for={ADDRESS}"}
    with api_process(
        database, tmp_path, log__level="debug", http__trusted_proxies="1", **settings
    ) as api:
        async with api.client(**marked) as http:
            await does(http)
    found = await in_tables(database.auditor, MARKS)
    assert f"control.users.email: {EMAIL}" in found  # the scan sees what is there
    assert beyond_what_is_allowed(found) == []
    assert api.log.stat().st_size > 0
    assert in_files(tmp_path, MARKS) == []


_PLANTED = (
    "insert into control.webhook_deliveries values ('x', :mark, sha256('x'), now())",
    """
    insert into control.audit_log values (gen_random_uuid(), gen_random_uuid(), now(), 'system',
        null, 'a.b', null, jsonb_build_object('to', upper(:mark)))
    """,
    """
    insert into control.hash_keys values (gen_random_uuid(), convert_to('x' || :mark, 'UTF8'),
        gen_random_uuid(), now())
    """,
)


async def test_the_scan_sees_what_is_planted(
    database: Database, tmp_path: Path, kafka_bootstrap: str, topics: str
) -> None:
    """In a text, in bytes, in JSON; in an event's value and key; in a file."""
    superuser = engine(database.superuser, pool_size=1)
    async with superuser.begin() as db:
        await db.execute(text("set local session_replication_role = replica"))
        for statement in _PLANTED:
            await db.execute(text(statement), {"mark": EMAIL})
    await superuser.dispose()
    assert await in_tables(database.auditor, [EMAIL]) == [
        f"control.audit_log.details: {EMAIL}",
        f"control.hash_keys.wrapped: {EMAIL}",
        f"control.webhook_deliveries.delivery_id: {EMAIL}",
    ]
    assert ALLOWED.keys().isdisjoint({"control.audit_log.details"})

    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await producer.start()
    topic = Topic.SYNC_RUNS.physical(topics)
    await producer.send_and_wait(topic, key=ADDRESS.encode(), value=f"to {PHONE}".encode())
    await producer.stop()
    planted = {PHONE, "2025550177", ADDRESS}
    assert set(await in_topics(kafka_bootstrap, topics, MARKS)) == {
        f"{topic}: {m}" for m in planted
    }

    (tmp_path / "a.log").write_text(f'{{"email": "{EMAIL.upper()}"}}')
    assert in_files(tmp_path, MARKS) == [f"a.log: {EMAIL}"]
