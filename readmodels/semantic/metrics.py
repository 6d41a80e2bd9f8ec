"""What a metric is: a sum of measures, or one sum over another."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

MICROS = 1_000_000


class Unit(StrEnum):
    """How a value is to be read."""

    MONEY = "money_micros"  # integer micros of the answer's currency
    COUNT = "count"  # a number of things; platforms report fractions of conversions
    FRACTION = "fraction"  # 0.031 is 3.1 %; differences are percentage points
    RATIO = "ratio"  # a plain quotient, like 3.2


class Better(StrEnum):
    """Which way is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Basis(StrEnum):
    """Who says so."""

    PLATFORM = "platform"
    PIXEL = "pixel"
    STORE = "store"


class Source(StrEnum):
    """Which windows a measure is summed from."""

    DELIVERY = "delivery"  # by quarter-hour, hour and day
    CONVERSIONS = "conversions"  # by day alone: hours of it are shared out and estimated


class Measure(Struct, frozen=True, kw_only=True):
    """One integer column that may be added up over anything."""

    id: str
    source: Source
    column: str
    goal: str = ""  # of conversions: which one
    scale: int = 1  # how many of the column's units make one: counts of conversions are micros


class Sum(Struct, frozen=True, kw_only=True):
    """A metric that is added up."""

    id: str
    label: str
    synonyms: tuple[str, ...]
    meaning: str
    adds: tuple[Measure, ...]
    unit: Unit
    better: Better
    bases: tuple[Basis, ...]
    example: str

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What it needs to have summed."""
        return self.adds

    @property
    def formula(self) -> str:
        """The rule, in the words of the page."""
        if len(self.adds) == 1:
            return f"Sum of {self.label.lower()}"
        return " + ".join(measure.id for measure in self.adds).capitalize()

    def value(self, sums: Mapping[str, int]) -> int | float:
        """The sum itself; a whole number wherever it is one."""
        total, scale = _total(self, sums), self.adds[0].scale
        return total // scale if total % scale == 0 else total / scale


class Ratio(Struct, frozen=True, kw_only=True):
    """A sum over a sum, never an average of ratios; null where the lower sum is zero."""

    id: str
    label: str
    synonyms: tuple[str, ...]
    meaning: str
    of: Sum
    over: Sum
    times: int = 1
    unit: Unit
    better: Better
    bases: tuple[Basis, ...]
    example: str

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What it needs to have summed."""
        return self.of.adds + self.over.adds

    @property
    def formula(self) -> str:
        """The rule, in the words of the page."""
        text = f"{self.of.label} ÷ {self.over.label.lower()}"
        return text if self.times == 1 else f"{text} × {self.times:,}"

    def value(self, sums: Mapping[str, int]) -> int | float | None:
        """Exact integers until the one division; money is rounded half to even, to the micro."""
        over = _total(self.over, sums) * self.of.adds[0].scale
        if over == 0:
            return None
        of = _total(self.of, sums) * self.times * self.over.adds[0].scale
        return _rounded(of, over) if self.unit is Unit.MONEY else of / over


Metric = Sum | Ratio


def measures_of(metrics: Iterable[Metric]) -> tuple[Measure, ...]:
    """Each measure that these metrics need, once, in a fixed order."""
    found = {measure.id: measure for metric in metrics for measure in metric.measures}
    return tuple(found[name] for name in sorted(found))


def _total(part: Sum, sums: Mapping[str, int]) -> int:
    if len(part.adds) == 1:
        return sums[part.adds[0].id]
    return sum(sums[measure.id] for measure in part.adds)


def _rounded(of: int, over: int) -> int:
    """of / over to the nearest integer, half to even. `over` may be negative, never zero."""
    if over < 0:
        of, over = -of, -over
    whole, rest = divmod(of, over)
    return whole + (2 * rest > over or (2 * rest == over and whole % 2 == 1))
