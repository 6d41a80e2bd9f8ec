"""Records that are no events, of every kind that a bug or a stranger could send."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.streams.events import Message

Spoil = Callable[[dict[str, Any]], Any]


def poisoned(message: Message, kind: str) -> Message:
    """The message spoiled in one way; its key, and so its partition, stays."""
    if message.value is None:
        return message
    if kind in BYTES:
        return Message(message.topic, message.key, BYTES[kind](message.value))
    event = json.loads(message.value)
    spoiled = FIELDS[kind](event)
    value = json.dumps(event if spoiled is None else spoiled).encode()
    return Message(message.topic, message.key, value)


def any_poison(message: Message, random: Random) -> Message:
    """The message spoiled in a way that its random source chooses."""
    return poisoned(message, random.choice(KINDS))


def _set(name: str, value: object) -> Spoil:
    def spoil(event: dict[str, Any]) -> None:
        event["body"][name] = value

    return spoil


def _set_outside(name: str, value: object) -> Spoil:
    def spoil(event: dict[str, Any]) -> None:
        event[name] = value

    return spoil


def _drop(name: str) -> Spoil:
    def spoil(event: dict[str, Any]) -> None:
        del event[name]

    return spoil


BYTES: dict[str, Callable[[bytes], bytes | None]] = {
    "no-value": lambda _: None,
    "empty": lambda _: b"",
    "cut-off": lambda value: value[: len(value) // 2],
    "twice": lambda value: value + value,
    "not-utf8": lambda value: b"\xff\xfe" + value,
    "raw-nul": lambda value: value.replace(b"act_", b"\0act_"),
    "binary": lambda _: bytes(range(256)),
    "deep": lambda _: b"[" * 100_000 + b"]" * 100_000,
}
"""Spoils by bytes; some make events that cannot be told from others by any parser."""

FIELDS: dict[str, Spoil] = {
    "a-list": lambda event: [event],
    "a-number": lambda _: 17,
    "unknown-type": _set_outside("type", "surprise"),
    "type-of-another-topic": _set_outside("type", "order"),
    "future-version": _set_outside("v", 99),
    "version-as-text": _set_outside("v", "1"),
    "no-workspace": _drop("workspace_id"),
    "no-body": _drop("body"),
    "body-as-text": _set_outside("body", "{}"),
    "workspace-is-no-uuid": _set_outside("workspace_id", "defang"),
    "event-id-is-no-uuid": _set_outside("event_id", 5),
    "account-with-nul": _set("account_id", "act\0_1"),
    "account-too-long": _set("account_id", "a" * 10_000),
    "account-empty": _set("account_id", ""),
    "account-as-number": _set("account_id", 12),
    "half-a-surrogate": _set("account_id", "act_\ud800"),
    "provider-with-nul": _set("provider", "me\0ta"),
    "provider-in-capitals": _set("provider", "META"),
}
"""Spoils by members that all types have."""

KINDS = tuple(sorted((*BYTES, *FIELDS)))

METRICS: dict[str, Spoil] = {
    "level-unknown": _set("level", "galaxy"),
    "day-is-no-date": _set("day", "2026-02-30"),
    "day-before-time": _set("day", "0001-01-01"),
    "day-after-time": _set("day", "9999-12-31"),
    "day-out-of-range": _set("day", "294277-01-01"),
    "read-before-time": _set("observed_at", "0001-01-01T00:00:00Z"),
    "read-without-zone": _set("observed_at", "2026-03-01T10:00:00"),
    "read-as-number": _set("observed_at", 1_700_000_000),
}
"""Spoils by members of readings and coverages."""

HOURS: dict[str, Spoil] = {
    "currency-unknown-form": _set("currency", "dollar"),
    "currency-with-nul": _set("currency", "US\0"),
    "figure-beyond-64-bits": _set("hours", [[3, 2**63, 0, 0, 0]]),
    "figure-far-beyond-64-bits": _set("hours", [[3, 10**300, 0, 0, 0]]),
    "figure-negative": _set("hours", [[3, -1, 0, 0, 0]]),
    "figure-fractional": _set("hours", [[3, 1.5, 0, 0, 0]]),
    "figure-as-text": _set("hours", [[3, "1", 0, 0, 0]]),
    "figure-missing": _set("hours", [[3, 1, 0, 0]]),
    "figure-null": _set("hours", [[3, None, 0, 0, 0]]),
    "label-twice": _set("hours", [[3, 1, 0, 0, 0], [3, 2, 0, 0, 0]]),
    "label-beyond-the-day": _set("hours", [[24, 1, 0, 0, 0]]),
    "calendar-of-23-labels": _set("hour_seconds", [3600] * 23),
    "calendar-of-huge-labels": _set("hour_seconds", [2**40] * 24),
    "calendar-running-back": _set("hour_seconds", [-3600] * 24),
    "path-without-the-ad": _set("ad_id", None),
}
"""Spoils of an `hours_observation` at the level of ads."""


def every_poison(message: Message) -> dict[str, Message]:
    """The `hours_observation` spoiled in each way there is, by name."""
    found = {kind: poisoned(message, kind) for kind in KINDS}
    for kind, spoil in {**METRICS, **HOURS}.items():
        event = json.loads(message.value or b"")
        spoil(event)
        found[kind] = Message(message.topic, message.key, json.dumps(event).encode())
    return found
