"""What the books say of an event that comes again: it is counted once, and as what it is."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from processors.chunk import Chunk
from processors.projection import Folded, Projection, registered
from tests.processors.projections.spec import Spec
from tests.servers.databases import Database
from tests.streams.events import (
    Message,
    Scene,
    ad_entity,
    sync_requested,
    sync_run,
    zulu,
)
from tests.streams.poison import poisoned

SCENE = Scene()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONNECTION = UUID(int=7)
EVENTS: dict[str, Message] = {
    "hours": SCENE.seen("12:00", {10: 2_000_000}),
    "day": SCENE.converted("12:00", ("lead", "default", 1, 0)),
    "coverage": SCENE.covered("12:00"),
    "entity": ad_entity(SCENE.owner, "ad", "a-1", NOON),
    "run": sync_run(SCENE.owner, UUID(int=1), CONNECTION, NOON),
    "request": sync_requested(SCENE.owner, CONNECTION, NOON),
}
READ_BY = {"entity": "ad_entities", "run": "sync_status", "request": "sync_status"}


def again(message: Message) -> Message:
    """The same event as a new record, accepted an hour later: other bytes, the same id."""
    event = json.loads(message.value or b"")
    event["recorded_at"] = zulu(NOON + timedelta(hours=1))
    copy = Message(message.topic, message.key, json.dumps(event).encode())
    assert copy != message
    return copy


@pytest.mark.parametrize("kind", EVENTS)
async def test_an_event_that_is_a_record_again_counts_as_a_duplicate(spec: Spec, kind: str) -> None:
    """It moves no row, and neither do the next two."""
    event = EVENTS[kind]
    await spec.given(event)
    before = await spec.rows()
    await spec.when(again(event))
    assert await spec.counted() == {READ_BY.get(kind, "ad_windows"): (1, 1, 0)}
    await spec.when(event, again(event))
    assert await spec.counted() == {READ_BY.get(kind, "ad_windows"): (1, 3, 0)}
    assert await spec.rows() == before


async def test_an_event_counts_as_what_it_is(spec: Spec) -> None:
    """New, older than what is held, known, and none."""
    old, new = SCENE.seen("11:00", {10: 1}), SCENE.seen("12:00", {10: 2})
    await spec.given(new)
    await spec.when(old, again(new), poisoned(new, "cut-off"))
    assert await spec.counted() == {"ad_windows": (2, 1, 1)}


@pytest.mark.parametrize("kind", EVENTS)
async def test_a_projection_that_counts_no_duplicates_is_noticed(
    database: Database, kind: str
) -> None:
    """The mutant calls each record applied; the ledger knows that some are not."""
    spec = Spec(database, [_counting_none(each) for each in registered()])
    await spec.open()
    await spec.given(EVENTS[kind])
    await spec.when(again(EVENTS[kind]))
    with pytest.raises(AssertionError, match="0 duplicates, but 1 were held"):
        await spec.rows()
    spec.close()


def _counting_none(projection: Projection[Any, Any]) -> Projection[Any, Any]:
    def fold(chunk: Chunk, state: Any) -> Folded[Any]:
        return replace(projection.fold(chunk, state), duplicates=0)

    return replace(projection, fold=fold)
