"""The facts that records state, in plain values: text, integers and dates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

LEVELS = ("account", "campaign", "adset", "ad")
KINDS = ("hours", "day")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    """One message as Kafka holds it; `topic` without the prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True)
class Account:
    """Whose figures they are; the ids are text as the platform writes them."""

    workspace: str
    provider: str
    account: str


@dataclass(frozen=True)
class Place:
    """Where in the account: the level, and the ids of campaign, ad set and ad ('' for none)."""

    level: str
    ids: tuple[str, str, str]

    @property
    def entity(self) -> str:
        """The id at the level itself; '' for the account."""
        depth = LEVELS.index(self.level)
        return self.ids[depth - 1] if depth else ""


@dataclass(frozen=True)
class Hours:
    """The figures of each hour label of one date, with the calendar that they were read by."""

    account: Account
    place: Place
    day: date
    currency: str
    observed_at: int  # microseconds since 1970, as all instants here
    event_id: str
    starts_at: int
    lengths: tuple[int, ...]  # seconds of each label
    figures: dict[int, tuple[int, ...]]  # label → spend_micros, impressions, clicks, link_clicks


@dataclass(frozen=True)
class Day:
    """Conversions of one date, and its delivery where a level has no hours."""

    account: Account
    place: Place
    day: date
    currency: str
    observed_at: int
    event_id: str
    conversions: dict[tuple[str, str], tuple[int, ...]]  # goal, window → count, value
    delivery: tuple[int, ...] | None


@dataclass(frozen=True)
class Coverage:
    """The date was read to its last page at this level."""

    account: Account
    level: str
    kind: str
    day: date
    observed_at: int
    event_id: str


@dataclass(frozen=True)
class Entity:
    """An account, campaign, ad set or ad as it was."""

    account: Account
    level: str
    entity: str
    observed_at: int
    event_id: str
    says: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What one run of a poller did."""

    workspace: str
    event_id: str
    run: str
    connection: str
    kind: str | None
    observed_at: int | None
    finished_at: int
    outcome: str
    days: tuple[date, date] | None
    says: dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A sync was asked for."""

    workspace: str
    event_id: str
    requested_at: int
    says: dict[str, Any]


Fact = Hours | Day | Coverage | Entity | Run | Request


def instant(micros: int) -> datetime:
    """The instant as PostgreSQL returns it."""
    return EPOCH + timedelta(microseconds=micros)
