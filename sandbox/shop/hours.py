"""What an ad's hours amount to once they are over, and how they fill up second by second."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.shop.calendar import LABELS, LocalDay
from sandbox.shop.chance import Draws
from sandbox.shop.rhythms import season_permille, wave_permille
from sandbox.shop.world import Ad, Economics

MICROS_PER_CENT = 10_000
_SLOT = 300  # seconds; within one the pace is even


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour label of an ad's day: money in micros (whole cents), and counts that nest."""

    label: int
    spend_micros: int
    impressions: int
    clicks: int
    link_clicks: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was measured."""
        return not (self.spend_micros or self.impressions or self.clicks or self.link_clicks)

    def scaled(self, number: int, of: int) -> "Hour":
        """This hour times number/of, money down to the cent, counts down to the one."""
        cents = self.spend_micros // MICROS_PER_CENT * number // of
        return Hour(
            self.label,
            cents * MICROS_PER_CENT,
            self.impressions * number // of,
            self.clicks * number // of,
            self.link_clicks * number // of,
        )


def drawn_hours(seed: int, ad: Ad, day: LocalDay, day_index: int, story_days: int) -> list[Hour]:
    """The ad's hours of one day as they will end; those without delivery are left out."""
    if day_index < 0 or not any(map(ad.delivers_at, day.hour_starts)):
        return []
    draws = Draws(seed, "hours", ad.id, day.day.toordinal())
    money = ad.economics
    target = _day_cents(draws, ad, day, day_index, story_days)
    cpm_cents = money.cpm_cents * draws.between(88, 114) // 100
    # Fatigue: a third of the click rate wears off over the story, and no more.
    worn = 1000 - 330 * min(day_index, story_days) // story_days
    ctr_ppm = money.ctr_ppm * worn // 1000 * draws.between(88, 112) // 100
    weights, hours = ad.rhythm.hours, list[Hour]()
    for label in range(LABELS):
        if not day.hour_seconds[label] or not ad.delivers_at(day.hour_starts[label]):
            continue
        weight = weights[label] * draws.between(82, 118) * day.hour_seconds[label]
        cents = draws.rounded(target * weight, sum(weights) * 100 * 3600)
        hours.append(_hour(draws, label, cents, cpm_cents, ctr_ppm, money))
    return [hour for hour in hours if not hour.is_empty]


def filled(hour: Hour, seconds: int, elapsed: int, pace: Draws) -> Hour:
    """What the hour shows after so many of its seconds: never less than a second before."""
    slots = [pace.between(40, 160) for _ in range(-(-seconds // _SLOT))]
    whole, rest = divmod(elapsed, _SLOT)
    done = sum(slots[:whole]) * _SLOT + (slots[whole] * rest if rest else 0)
    return hour.scaled(done, _weight(slots, seconds))


def _weight(slots: Sequence[int], seconds: int) -> int:
    """What `done` comes to at the hour's last second; the last slot may be a short one."""
    return sum(slots[:-1]) * _SLOT + slots[-1] * (seconds - (len(slots) - 1) * _SLOT)


def _day_cents(draws: Draws, ad: Ad, day: LocalDay, day_index: int, story_days: int) -> int:
    """What the ad would spend on a day of 24 hours; at most 125 % of its share of the budget."""
    permille = (
        1000
        + ad.trend.slope_permille * min(day_index, story_days) // story_days
        - ad.trend.slope_permille // 2
        + wave_permille(day_index, ad.trend.wave_days, ad.trend.wave_permille)
    )
    permille = permille * ad.rhythm.weekdays[day.day.weekday()] // 100
    permille = permille * season_permille(ad.rhythm, day.day) // 1000
    permille = permille * draws.between(86, 113) // 100
    return ad.economics.daily_cents * min(permille, 1250) // 1000


def _hour(
    draws: Draws, label: int, cents: int, cpm_cents: int, ctr_ppm: int, money: Economics
) -> Hour:
    impressions = draws.rounded(cents * 1000 * 100, cpm_cents * draws.between(86, 116))
    clicks = min(draws.rounded(impressions * ctr_ppm, 1_000_000), impressions)
    link_clicks = min(draws.rounded(clicks * money.link_permille, 1000), clicks)
    return Hour(label, cents * MICROS_PER_CENT, impressions, clicks, link_clicks)
