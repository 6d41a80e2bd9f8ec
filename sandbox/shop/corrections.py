"""How a platform takes figures back: hours lowered later, and days that vanish for a while."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.shop.calendar import LocalDay, local_day
from sandbox.shop.chance import Draws
from sandbox.shop.hours import Hour

OPEN_DAYS = 27
"""From local midnight of the date so many days later on, a date no longer changes by itself."""


@dataclass(frozen=True, slots=True)
class Lowering:
    """From an instant on, an hour keeps only so many of a thousand."""

    at: int
    label: int
    kept_permille: int


@dataclass(frozen=True, slots=True)
class Absence:
    """From an instant on, and perhaps up to another, the ad's whole day is not reported."""

    since: int
    until: int | None  # None: for ever


def closes_at(zone: str, day: LocalDay) -> int:
    """The instant before which everything that changes a date by itself has happened."""
    return local_day(zone, day.day + timedelta(days=OPEN_DAYS)).starts_at


def drawn_lowerings(
    seed: int, ad_id: str, day: LocalDay, hours: list[Hour], closes: int
) -> list[Lowering]:
    """Invalid clicks paid back, in order of time: some the same day, more in the week after."""
    if not hours:
        return []
    draws = Draws(seed, "lowerings", ad_id, day.day.toordinal())
    lowerings = list[Lowering]()
    if draws.one_in(6):
        label = hours[draws.below(len(hours))].label
        over = day.hour_starts[label] + day.hour_seconds[label]
        lowerings.append(Lowering(over + draws.between(600, 9000), label, draws.between(900, 985)))
    if draws.one_in(5):
        at = day.ends_at + draws.between(3 * 3600, 6 * 86_400)
        for _ in range(draws.between(1, 3)):
            label = hours[draws.below(len(hours))].label
            kept = 0 if draws.one_in(12) else draws.between(600, 960)
            lowerings.append(Lowering(at, label, kept))
    return sorted(
        (lowering for lowering in lowerings if lowering.at < closes),
        key=lambda lowering: (lowering.at, lowering.label, lowering.kept_permille),
    )


def drawn_absence(seed: int, ad_id: str, day: LocalDay, closes: int) -> Absence | None:
    """One ad-day in 150 is restated to nothing; one of four of those comes back."""
    draws = Draws(seed, "absence", ad_id, day.day.toordinal())
    if not draws.one_in(150):
        return None
    since = day.ends_at + draws.between(86_400, 12 * 86_400)
    until = since + draws.between(86_400, 4 * 86_400) if draws.one_in(4) else None
    return Absence(since, until) if since < closes and (until or 0) < closes else None
