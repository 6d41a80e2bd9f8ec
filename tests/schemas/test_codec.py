"""What is no event is refused with a word that says why, and nothing else is raised."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas.upcasters as upcasters
from schemas.codec import UndecodableEvent, decode
from schemas.topics import Topic, partition_of
from tests.schemas.test_corpus import CORPUS

HOURS = (CORPUS / "ad-metrics.v1.jsonl").read_bytes().splitlines()[0]


def _changed(**says: Any) -> bytes:
    event = json.loads(HOURS)
    event["body"].update(says.pop("body", {}))
    return json.dumps({**event, **says}).encode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "not-json"),
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"[]", "invalid"),
        (_changed(type="visit"), "unknown-type"),
        (_changed(v=2), "unknown-version"),
        (_changed(workspace_id="mine"), "invalid"),
        (_changed(body={"account_id": "a\x00b"}), "invalid"),
        (_changed(body={"account_id": ""}), "invalid"),
        (_changed(body={"account_id": "a" * 129}), "invalid"),
        (_changed(body={"ad_id": None}), "invalid"),
        (_changed(body={"level": "campaign"}), "invalid"),
        (_changed(body={"currency": "usd"}), "invalid"),
        (_changed(body={"provider": "Meta Ads"}), "invalid"),
        (_changed(body={"day": "1999-12-31"}), "invalid"),
        (_changed(body={"day": "2026-02-30"}), "invalid"),
        (_changed(body={"observed_at": "2026-11-20T10:00:00"}), "invalid"),
        (_changed(body={"observed_at": "9999-11-20T10:00:00Z"}), "invalid"),
        (_changed(body={"hours": [[0, 1, 1, 1, 1], [0, 1, 1, 1, 1]]}), "invalid"),
        (_changed(body={"hours": [[24, 1, 1, 1, 1]]}), "invalid"),
        (_changed(body={"hours": [[0, -1, 1, 1, 1]]}), "invalid"),
        (_changed(body={"hours": [[0, 1.5, 1, 1, 1]]}), "invalid"),
        (_changed(body={"hours": [[0, 2**63, 1, 1, 1]]}), "invalid"),
        (_changed(body={"hour_seconds": [3600] * 23}), "invalid"),
    ],
)
def test_what_is_no_event_is_refused(value: bytes | None, reason: str) -> None:
    """Each would be refused by PostgreSQL, or mean something else than it says."""
    with pytest.raises(UndecodableEvent) as refused:
        decode(Topic.AD_METRICS, value)
    assert refused.value.reason == reason


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(value: bytes) -> None:
    """A record of any content is an event or a reject."""
    try:
        decode(Topic.AD_METRICS, value)
    except UndecodableEvent as refused:
        assert refused.reason  # noqa: PT017 (most bytes raise, some need not)


def test_an_older_version_is_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of upcasters makes today's event out of an old one."""

    def from_zero(event: dict[str, Any]) -> dict[str, Any]:
        body = {**event["body"], "currency": event["body"]["money"]}
        return {**event, "v": 1, "body": body}

    monkeypatch.setattr(upcasters, "registered", lambda: {("hours_observation", 0): from_zero})
    event = json.loads(HOURS)
    event["v"] = 0
    event["body"]["money"] = event["body"].pop("currency")
    assert decode(Topic.AD_METRICS, json.dumps(event).encode()) == decode(Topic.AD_METRICS, HOURS)


def test_a_key_has_the_same_partition_for_every_producer() -> None:
    """Worked out by hand with another CRC-32: a change would scatter an account's events."""
    assert partition_of(Topic.AD_METRICS, b"123456789") == 0xCBF43926 % 8
