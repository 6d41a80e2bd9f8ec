"""The state of a connection: one for each set of facts, and the graver one first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.connections import ConnectionState
from api.connections.states import Facts, state_of
from api.shapes.connections import CardState
from readmodels.queries.freshness import LATE_AFTER

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HEALTHY = Facts(
    state=ConnectionState.ACTIVE,
    has_failed=False,
    throttled_until=None,
    is_read=True,
    is_backfilling=False,
    observed_until=NOW - timedelta(minutes=10),
)

# In the order of precedence: what makes a healthy connection this.
MADE_BY: Mapping[str, Mapping[str, Any]] = {
    "disconnected": {"state": ConnectionState.DISCONNECTED},
    "paused": {"state": ConnectionState.PAUSED},
    "failing": {"has_failed": True},
    "rate-limited": {"throttled_until": NOW + SECOND},
    "ready-soon": {"is_read": False},
    "backfilling": {"is_backfilling": True},
    "waiting": {"observed_until": None},
    "late": {"observed_until": NOW - LATE_AFTER - SECOND},
    "healthy": {},
}


@pytest.mark.parametrize("state", MADE_BY)
def test_each_state_has_what_makes_it(state: str) -> None:
    """Alone, in a connection that is well otherwise."""
    assert state_of(replace(HEALTHY, **MADE_BY[state]), NOW) == state


@pytest.mark.parametrize(
    ("graver", "lesser"),
    [pair for pair in combinations(MADE_BY, 2) if not MADE_BY[pair[0]].keys() & MADE_BY[pair[1]]],
)
def test_the_graver_state_is_said(graver: str, lesser: str) -> None:
    """Where two hold at once, what stands first in the table."""
    both = {**MADE_BY[lesser], **MADE_BY[graver]}
    assert state_of(replace(HEALTHY, **both), NOW) == graver


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"state": ConnectionState.FAILING}, "failing"),
        ({"state": ConnectionState.PAUSED, "has_failed": True}, "paused"),
        ({"throttled_until": NOW}, "healthy"),
        ({"observed_until": NOW - LATE_AFTER}, "healthy"),
        ({"observed_until": NOW + timedelta(minutes=5)}, "healthy"),
        ({"observed_until": None, "is_backfilling": True}, "backfilling"),
    ],
)
def test_edges(facts: Mapping[str, Any], state: str) -> None:
    """A dead token, a throttle that is over, an age that just passes, a clock that runs ahead."""
    assert state_of(replace(HEALTHY, **facts), NOW) == state


moments = st.integers(-(10**7), 10**7).map(lambda seconds: NOW + seconds * SECOND)
any_facts = st.builds(
    Facts,
    state=st.sampled_from(ConnectionState),
    has_failed=st.booleans(),
    throttled_until=st.none() | moments,
    is_read=st.booleans(),
    is_backfilling=st.booleans(),
    observed_until=st.none() | moments,
)


@given(any_facts, moments)
def test_whatever_is_known_there_is_one_state(facts: Facts, now: datetime) -> None:
    """And of a set of facts it is the first of the table that its own cause makes."""
    causes = {
        "disconnected": facts.state is ConnectionState.DISCONNECTED,
        "paused": facts.state is ConnectionState.PAUSED,
        "failing": facts.state is ConnectionState.FAILING or facts.has_failed,
        "rate-limited": facts.throttled_until is not None and facts.throttled_until > now,
        "ready-soon": not facts.is_read,
        "backfilling": facts.is_backfilling,
        "waiting": facts.observed_until is None,
        "late": facts.observed_until is not None and facts.observed_until < now - LATE_AFTER,
        "healthy": True,
    }
    assert [*causes] == [*MADE_BY]
    found = state_of(facts, now)
    assert found in get_args(CardState)
    assert found == next(state for state, holds in causes.items() if holds)


def test_every_state_of_the_wire_can_come_up() -> None:
    """None that the pages draw for nothing."""
    assert {*MADE_BY} == {*get_args(CardState)}
