"""The time axis of a chart: its steps, and of each whether it was read, in part or whole: pure."""

from datetime import date, datetime, timedelta
from itertools import accumulate

from msgspec import Struct

from readmodels.queries.elapsed import Reach, intervals
from readmodels.queries.periods import Frame
from readmodels.semantic.query import Grain


class Step(Struct, frozen=True):
    """A date, or an hour label of one date."""

    at: str  # a date, or the UTC instant at which the label starts in the workspace's calendar
    name: str
    day: date
    label: int | None


def steps(asked: Frame) -> list[Step]:
    """The steps of the range, in order; hour labels that no calendar has are left out."""
    if asked.grain is Grain.DAY:
        return [
            Step(day.isoformat(), f"{day.day} {day:%b}", day, None) for day in asked.span.dates()
        ]
    day = asked.span.first
    start, seconds = intervals(day, asked.zone)
    calendars = [intervals(day, found.zone)[1] for found in asked.reaches.values()]
    starts = [0, *accumulate(seconds)]
    return [
        Step(instant(start + timedelta(seconds=starts[label])), f"{label:02}:00", day, label)
        for label in range(24)
        if seconds[label] or any(calendar[label] for calendar in calendars)
    ]


def is_unread(step: Step, found: Reach) -> bool:
    """Whether nothing of the step was read: it lies after what is known, or before."""
    if found.known_until is None or (found.known_from and step.day < found.known_from):
        return True
    return found.known_until <= _bounds(step, found.zone)[0]


def is_partial(step: Step, found: Reach) -> bool:
    """Whether the step is not over, or was not read to its end."""
    return found.known_until is None or found.known_until < _bounds(step, found.zone)[1]


def instant(at: datetime) -> str:
    """A moment as it goes over the wire."""
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def _bounds(step: Step, zone: str) -> tuple[datetime, datetime]:
    """The step's start and end in an account's calendar."""
    start, seconds = intervals(step.day, zone)
    if step.label is None:
        return start, start + timedelta(seconds=sum(seconds))
    before = sum(seconds[: step.label])
    return (
        start + timedelta(seconds=before),
        start + timedelta(seconds=before + seconds[step.label]),
    )
