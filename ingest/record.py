"""An event as Kafka keeps it: which topic, which partition, which bytes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec

from ingest.errors import EventRefused
from schemas.ad_entities import AdEntity
from schemas.ad_metrics import Coverage, DayObservation, HoursObservation
from schemas.codec import UndecodableEvent, decode, encode
from schemas.envelope import Envelope
from schemas.limits import MAX_EVENT_BYTES
from schemas.sync import SyncRequested, SyncRun
from schemas.topics import Topic, account_key, partition_of, workspace_key

_E = TypeVar("_E", bound=Envelope)

_TOPICS: Mapping[type[Envelope], Topic] = {
    HoursObservation: Topic.AD_METRICS,
    DayObservation: Topic.AD_METRICS,
    Coverage: Topic.AD_METRICS,
    AdEntity: Topic.AD_ENTITIES,
    SyncRequested: Topic.SYNC_REQUESTS,
    SyncRun: Topic.SYNC_RUNS,
}


class Lane(NamedTuple):
    """One partition of one topic: what is sent through it stays in order."""

    topic: Topic
    partition: int


class Record(NamedTuple):
    """The bytes of one event; sending them again is the same event."""

    lane: Lane
    key: bytes
    value: bytes


def record(event: Envelope) -> Record:
    """The event's place and bytes; raises EventRefused for what no reader could decode."""
    topic = _TOPICS.get(type(event))
    if topic is None:
        raise EventRefused(f"{type(event).__name__} belongs to no topic")
    value = encode(event)
    if len(value) > MAX_EVENT_BYTES:
        raise EventRefused(
            f"{type(event).__name__} {event.event_id} has {len(value)} bytes, "
            f"{MAX_EVENT_BYTES} are allowed: nothing was sent"
        )
    try:
        # Structs are not checked when they are built; what is wrong here would be wrong for ever.
        decode(topic, value)
    except UndecodableEvent as error:
        raise EventRefused(f"{type(event).__name__} {event.event_id}: {error}") from error
    key = _key(event)
    return Record(Lane(topic, partition_of(topic, key)), key, value)


def stamped(event: _E) -> _E:
    """The event with the instant of its acceptance; every later send repeats these bytes."""
    return msgspec.structs.replace(event, recorded_at=datetime.now(UTC))


def _key(event: Envelope) -> bytes:
    match event:
        case HoursObservation() | DayObservation() | Coverage() | AdEntity():
            return account_key(event.workspace_id, event.body.provider, event.body.account_id)
        case _:
            return workspace_key(event.workspace_id)
