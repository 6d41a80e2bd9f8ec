"""A chunk's events by what they are of, so that each entity's day is looked at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from asyncpg.pgproto import pgproto

from processors.windows.open_hours import EntityHour, Glimpses, OpenAt, glimpse_all
from processors.windows.registers import EntityDay, entity_day
from schemas.ad_metrics import Coverage, DayObservation, HoursObservation
from schemas.envelope import Envelope


@dataclass(frozen=True)
class Readings:
    """The chunk's readings of each entity and day, in any order, and its coverages."""

    hours: dict[EntityDay, list[HoursObservation]] = field(
        default_factory=dict[EntityDay, list[HoursObservation]]
    )
    days: dict[EntityDay, list[DayObservation]] = field(
        default_factory=dict[EntityDay, list[DayObservation]]
    )
    coverages: list[Coverage] = field(default_factory=list[Coverage])

    def glimpses(self, open_from: date) -> dict[EntityHour, Glimpses]:
        """What the chunk alone tells of hours that ran while they were read."""
        found: dict[EntityHour, Glimpses] = {}
        open_at: OpenAt = {}
        for entity, events in self.hours.items():
            if entity[4] >= open_from:
                glimpse_all(entity, events, found, open_at)
        return found

    def holding(self, event_ids: set[UUID]) -> int:
        """How many of the chunk's readings and coverages have one of these ids."""
        return (
            sum(event.event_id in event_ids for events in self.hours.values() for event in events)
            + sum(event.event_id in event_ids for events in self.days.values() for event in events)
            + sum(event.event_id in event_ids for event in self.coverages)
        )


def readings_in(events: Iterable[Envelope]) -> Readings:
    """The events of `ad-metrics`, sorted out."""
    found = Readings()
    # Keys are hashed a dozen times an event, and Python's own UUID does it in Python: asyncpg's,
    # which is equal to it, does not.
    workspaces: dict[int, UUID] = {}
    for event in events:
        if isinstance(event, Coverage):
            found.coverages.append(event)
            continue
        workspace = workspaces.get(event.workspace_id.int)
        if workspace is None:
            workspace = pgproto.UUID(event.workspace_id.bytes)
            workspaces[workspace.int] = workspace
        if isinstance(event, HoursObservation):
            found.hours.setdefault(entity_day(event, workspace), []).append(event)
        elif isinstance(event, DayObservation):
            found.days.setdefault(entity_day(event, workspace), []).append(event)
    return found
