"""What clicks and views lead to: conversions, each dated by its click, some of them late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.shop.calendar import LocalDay
from sandbox.shop.chance import Draws
from sandbox.shop.hours import MICROS_PER_CENT, Hour
from sandbox.shop.world import Ad, Channel, Goal, Rate

WINDOWS = ("default", "1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
"""`default` is what ad sets are set to: 7 days after a click or 1 day after a view."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

Kind = tuple[Goal, Channel, str]
"""Goal, where it happened, and the attribution window that holds it."""

Tallies = Mapping[Kind, tuple[int, int]]
"""For each kind, how many and what they are worth in micros; kinds without any are left out."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """One conversion, as the platform learns of it and, now and then, takes it back."""

    reported_at: int
    withdrawn_at: int | None
    goal: Goal
    channel: Channel
    value_micros: int
    windows: tuple[str, ...]

    def counts_at(self, instant: int) -> bool:
        """Whether the platform counts it as of an instant."""
        return self.reported_at <= instant and (
            self.withdrawn_at is None or instant < self.withdrawn_at
        )


def drawn_conversions(
    seed: int, ad: Ad, day: LocalDay, hours: list[Hour], closes: int
) -> list[Conversion]:
    """All conversions of an ad's day that become known before it closes."""
    draws = Draws(seed, "conversions", ad.id, day.day.toordinal())
    link_clicks = [hour.link_clicks for hour in hours]
    conversions = list[Conversion]()
    for rate in ad.economics.rates:
        swing = draws.between(70, 130)
        count = draws.rounded(sum(link_clicks) * rate.per_link_click_ppm * swing, 100_000_000)
        for _ in range(count):
            label = hours[draws.index(link_clicks)].label
            seen_at = day.hour_starts[label] + draws.below(day.hour_seconds[label])
            conversion = _conversion(draws, rate, seen_at, closes)
            if conversion.reported_at < closes:
                conversions.append(conversion)
    return conversions


def tallied(conversions: Iterable[Conversion], instant: int) -> dict[Kind, tuple[int, int]]:
    """The tallies as of an instant."""
    tallies = dict[Kind, tuple[int, int]]()
    for conversion in conversions:
        if conversion.counts_at(instant):
            for window in conversion.windows:
                kind = (conversion.goal, conversion.channel, window)
                count, value = tallies.get(kind, (0, 0))
                tallies[kind] = (count + 1, value + conversion.value_micros)
    return tallies


def _conversion(draws: Draws, rate: Rate, seen_at: int, closes: int) -> Conversion:
    after, windows = _attributed(draws)
    reported_at = seen_at + after + _report_lag(draws)
    withdrawn_at = reported_at + draws.between(_HOUR, 8 * _DAY) if draws.one_in(45) else None
    cents = draws.between(rate.lowest_value_cents, rate.highest_value_cents)
    return Conversion(
        reported_at=reported_at,
        withdrawn_at=withdrawn_at if withdrawn_at is not None and withdrawn_at < closes else None,
        goal=rate.goal,
        channel=rate.channel,
        value_micros=cents * MICROS_PER_CENT,
        windows=windows,
    )


def _attributed(draws: Draws) -> tuple[int, tuple[str, ...]]:
    """Seconds from the click or view to the conversion, and the windows that hold it."""
    draw = draws.below(100)
    if draw < 9:
        return draws.below(_DAY), ("default", "1d_view")
    if draw < 11:
        return draws.below(_DAY), ("1d_ev",)
    if draw < 60:
        return draws.below(_HOUR), ("default", "1d_click", "7d_click", "28d_click")
    if draw < 82:
        return draws.between(_HOUR, _DAY), ("default", "1d_click", "7d_click", "28d_click")
    if draw < 94:
        return draws.between(_DAY + 1, 7 * _DAY), ("default", "7d_click", "28d_click")
    return draws.between(7 * _DAY + 1, 26 * _DAY), ("28d_click",)


def _report_lag(draws: Draws) -> int:
    """Seconds until the platform knows: minutes mostly, days for uploads from a back office."""
    draw = draws.below(100)
    if draw < 88:
        return draws.between(20, 40 * _MINUTE)
    if draw < 97:
        return draws.between(_HOUR, _DAY)
    return draws.between(2 * _DAY, 18 * _DAY)
