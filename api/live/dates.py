"""Which dates a workspace's calendars show, and when the first of them turns."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from readmodels.queries.elapsed import intervals
from readmodels.queries.ranges import today_in


class Dates(Struct, frozen=True):
    """Today by time zone: true before `until`, when it becomes tomorrow in one of them."""

    shown: dict[str, date]
    until: datetime

    def begun_since(self, before: "Dates") -> tuple[str, ...]:
        """The dates that calendars of both now show and did not show then, in order."""
        turned = {day for zone, day in self.shown.items() if before.shown.get(zone, day) != day}
        return tuple(day.isoformat() for day in sorted(turned))


def dates(zones: Iterable[str], now: datetime) -> Dates:
    """The dates of these calendars, of which there is one at least."""
    shown = {zone: today_in(zone, now) for zone in zones}
    midnights = [intervals(day + timedelta(days=1), zone)[0] for zone, day in shown.items()]
    return Dates(shown, min(midnights))


def utc_now() -> datetime:
    """The clock of the live feed."""
    return datetime.now(UTC)
