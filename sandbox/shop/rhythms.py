"""When people are there: weights of hours and weekdays, seasons and slow waves."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How an audience's attention is spread over a day and a week."""

    hours: tuple[int, ...]  # a weight for each hour label
    weekdays: tuple[int, ...]  # percent, Monday first


def _hours(weights: str) -> tuple[int, ...]:
    """24 weights, midnight first."""
    return tuple(map(int, weights.split()))


SHOPPERS = Rhythm(
    hours=_hours("22 14 9 6 6 9 18 30 42 50 56 62 70 66 60 58 60 66 74 86 94 90 68 40"),
    weekdays=(96, 94, 95, 99, 104, 112, 116),
)
OFFICE = Rhythm(
    hours=_hours("4 3 2 2 3 8 22 48 82 100 104 96 74 84 98 92 78 54 34 26 22 18 12 7"),
    weekdays=(108, 116, 118, 114, 98, 46, 42),
)
PLAYERS = Rhythm(
    hours=_hours("38 26 16 10 8 10 20 34 38 36 38 44 54 50 46 50 58 66 76 88 100 104 88 60"),
    weekdays=(92, 92, 94, 98, 108, 120, 118),
)
READERS = Rhythm(
    hours=_hours("16 10 7 5 8 18 40 62 66 58 50 52 64 58 48 44 46 54 62 72 78 70 48 28"),
    weekdays=(104, 102, 102, 100, 94, 96, 102),
)

_SEASONS = (  # first and last (month, day), permille for shoppers
    ((1, 2), (1, 20), 860),
    ((2, 7), (2, 14), 1120),
    ((5, 6), (5, 12), 1080),
    ((11, 20), (11, 25), 1150),
    ((11, 26), (12, 2), 1380),
    ((12, 3), (12, 17), 1200),
    ((12, 24), (12, 31), 780),
)


def season_permille(rhythm: Rhythm, day: date) -> int:
    """How much the time of year lifts or lowers an audience's day; 1000 = not at all."""
    if rhythm is OFFICE:
        return 550 if (day.month, day.day) >= (12, 20) else 1000
    if rhythm is not SHOPPERS:
        return 1000
    at = (day.month, day.day)
    return next((lift for first, last, lift in _SEASONS if first <= at <= last), 1000)


def wave_permille(day_index: int, period: int, height: int) -> int:
    """A slow triangle wave around 0: from -height to +height and back within a period of days."""
    half = period // 2
    return height * (2 * abs(day_index % (2 * half) - half) - half) // half
