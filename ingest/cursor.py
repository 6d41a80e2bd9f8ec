"""What a piece of poll work remembers of its last good read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from accounts.poll_work import PieceState
from ingest.account_day import today_in


@dataclass(frozen=True, slots=True)
class Cursor:
    """When the last good read began, and the last day that it asked for."""

    observed_at: datetime
    last_day: date | None

    @classmethod
    def of(cls, state: PieceState | None) -> Self | None:
        """That of a piece; None if it was never read."""
        if state is None or not state.cursor:
            return None
        kept: dict[str, Any] = state.cursor
        last_day = kept.get("last_day")
        return cls(
            datetime.fromisoformat(kept["observed_at"]),
            date.fromisoformat(last_day) if last_day else None,
        )

    def as_json(self) -> dict[str, str | None]:
        """What `of` reads back."""
        return {
            "observed_at": self.observed_at.isoformat(),
            "last_day": self.last_day.isoformat() if self.last_day else None,
        }

    def covered_through(self, zone: ZoneInfo) -> date:
        """The newest day of which something is known; it may have been read before its end."""
        read_on = today_in(zone, self.observed_at)
        return min(read_on, self.last_day) if self.last_day else read_on
