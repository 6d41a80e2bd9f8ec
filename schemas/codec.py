"""Events to bytes and back, by topic; older versions are lifted on the way in."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from schemas.ad_entities import AdEntitiesEvent
from schemas.ad_metrics import AdMetricsEvent
from schemas.envelope import Envelope
from schemas.sync import SyncRequested, SyncRun
from schemas.topics import Topic
from schemas.upcasters import upcast

EVENTS: Mapping[Topic, Any] = {
    Topic.AD_METRICS: AdMetricsEvent,
    Topic.AD_ENTITIES: AdEntitiesEvent,
    Topic.SYNC_REQUESTS: SyncRequested,
    Topic.SYNC_RUNS: SyncRun,
}
"""The event types of each topic."""

_encoder = msgspec.json.Encoder()
_decoders: Mapping[Topic, msgspec.json.Decoder[Any]] = {
    topic: msgspec.json.Decoder(events) for topic, events in EVENTS.items()
}


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
        return cast(Envelope, _decoders[topic].decode(value))
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
        return cast(Envelope, msgspec.convert(lifted, EVENTS[topic]))
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError) as refused:
        raise UndecodableEvent(_reason(topic, event, version), str(refused)) from refused


def _reason(topic: Topic, event: dict[str, Any], version: object) -> str:
    versions = known_versions(topic)
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in versions:
        return "unknown-type"
    return "invalid" if version == versions[kind] else "unknown-version"


def members(topic: Topic) -> tuple[type[Envelope], ...]:
    """The event types of a topic."""
    events = EVENTS[topic]
    return getattr(events, "__args__", (events,))


def type_of(member: type[Envelope]) -> str:
    """The `type` by which an event says what it is."""
    return str(member.__struct_config__.tag)


def version_of(member: type[Envelope]) -> int:
    """The version that this code publishes, and decodes without an upcaster."""
    defaults = dict(
        zip(reversed(member.__struct_fields__), reversed(member.__struct_defaults__), strict=False)
    )
    return int(defaults["v"])


def known_versions(topic: Topic) -> dict[str, int]:
    """Each event type of the topic with its newest version."""
    return {type_of(member): version_of(member) for member in members(topic)}
