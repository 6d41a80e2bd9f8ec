"""Webhooks: one for each change, signed, and again until they are taken."""

import json
import time
from datetime import datetime
from pathlib import Path

from standardwebhooks import Webhook

from sandbox.clerk.signature import sign
from sandbox.token import CLERK_WEBHOOK_SECRET
from tests.sandbox.clerk.receiving import receiving
from tests.sandbox.conftest import NOW
from tests.sandbox.running import Json, Sandbox, running

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
NAMES = ("id", "timestamp", "signature")
_NUMBER = iter(range(1000))


def _person(sandbox: Sandbox, **order: object) -> Json:
    email = f"hooked-{next(_NUMBER)}@example.com"
    return sandbox.order("clerk/users", first_name="Jane", last_name="Doe", email=email, **order)


def _verified(headers: dict[str, str], body: bytes, secret: str) -> Json:
    """The event, as a library that knows the standard takes it."""
    standard = {f"webhook-{name}": headers[f"svix-{name}"] for name in NAMES}
    return Webhook(secret).verify(body, standard)


def test_the_signature_is_svixs() -> None:
    """A vector that the standard's own library agrees on."""
    signature = sign(SECRET, "msg_1", 1700000000, b'{"type":"user.created"}')
    assert signature == "v1,/HRmmV5yioITFHJMspCfR5QO6edfJ3eVRTL8SQIDxQ0="


def test_each_change_is_told_and_signed(clerk: Sandbox) -> None:
    """Created, updated and deleted, in Clerk's envelope; by the secret that was registered."""
    clerk.order("clock", action="go")
    order = {"secret": SECRET}
    with receiving(lambda url: clerk.order("clerk/endpoint", url=url, **order)) as received:
        user = _person(clerk)["user"]
        path = f"/admin/clerk/users/{user['id']}"
        updated = clerk.http.patch(path, json={"external_id": "7"}).json()["user"]
        clerk.http.delete(path)
        received.wait_for(3)
    events = [_verified(headers, body, SECRET) for headers, body in received.came]
    assert [event["type"] for event in events] == ["user.created", "user.updated", "user.deleted"]
    assert [event["data"] for event in events] == [
        user,
        updated,
        {"id": user["id"], "object": "user", "deleted": True, "external_id": "7"},
    ]
    assert all(event["object"] == "event" for event in events)
    assert abs(events[0]["timestamp"] / 1000 - time.time()) < 60
    assert len({headers["svix-id"] for headers, _ in received.came}) == 3


def test_the_default_secret_is_a_public_constant(clerk: Sandbox) -> None:
    """Where none was registered."""
    clerk.order("clock", action="go")
    with receiving(lambda url: clerk.order("clerk/endpoint", url=url)) as received:
        _person(clerk)
    (came,) = received.came
    assert _verified(*came, CLERK_WEBHOOK_SECRET)["type"] == "user.created"


def test_what_was_not_taken_comes_again_under_the_same_id(clerk: Sandbox) -> None:
    """Same body; and then never more."""
    endpoint = lambda url: clerk.order("clerk/endpoint", url=url)  # noqa: E731
    with receiving(endpoint, statuses=[500, 503]) as received:
        told = _person(clerk)["delivery"]
        assert told["statuses"] == [500]
        received.wait_for(3)
    assert {headers["svix-id"] for headers, _ in received.came} == {told["svix_id"]}
    assert len({body for _, body in received.came}) == 1
    at = str(int(datetime.fromisoformat(NOW).timestamp()))
    assert {headers["svix-timestamp"] for headers, _ in received.came} == {at}
    until = time.monotonic() + 5
    while (last := clerk.tell("clerk/deliveries")["deliveries"][-1])["statuses"][-1] != 204:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert last["statuses"] == [500, 503, 204]


def test_a_missed_one_can_come_late_and_any_one_again(clerk: Sandbox) -> None:
    """By its id, after a younger one, as often as wanted."""
    with receiving(lambda url: clerk.order("clerk/endpoint", url=url)) as received:
        created = _person(clerk, deliver=False)
        assert created["delivery"]["statuses"] == []
        path = f"/admin/clerk/users/{created['user']['id']}"
        clerk.http.patch(path, json={"first_name": "Joan"})
        late = created["delivery"]["svix_id"]
        for _ in range(2):
            assert clerk.order("clerk/deliver", svix_id=late)["statuses"][-1] == 204
        clerk.order("clerk/deliver")
    types = [json.loads(body)["type"] for _, body in received.came]
    assert types == ["user.updated", "user.created", "user.created", "user.updated"]
    ids = [headers["svix-id"] for headers, _ in received.came]
    assert ids[1] == ids[2] == late
    assert ids[0] == ids[3]


def test_nobody_hears_where_no_endpoint_is(clerk: Sandbox) -> None:
    """The change is made; its message can still be sent."""
    told = _person(clerk)["delivery"]
    assert told["statuses"] == []
    assert clerk.http.post("/admin/clerk/deliver", json={}).status_code == 422
    with receiving(lambda url: clerk.order("clerk/endpoint", url=url)) as received:
        assert clerk.order("clerk/deliver")["svix_id"] == told["svix_id"]
    assert len(received.came) == 1


def test_the_endpoint_and_the_messages_outlive_a_restart(tmp_path: Path) -> None:
    """What was sent before can be sent again after, word for word."""
    with running(tmp_path) as sandbox:
        with receiving(lambda url: sandbox.order("clerk/endpoint", url=url)) as received:
            told = _person(sandbox)["delivery"]
    with running(tmp_path) as sandbox:
        again = sandbox.order("clerk/deliver", svix_id=told["svix_id"])
        assert again["statuses"] == [None]  # the endpoint is the same, and nobody is there
        with receiving(lambda url: sandbox.order("clerk/endpoint", url=url)) as later:
            sandbox.order("clerk/deliver", svix_id=told["svix_id"])
    assert later.came[0][1] == received.came[0][1]
