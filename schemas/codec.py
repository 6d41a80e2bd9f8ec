"""Events to bytes and back, by topic; older versions are lifted on the way in."""

from collections.abc import Mapping
from typing import Any, Union, cast, get_args

import msgspec

from schemas.ad_entities import AdEntity
from schemas.ad_metrics import Coverage, DayObservation, HoursObservation
from schemas.envelope import Envelope
from schemas.sync import SyncRequested, SyncRun
from schemas.topics import Topic
from schemas.upcasters import upcast

EVENTS: Mapping[Topic, tuple[type[Envelope], ...]] = {
    Topic.AD_METRICS: (HoursObservation, DayObservation, Coverage),
    Topic.AD_ENTITIES: (AdEntity,),
    Topic.SYNC_REQUESTS: (SyncRequested,),
    Topic.SYNC_RUNS: (SyncRun,),
}
"""The event types of each topic."""

_ANY: Any = Union[tuple(member for members in EVENTS.values() for member in members)]  # noqa: UP007

_encoder = msgspec.json.Encoder()
# One decoder of all: in a union an event must say its type, alone it may leave it out.
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_ANY)


class UndecodableEvent(ValueError):
    """A value that is no event of its topic; `reason` is one word for counting.

    reason: `not-json`, `unknown-type`, `unknown-version`, `invalid`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def encode(event: Envelope) -> bytes:
    """JSON, fields in their declared order: the same event is always the same bytes."""
    return _encoder.encode(event)


def decode(topic: Topic, value: bytes | None) -> Envelope:
    """The event in today's shape; raises UndecodableEvent and nothing else."""
    if value is None:
        raise UndecodableEvent("not-json", "the record has no value")
    # In JSON a NUL can only be written so. A backslash before it may be escaped itself: such an
    # event is refused too, since no provider sends one and PostgreSQL would refuse the other.
    if b"\\u0000" in value:
        raise UndecodableEvent("invalid", "a text holds NUL, which PostgreSQL cannot")
    try:
        event = cast(Envelope, _decoder.decode(value))
        if type(event) in EVENTS[topic]:
            return event
        raise UndecodableEvent("unknown-type", f"{type_of(type(event))} is no event of {topic}")
    except UndecodableEvent:
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _decode_older(topic, value, error)


def _decode_older(topic: Topic, value: bytes, error: Exception) -> Envelope:
    """The slow path: an older version, or the reason why it is no event at all."""
    try:
        raw: Any = msgspec.json.decode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError) as malformed:
        raise UndecodableEvent("not-json", str(malformed)) from malformed
    if not isinstance(raw, dict):
        raise UndecodableEvent("invalid", "the value is no JSON object") from error
    event = cast(dict[str, Any], raw)
    version = event.get("v")
    try:
        lifted = upcast(event)
        if lifted is event:
            raise error
        return cast(Envelope, msgspec.convert(lifted, Union[EVENTS[topic]]))  # noqa: UP007
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError) as refused:
        raise UndecodableEvent(_reason(topic, event, version), str(refused)) from refused


def _reason(topic: Topic, event: dict[str, Any], version: object) -> str:
    versions = known_versions(topic)
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in versions:
        return "unknown-type"
    return "invalid" if version == versions[kind] else "unknown-version"


def type_of(member: type[Envelope]) -> str:
    """The `type` by which an event says what it is."""
    return str(member.__struct_config__.tag)


def version_of(member: type[Envelope]) -> int:
    """The version that this code publishes, and decodes without an upcaster."""
    [version] = (field for field in msgspec.structs.fields(member) if field.name == "v")
    return int(max(get_args(version.type)))


def known_versions(topic: Topic) -> dict[str, int]:
    """Each event type of the topic with its newest version."""
    return {type_of(member): version_of(member) for member in EVENTS[topic]}
