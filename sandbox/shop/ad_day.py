"""One ad's day as of any instant: what was drawn, how far it got, and what was changed since."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.shop.calendar import LocalDay
from sandbox.shop.chance import Draws
from sandbox.shop.changes import Added, Change, Replaced, Scaled
from sandbox.shop.conversions import (
    Conversion,
    Kind,
    Tallies,
    drawn_conversions,
    tallied,
)
from sandbox.shop.corrections import (
    Absence,
    Lowering,
    closes_at,
    drawn_absence,
    drawn_lowerings,
)
from sandbox.shop.hours import Hour, drawn_hours, filled
from sandbox.shop.world import Ad

_PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What the platform says of an ad's day: hours by label, those with nothing left out."""

    hours: tuple[Hour, ...]
    conversions: Tallies


NOTHING = Figures((), {})


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything that chance holds for one ad's day, whenever it is looked at."""

    seed: int
    ad_id: str
    day: LocalDay
    hours: tuple[Hour, ...]
    lowerings: tuple[Lowering, ...]
    absence: Absence | None
    conversions: tuple[Conversion, ...]


@dataclass(slots=True)
class AdDay:
    """A drawn day with the changes injected into it; remembers its last answer."""

    drawn: Drawn
    changes: list[Change] = field(default_factory=list[Change])
    _turns: list[int] | None = None  # instants after the day at which an answer changes
    _known: tuple[int, int, Figures] = (0, 0, NOTHING)  # since, until (exclusive), answer

    def add(self, change: Change) -> None:
        """Lay one more change over the day."""
        self.changes.append(change)
        self._turns, self._known = None, (0, 0, NOTHING)

    def at(self, instant: int) -> Figures:
        """The figures as of an instant."""
        since, until, answer = self._known
        if since <= instant < until:
            return answer
        answer = _changed(_so_far(self.drawn, instant), self.changes, instant)
        self._known = (*self._span(instant), answer)
        return answer

    def _span(self, instant: int) -> tuple[int, int]:
        """A span that holds the instant, over which the answer stays the same."""
        day = self.drawn.day
        if instant < day.ends_at:
            return instant, instant + 1
        if self._turns is None:
            self._turns = _turns(self.drawn, self.changes)
        after = bisect_right(self._turns, instant)
        return (
            self._turns[after - 1] if after else day.ends_at,
            self._turns[after] if after < len(self._turns) else 1 << 62,
        )


def draw(seed: int, ad: Ad, zone: str, day: LocalDay, day_index: int, story_days: int) -> Drawn:
    """All that chance holds for an ad's day."""
    closes = closes_at(zone, day)
    hours = drawn_hours(seed, ad, day, day_index, story_days)
    return Drawn(
        seed=seed,
        ad_id=ad.id,
        day=day,
        hours=tuple(hours),
        lowerings=tuple(drawn_lowerings(seed, ad.id, day, hours, closes)),
        absence=drawn_absence(seed, ad.id, day, closes),
        conversions=tuple(drawn_conversions(seed, ad, day, hours, closes)),
    )


def _turns(drawn: Drawn, changes: Sequence[Change]) -> list[int]:
    ends_at = drawn.day.ends_at
    instants = {lowering.at for lowering in drawn.lowerings} | {change.at for change in changes}
    for conversion in drawn.conversions:
        instants.update((conversion.reported_at, conversion.withdrawn_at or 0))
    if drawn.absence:
        instants.update((drawn.absence.since, drawn.absence.until or 0))
    return sorted(instant for instant in instants if instant >= ends_at)


def _so_far(drawn: Drawn, instant: int) -> Figures:
    """The drawn figures as of an instant, before any injected change."""
    gone = drawn.absence
    if gone and gone.since <= instant and (gone.until is None or instant < gone.until):
        return NOTHING
    day, hours = drawn.day, dict[int, Hour]()
    for hour in drawn.hours:
        elapsed = instant - day.hour_starts[hour.label]
        seconds = day.hour_seconds[hour.label]
        if elapsed <= 0:
            break
        if elapsed >= seconds:
            hours[hour.label] = hour
        else:
            pace = Draws(drawn.seed, "pace", drawn.ad_id, day.hour_starts[hour.label])
            hours[hour.label] = filled(hour, seconds, elapsed, pace)
    for lowering in drawn.lowerings:
        if lowering.at <= instant and lowering.label in hours:
            hours[lowering.label] = hours[lowering.label].scaled(lowering.kept_permille, 1000)
    shown = tuple(hour for hour in hours.values() if not hour.is_empty)
    return Figures(shown, tallied(drawn.conversions, instant))


def _changed(figures: Figures, changes: Sequence[Change], instant: int) -> Figures:
    """The figures with the changes made up to an instant laid over them, in order."""
    due = [change for change in changes if change.at <= instant]
    if not due:
        return figures
    hours = {hour.label: hour for hour in figures.hours}
    tallies = dict(figures.conversions)
    for change in due:
        match change:
            case Added(more=more):
                hours[more.label] = _sum(hours.get(more.label, Hour(more.label, 0, 0, 0, 0)), more)
            case Scaled(label=label, factor_ppm=factor, part=part):
                if part != "conversions":
                    for at in hours if label is None else hours.keys() & {label}:
                        hours[at] = hours[at].scaled(factor, _PPM)
                if part != "delivery" and label is None:
                    tallies = _scaled(tallies, factor)
            case Replaced():
                if change.whole_day:
                    hours.clear()
                hours.update((hour.label, hour) for hour in change.hours)
                if change.conversions is not None:
                    tallies = dict(change.conversions)
    shown = sorted(label for label, hour in hours.items() if not hour.is_empty)
    return Figures(tuple(hours[label] for label in shown), tallies)


def _sum(one: Hour, other: Hour) -> Hour:
    return Hour(
        one.label,
        one.spend_micros + other.spend_micros,
        one.impressions + other.impressions,
        one.clicks + other.clicks,
        one.link_clicks + other.link_clicks,
    )


def _scaled(tallies: dict[Kind, tuple[int, int]], factor_ppm: int) -> dict[Kind, tuple[int, int]]:
    """Counts down to the one and values to the cent; what no longer counts has no value."""
    scaled = dict[Kind, tuple[int, int]]()
    for kind, (count, value) in tallies.items():
        if fewer := count * factor_ppm // _PPM:
            scaled[kind] = (fewer, value // 10_000 * factor_ppm // _PPM * 10_000)
    return scaled
