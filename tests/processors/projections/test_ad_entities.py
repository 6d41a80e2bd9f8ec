"""Ad entities: each as it was last seen, and its status by the day on which it was seen."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import processors.projections.ad_entities as ad_entities
from tests.processors.projections.spec import Spec
from tests.streams.events import Message, Owner, Scene, ad_entity

SCENE = Scene()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seen(hours: float, status: str, **says: object) -> Message:
    """The ad so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    return ad_entity(SCENE.owner, "ad", "a-1", at, status=status, **says)


async def test_an_entity_is_as_it_was_last_seen_whatever_comes_last(spec: Spec) -> None:
    """The name of noon arrives after that of the evening."""
    await spec.given(seen(8, "PAUSED", name="Évening ❄", daily_budget_micros=5_000_000))
    await spec.when(seen(0, "ACTIVE", name="Noon"))
    [row] = (await spec.rows())["ad_entity"]
    assert row[7:9] == ("Évening ❄", "PAUSED")


async def test_a_status_is_kept_for_each_utc_day_on_which_it_was_seen(spec: Spec) -> None:
    """Two readings on the first day, one on the next; in any order."""
    await spec.given(seen(13, "DELETED"))
    await spec.when(seen(8, "PAUSED"), seen(0, "ACTIVE"))
    rows = (await spec.rows())["ad_entity_status"]
    assert {(row[5], row[6]) for row in rows} == {
        (date(2026, 3, 1), "PAUSED"),
        (date(2026, 3, 2), "DELETED"),
    }


async def test_a_description_is_poison_if_nobody_could_keep_it(spec: Spec) -> None:
    """NUL in a name, a name without end, a budget beyond measure: dead letters, and no row."""
    await spec.when(
        seen(0, "ACTIVE", name="a\0b"),
        seen(0, "ACTIVE", name="x" * 10_000),
        seen(0, "ACTIVE", daily_budget_micros=2**70),
        seen(0, "ACTIVE", name="kept"),
    )
    [row] = (await spec.rows())["ad_entity"]
    assert row[7] == "kept"


@st.composite
def told(draw: st.DrawFn) -> list[Message]:
    """Some entities seen at few instants, so that readings tie."""
    owner = Owner(uuid4(), "act_1")
    messages: list[Message] = []
    for _ in range(draw(st.integers(1, 10))):
        level, entity = draw(st.sampled_from((("ad", "1"), ("ad", "2"), ("campaign", "1"))))
        at = NOON + timedelta(hours=draw(st.sampled_from((0, 1, 11.9999999, 12, 36))))
        status = draw(st.sampled_from(("ACTIVE", "PAUSED", "DELETED")))
        says = draw(st.fixed_dictionaries({"campaign_id": st.sampled_from((None, "c", "d"))}))
        messages.append(ad_entity(owner, level, entity, at, status=status, **says))
    return messages


LAW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@given(told(), st.lists(st.integers(0, 10), max_size=2))
async def test_any_order_and_any_chunking_give_the_rows_of_the_oracle(
    spec: Spec, messages: list[Message], cuts: list[int]
) -> None:
    """Ties are won by the greater event id."""
    edges = [0, *sorted(min(cut, len(messages)) for cut in cuts), len(messages)]
    for left, right in pairwise(edges):
        await spec.when(*messages[left:right])
    await spec.then()


async def test_a_register_that_keeps_what_came_last_is_noticed(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant takes no notice of what the tables hold."""

    async def held_nothing(*_arguments: object) -> dict[object, object]:
        return {}

    monkeypatch.setattr(ad_entities, "held_registers", held_nothing)
    await spec.given(seen(8, "PAUSED"))
    await spec.when(seen(0, "ACTIVE"))
    with pytest.raises(AssertionError, match="ad_entity: 1 rows missing, 1 wrong"):
        await spec.rows()
