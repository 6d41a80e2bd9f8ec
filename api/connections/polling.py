"""What pollers of this installation read, and how often: runtime says it, for api is no poller."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a connection is read, and how far back."""

    every: timedelta  # from one read of today to the next
    restated_days: int  # days before today that are read again each day


@dataclass(frozen=True, slots=True)
class Polling:
    """Which platforms can be connected and are read, and at which pace."""

    read_providers: frozenset[str]
    configured_providers: frozenset[str]  # whose app has been set up
    pace: Pace
    demo_pace: Pace

    def pace_of(self, *, is_demo: bool) -> Pace:
        """That of a workspace's connections."""
        return self.demo_pace if is_demo else self.pace
