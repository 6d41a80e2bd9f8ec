"""One event at a time, as bytes, for proofs whose figures are checked by hand."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5
from zlib import crc32

from tests.oracle.facts import Record
from tests.streams.calendars import Calendar, calendar

PARTITIONS = 8
SPACE = UUID("5b0c4f6e-7f0a-4c57-9d0e-2f4a53a8f6b1")

Figures = int | Sequence[int]
"""Spend alone, or spend, impressions, clicks and link clicks."""


@dataclass(frozen=True)
class Message:
    """What a producer sends: the topic without its prefix, key and value."""

    topic: str
    key: bytes
    value: bytes | None

    @property
    def partition(self) -> int:
        """Where the message belongs by its key."""
        return crc32(self.key) % PARTITIONS


@dataclass(frozen=True)
class Owner:
    """The ad account that an event is about, and whose it is."""

    workspace: UUID
    account: str
    provider: str = "meta"

    @property
    def key(self) -> bytes:
        """The account's key on the ad topics."""
        return f"{self.workspace}:{self.provider}:{self.account}".encode()


@dataclass(frozen=True)
class Path:
    """Ids from the campaign down to the level's own; what lies below is None."""

    campaign: str | None = None
    adset: str | None = None
    ad: str | None = None

    @property
    def members(self) -> dict[str, str | None]:
        """As an event's body names them."""
        return {"campaign_id": self.campaign, "adset_id": self.adset, "ad_id": self.ad}


def as_records(messages: Iterable[Message]) -> list[Record]:
    """The messages as the topics would hold them, were they sent in this order."""
    ends: dict[tuple[str, int], count[int]] = {}
    return [
        Record(each.topic, each.partition, next(ends.setdefault(_lane(each), count())), each.key,
               each.value)
        for each in messages
    ]  # fmt: skip


def envelope(
    kind: str, workspace: UUID, at: datetime, body: Mapping[str, Any], event_id: UUID | None = None
) -> bytes:
    """An event of version 1; its id is a hash of all that it says, unless one is given."""
    said = json.dumps(body, separators=(",", ":"))
    event = {
        "type": kind,
        "event_id": str(event_id or uuid5(SPACE, f"{kind} {workspace} {said}")),
        "workspace_id": str(workspace),
        "occurred_at": zulu(at),
        "recorded_at": zulu(at + timedelta(seconds=2)),
        "source": "meta",
        "v": 1,
        "body": body,
    }
    return json.dumps(event, separators=(",", ":")).encode()


def hours_observation(
    owner: Owner,
    level: str,
    path: Path,
    day: date,
    hours: Mapping[int, Figures],
    observed_at: datetime,
    local: Calendar,
    currency: str = "USD",
    event_id: UUID | None = None,
) -> Message:
    """What the platform says of each hour of one entity's date."""
    body = {
        **_scope(owner, level, day, observed_at),
        **path.members,
        "currency": currency,
        "day_starts_at": zulu(local.starts_at),
        "hour_seconds": local.hour_seconds,
        "hours": [[label, *_figures(figures)] for label, figures in sorted(hours.items())],
    }
    value = envelope("hours_observation", owner.workspace, observed_at, body, event_id)
    return Message("ad-metrics", owner.key, value)


def day_observation(
    owner: Owner,
    level: str,
    path: Path,
    day: date,
    conversions: Iterable[Sequence[Any]],
    observed_at: datetime,
    delivery: Sequence[int] | None = None,
    currency: str = "USD",
    event_id: UUID | None = None,
) -> Message:
    """What the platform says of one entity's date as a whole."""
    names = ("spend_micros", "impressions", "clicks", "link_clicks")
    body = {
        **_scope(owner, level, day, observed_at),
        **path.members,
        "currency": currency,
        "conversions": [list(row) for row in conversions],
        "delivery": None if delivery is None else dict(zip(names, delivery, strict=True)),
    }
    value = envelope("day_observation", owner.workspace, observed_at, body, event_id)
    return Message("ad-metrics", owner.key, value)


def coverage(owner: Owner, level: str, kind: str, day: date, observed_at: datetime) -> Message:
    """The level of that date was read to its last page."""
    body = {**_scope(owner, level, day, observed_at), "kind": kind}
    value = envelope("coverage", owner.workspace, observed_at, body)
    return Message("ad-metrics", owner.key, value)


def ad_entity(owner: Owner, level: str, entity: str, observed_at: datetime, **says: Any) -> Message:
    """An entity as it is now; what is not said is null."""
    nothing = dict.fromkeys((
        "campaign_id", "adset_id", "currency", "zone", "daily_budget_micros",
        "lifetime_budget_micros", "updated_at",
    ))  # fmt: skip
    body = {
        "provider": owner.provider, "account_id": owner.account, "level": level,
        "entity_id": entity, "name": f"{level} {entity}", "status": "ACTIVE",
        **nothing, **says, "observed_at": zulu(observed_at),
    }  # fmt: skip
    value = envelope("ad_entity", owner.workspace, observed_at, body)
    return Message("ad-entities", owner.key, value)


def sync_run(
    owner: Owner, run: UUID, connection: UUID, finished_at: datetime, **says: Any
) -> Message:
    """What one run of a poller did."""
    body = {
        "run_id": str(run), "provider": owner.provider, "connection_id": str(connection),
        "account_id": owner.account, "piece": "today", "started_at": zulu(finished_at),
        "observed_at": None, "finished_at": zulu(finished_at), "outcome": "ok", "reason": None,
        "next_step": None, "retry_at": None, "days": None, "rows": 0, "events": 0, **says,
    }  # fmt: skip
    value = envelope("sync_run", owner.workspace, finished_at, body)
    return Message("sync-runs", str(owner.workspace).encode(), value)


def sync_requested(owner: Owner, connection: UUID, at: datetime, piece: str = "today") -> Message:
    """Somebody asked for a sync."""
    body = {
        "provider": owner.provider, "connection_id": str(connection),
        "account_id": owner.account, "piece": piece, "requested_at": zulu(at),
        "requested_by": "schedule",
    }  # fmt: skip
    value = envelope("sync_requested", owner.workspace, at, body)
    return Message("sync-requests", str(owner.workspace).encode(), value)


def zulu(at: datetime) -> str:
    """RFC 3339 in UTC, with a fraction only where there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Scene:
    """One ad on one date, to be read at hours of its own zone: "10:20", or "03:00+1d"."""

    day: date = date(2026, 3, 1)
    zone: str = "UTC"
    owner: Owner = Owner(UUID("11111111-1111-4111-8111-111111111111"), "act_1")
    path: Path = Path("c-1", "s-1", "a-1")

    def seen(self, at: str, hours: Mapping[int, Figures]) -> Message:
        """A reading of the ad's hours."""
        return hours_observation(
            self.owner, "ad", self.path, self.day, hours, self.instant(at),
            calendar(self.day, self.zone),
        )  # fmt: skip

    def covered(self, at: str, kind: str = "hours") -> Message:
        """All ads of the account were read."""
        return coverage(self.owner, "ad", kind, self.day, self.instant(at))

    def converted(self, at: str, *conversions: Sequence[Any]) -> Message:
        """A reading of the ad's conversions: goal, window, count, value."""
        return day_observation(self.owner, "ad", self.path, self.day, conversions, self.instant(at))

    def instant(self, at: str) -> datetime:
        """The UTC instant of a time on the date, or some days after it."""
        parts = re.fullmatch(r"(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(?:\+(\d+)d)?", at)
        if not parts:
            raise ValueError(f"{at} is no time")
        later = timedelta(
            days=int(parts[4] or 0), minutes=int(parts[2]), seconds=float(parts[3] or 0)
        )
        return calendar(self.day, self.zone).label_starts_at(int(parts[1])) + later


def _scope(owner: Owner, level: str, day: date, observed_at: datetime) -> dict[str, Any]:
    return {
        "provider": owner.provider, "account_id": owner.account, "level": level,
        "day": day.isoformat(), "observed_at": zulu(observed_at),
    }  # fmt: skip


def _figures(figures: Figures) -> Sequence[int]:
    return (figures, 0, 0, 0) if isinstance(figures, int) else figures


def _lane(message: Message) -> tuple[str, int]:
    return (message.topic, message.partition)
