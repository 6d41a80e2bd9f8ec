"""The product and the oracle refuse the same records, by their own words for what is amiss."""

import copy
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import UndecodableEvent, decode
from schemas.topics import Topic
from tests.oracle.facts import Record
from tests.oracle.fields import PoisonError
from tests.oracle.wire import fact_of
from tests.streams.events import (
    Message,
    Owner,
    Path,
    Scene,
    ad_entity,
    day_observation,
    sync_requested,
    sync_run,
)
from tests.streams.poison import every_poison

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
OWNER = Owner(UUID(int=5), "act_1")
SCENE = Scene()
GOOD = (
    SCENE.seen("12:00", {3: (1, 2, 3, 4), 10: (5, 6, 7, 8)}),
    SCENE.covered("12:00"),
    day_observation(
        OWNER, "ad", Path("c", "s", "a"), date(2026, 3, 1),
        [("lead", "default", -1, 0), ("purchase", "7d_click", 5, 6)], NOON, (1, 2, 3, 4),
    ),
    ad_entity(OWNER, "ad", "a", NOON, campaign_id="c", name="Été ❄", daily_budget_micros=5),
    sync_run(
        OWNER, UUID(int=1), UUID(int=2), NOON, days={"from": "2026-02-01", "to": "2026-03-01"},
    ),
    sync_requested(OWNER, UUID(int=2), NOON),
)  # fmt: skip
POISONS = every_poison(GOOD[0])


# What one member of an event may be replaced by.
OTHERS: tuple[Any, ...] = (
    None, True, 0, 1, -1, 1.5, 23, 24, 25, 10_800, 10_801, 2**31, 10**15, 10**15 + 1, 10**16,
    10**16 + 1, -(10**16), -(10**16) - 1,
    2**63 - 1, 2**63, -(2**63) - 1, 10**400, "", " ", "a", "A", "USD", "usd", "USDX", "0", "1",
    "ad", "account", "hours", "day", "ok", "a\0", "\0", "é" * 128, "é" * 129, "x" * 64, "x" * 65,
    "x" * 1024, "x" * 1025, "a b", "a.b_c-d", "null", "NULL", '"', "\\", "\ud800",
    "2026-03-01", "2026-02-29", "1999-12-31",
    "2000-01-01", "2099-12-31", "2100-01-01", "20260301", "2026-03-01T00:00:00Z",
    "2026-03-01T00:00:00.123456Z", "2026-03-01T00:00:00+05:45", "2026-03-01T00:00:00",
    "2026-03-01T24:00:00Z", "2026-03-01T23:59:60Z", "1999-12-31T23:59:59Z", "2099-12-31T23:59:59Z",
    "2100-01-01T00:00:00Z", "0001-01-01T00:00:00Z", str(UUID(int=3)), str(UUID(int=3)).upper(),
    UUID(int=3).hex, "{" + str(UUID(int=3)) + "}", [], {}, [[]], [1, 2, 3, 4, 5],
    [[3, 1, 2, 3, 4]], [[3, 1, 2, 3, 4], [3, 1, 2, 3, 4]], [[3, 1, 2, 3, 4, 5]],
    [["lead", "default", 1, 2]], [["null", "null", 1, 2]], [["Lead", "default", 1, 2]],
    [3600] * 24, [3600] * 25,
    [["goal", f"w{i}", 1, 1] for i in range(501)], {"from": "2026-03-02", "to": "2026-03-01"},
)  # fmt: skip


@pytest.mark.parametrize("kind", POISONS)
def test_poison_is_refused_with_a_reason(kind: str) -> None:
    """One word for counting; no other error leaves the codec."""
    with pytest.raises(UndecodableEvent) as refused:
        decode(Topic.AD_METRICS, POISONS[kind].value)
    assert refused.value.reason in {"not-json", "unknown-type", "unknown-version", "invalid"}


@pytest.mark.parametrize("message", GOOD, ids=lambda message: json.loads(message.value)["type"])
def test_a_good_event_is_read_by_both(message: Message) -> None:
    """So that the law below does not hold by refusing all."""
    assert _is_read_by_product(message)
    assert _is_read_by_oracle(message)


@settings(max_examples=1_000)
@given(st.sampled_from(GOOD), st.data())
def test_the_product_and_the_oracle_refuse_the_same(message: Message, data: st.DataObject) -> None:
    """One member anywhere is left out, doubled, or put in the place of another."""
    event = json.loads(message.value or b"")
    for _ in range(data.draw(st.integers(1, 2))):
        places = [(h, n) for h, n in _places(event) if n not in ("type", "v")]
        holder, name = data.draw(st.sampled_from(places))
        if data.draw(st.integers(0, 4)) == 0:
            del holder[name]
        else:
            holder[name] = copy.deepcopy(data.draw(st.sampled_from(OTHERS)))
    spoiled = Message(message.topic, message.key, json.dumps(event).encode())
    assert _is_read_by_product(spoiled) == _is_read_by_oracle(spoiled)


def _places(value: Any) -> Any:
    """Every member of every object and list within."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in list(members):
        yield value, name
        if isinstance(member, dict | list):
            yield from _places(member)


def _is_read_by_product(message: Message) -> bool:
    try:
        decode(Topic(message.topic), message.value)
    except UndecodableEvent:
        return False
    return True


def _is_read_by_oracle(message: Message) -> bool:
    try:
        fact_of(Record(message.topic, 0, 0, message.key, message.value))
    except PoisonError:
        return False
    return True
