"""Topics `sync-requests` and `sync-runs`: what was asked of a poller, and what it did.

They are history, never a queue: poll work is leased from a control table.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from schemas.envelope import Envelope, Instant, check_day, check_instant
from schemas.limits import Count, Id, Label, Word, check_word

Outcome = Literal["ok", "throttled", "failed"]


class DaySpan(Struct, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """Account-local days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        check_day(self.first)
        check_day(self.last)
        if self.last < self.first:
            raise ValueError(f"days end {self.last} before they start {self.first}")


class Asked(Struct, frozen=True, kw_only=True):
    """Somebody, or the schedule, asked for a piece of a connection to be read."""

    provider: Word
    connection_id: UUID
    account_id: Id
    piece: Label
    requested_at: Instant
    requested_by: Label

    def __post_init__(self) -> None:
        check_word(self.provider)
        check_instant(self.requested_at)


class Run(Struct, frozen=True, kw_only=True):
    """One attempt to read a piece of a connection, and how it ended.

    `kind` is what was read: `hours` or `day` figures, or `entities`; runs of before it was told
    lack it. `observed_at` is the instant that the read stands for, None if it never began. `rows`
    counts what the platform returned, `events` what was published.
    """

    run_id: UUID
    provider: Word
    connection_id: UUID
    account_id: Id
    piece: Label
    kind: Word | UnsetType = UNSET
    started_at: Instant
    observed_at: Instant | None
    finished_at: Instant
    outcome: Outcome
    reason: Label | None
    next_step: Label | None
    retry_at: Instant | None
    days: DaySpan | None
    rows: Count
    events: Count

    def __post_init__(self) -> None:
        check_word(self.provider)
        if self.kind is not UNSET:
            check_word(self.kind)
        for instant in (self.started_at, self.observed_at, self.finished_at, self.retry_at):
            if instant is not None:
                check_instant(instant)


class SyncRequested(Envelope, frozen=True, kw_only=True, tag_field="type", tag="sync_requested"):
    """A request for a sync."""

    v: Literal[1]
    body: Asked


class SyncRun(Envelope, frozen=True, kw_only=True, tag_field="type", tag="sync_run"):
    """The end of a sync run."""

    v: Literal[1]
    body: Run
