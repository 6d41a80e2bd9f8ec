"""How a connection does, in one word: a pure function of what is known of it, and of now."""

from dataclasses import dataclass
from datetime import datetime

from accounts.connections import ConnectionState
from api.shapes.connections import CardState
from readmodels.queries.freshness import LATE_AFTER


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the state of a connection."""

    state: ConnectionState  # as people and pollers have left it
    has_failed: bool  # the last attempt at one of its kinds did, and nothing has mended it since
    throttled_until: datetime | None  # when the platform may be asked again for what it put off
    is_read: bool  # this version reads figures of its platform
    is_backfilling: bool  # pieces of its first read are still to be read
    observed_until: datetime | None  # its figures are known until then; None: never read


def state_of(facts: Facts, now: datetime) -> CardState:
    """The first that holds: what a person did, what is broken, what is under way, how old it is."""
    if facts.state is ConnectionState.DISCONNECTED:
        return "disconnected"
    if facts.state is ConnectionState.PAUSED:
        return "paused"
    if facts.state is ConnectionState.FAILING or facts.has_failed:
        return "failing"
    if facts.throttled_until is not None and facts.throttled_until > now:
        return "rate-limited"
    if not facts.is_read:
        return "ready-soon"
    if facts.is_backfilling:
        return "backfilling"
    if facts.observed_until is None:
        return "waiting"
    return "late" if now - facts.observed_until > LATE_AFTER else "healthy"
