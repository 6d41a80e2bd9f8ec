"""Strategies: what a platform may say of a few ads around an hour or a clock change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from hypothesis import strategies as st

from schemas.codec import decode
from schemas.envelope import Envelope
from schemas.topics import Topic
from tests.streams.calendars import Calendar, calendar
from tests.streams.events import (
    Message,
    Owner,
    Path,
    coverage,
    day_observation,
    hours_observation,
)

OWNER = Owner(UUID(int=11), "act_1")

DATES = (
    (date(2026, 3, 1), "UTC"),
    (date(2026, 3, 8), "America/New_York"),  # label 2 has no time
    (date(2026, 11, 1), "America/New_York"),  # label 1 lasts two hours
    (date(2026, 11, 1), "America/Havana"),  # label 0 lasts two hours
    (date(2026, 9, 6), "America/Santiago"),  # the date starts at 01:00
    (date(2026, 3, 8), "Asia/Kolkata"),
    (date(2026, 3, 8), "Asia/Kathmandu"),
    (date(2026, 4, 5), "Australia/Lord_Howe"),  # label 1 lasts an hour and a half
)

# Two ads side by side, one that lies elsewhere at times, one whose ad set nobody knows, and
# a campaign that is not broken down.
PLACES = (
    ("ad", Path("c-1", "s-1", "a-1")),
    ("ad", Path("c-1", "s-1", "a-2")),
    ("ad", Path("c-2", "s-1", "a-2")),
    ("ad", Path("c-2", None, "a-3")),
    ("campaign", Path("c-3")),
)

# A platform's own words; one of them means something else in PostgreSQL.
GOALS = (("lead", "default"), ("null", "1d_view"), ("purchase", "null"))

# Lengths that no zone has and an event may still say.
ODD_SECONDS = (1, 899, 901, 2_700, 3_599, 3_601, 10_800)

T = TypeVar("T")


@dataclass(frozen=True)
class Story:
    """Events of one account and date in the order drawn, and how they are cut into chunks."""

    messages: tuple[Message, ...]
    cuts: tuple[int, ...]

    @property
    def events(self) -> list[Envelope]:
        """The messages as the product reads them."""
        return [decode(Topic(each.topic), each.value) for each in self.messages]

    @property
    def chunks(self) -> list[list[Envelope]]:
        """The events cut at `cuts`."""
        events = self.events
        edges = [0, *sorted(self.cuts), len(events)]
        return [events[edges[i] : edges[i + 1]] for i in range(len(edges) - 1)]

    def moved_to(self, workspace: UUID) -> "Story":
        """The same, told of another workspace."""
        old, new = str(OWNER.workspace).encode(), str(workspace).encode()
        moved = (
            Message(each.topic, each.key.replace(old, new), (each.value or b"").replace(old, new))
            for each in self.messages
        )
        return Story(tuple(moved), self.cuts)


@st.composite
def stories(draw: st.DrawFn, *, one_calendar: bool = False, most: int = 14) -> Story:
    """Readings, coverages and copies of them in any order and any chunking.

    Unless `one_calendar`, a reading may bring the calendar of another zone, as if the account's
    zone were changed between two reads, or one that no zone has.
    """
    day, zone = draw(st.sampled_from(DATES))
    # Few labels, so that readings meet: the hours around each clock change and the last.
    labels: list[int] = draw(
        st.lists(st.sampled_from((0, 1, 2, 3, 10, 23)), min_size=1, max_size=3)
    )
    calendars = [calendar(day, zone)]
    if not one_calendar and draw(st.integers(0, 5)) == 0:
        calendars.append(calendar(day, draw(st.sampled_from(DATES))[1]))
        calendars.append(_odd(calendars[0], draw(st.sampled_from(ODD_SECONDS))))
    drawn = _Drawn(draw, day, calendars, labels)
    told: list[Message] = []
    for _ in range(draw(st.integers(1, most))):
        if told and draw(st.integers(0, 5)) == 0:
            told.append(draw(st.sampled_from(told)))
        else:
            told.append(drawn.message())
    cuts = draw(st.lists(st.integers(0, len(told)), max_size=4))
    return Story(tuple(told), tuple(cuts))


class _Drawn:
    """What was drawn so far: instants and figures come again, so that readings tie and agree."""

    def __init__(
        self, draw: st.DrawFn, day: date, calendars: list[Calendar], labels: list[int]
    ) -> None:
        self._draw, self._day = draw, day
        self._calendars, self._labels = calendars, labels
        self._instants: list[datetime] = []
        self._hours: list[dict[int, tuple[int, ...]]] = []

    def message(self) -> Message:
        draw, day = self._draw, self._day
        local = draw(st.sampled_from(self._calendars))
        at = self._again(self._instants) or self._instant(local)
        what = draw(st.sampled_from(("hours", "hours", "hours", "day", "coverage")))
        if what == "coverage":
            level = draw(st.sampled_from(("ad", "ad", "campaign")))
            return coverage(OWNER, level, draw(st.sampled_from(("hours", "day"))), day, at)
        level, path = draw(st.sampled_from(PLACES))
        currency = draw(st.sampled_from(("USD", "USD", "USD", "EUR")))
        if what == "day":
            conversions = [
                (goal, window, draw(st.integers(-3, 9)), draw(st.integers(0, 5)))
                for goal, window in GOALS
                if draw(st.booleans())
            ]
            delivery = draw(st.none() | st.tuples(*[st.integers(0, 9)] * 4))
            return day_observation(OWNER, level, path, day, conversions, at, delivery, currency)
        hours = self._again(self._hours) or {
            label: draw(_figures) for label in self._labels if draw(st.integers(0, 4))
        }
        self._hours.append(hours)
        return hours_observation(OWNER, level, path, day, hours, at, local, currency)

    def _again(self, earlier: list[T]) -> T | None:
        return self._draw(st.sampled_from(earlier)) if earlier and self._draw(_seldom) else None

    def _instant(self, local: Calendar) -> datetime:
        """At, just before or shortly after a quarter-hour of a label; or on another day."""
        draw = self._draw
        label = draw(st.sampled_from(self._labels))
        at = local.label_starts_at(label) + timedelta(minutes=15 * draw(st.integers(-2, 7)))
        at += timedelta(microseconds=draw(_shifts))
        at += timedelta(days=draw(st.sampled_from((0, 0, 0, 0, 1, 3))))
        self._instants.append(at)
        return at


def _odd(local: Calendar, length: int) -> Calendar:
    """A calendar off the quarter-hour, whose fourth hour is of some other length."""
    lengths = (*local.hour_seconds[:3], length, *local.hour_seconds[4:])
    return Calendar(local.starts_at + timedelta(seconds=7 * 60 + 13), lengths)


_seldom = st.sampled_from((False, False, False, True))
_shifts = st.sampled_from((0, 0, -1, 1, 500_000, 1_000_000, 420_000_000, 899_999_999))
_figures: st.SearchStrategy[tuple[int, ...]] = st.tuples(
    st.integers(0, 40) | st.integers(0, 10**12), *[st.integers(0, 9)] * 3
)
