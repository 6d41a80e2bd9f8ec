"""What a card holds in each state: only what is true of it then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts.connection_list import Linked, Work
from accounts.connections import Connection, ConnectionState
from api.connections.card import Known, card
from api.connections.polling import Pace
from api.shapes.connections import ConnectionCard
from readmodels.queries.freshness import Freshness
from readmodels.queries.sync_runs import LastRun

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ID, WORKSPACE = UUID(int=7), UUID(int=1)
CONNECTION = Connection(
    workspace_id=WORKSPACE,
    connection_id=ID,
    provider="meta",
    account_id="42",
    label="Acme on Meta",
    state=ConnectionState.ACTIVE,
    zone=None,
    currency=None,
    created_at=NOW - timedelta(days=3),
    reason=None,
    next_step=None,
    failing_since=None,
    retry_at=None,
    token_id=None,
    disconnected_at=None,
)
FAILING = replace(
    CONNECTION,
    state=ConnectionState.FAILING,
    reason="token-dead: expired",
    next_step="Connect the account again.",
    failing_since=NOW - 9 * MINUTE,
    retry_at=NOW + 3 * MINUTE,
)
WORK = Work(26, 26, None, None, NOW - 4 * MINUTE)
FILLING = replace(WORK, backfill_done=4, due_at=NOW - MINUTE)


def reach(**says: Any) -> Freshness:
    """All kinds were read four minutes ago."""
    said: dict[str, Any] = {
        "connection_id": ID,
        "provider": "meta",
        "account_id": "42",
        "state": "active",
        "label": "Acme on Meta",
        "zone": "Asia/Kolkata",
        "currency": "INR",
        "observed_until": NOW - 4 * MINUTE,
        "last_outcome": "ok",
        "last_reason": None,
        "last_next_step": None,
        "last_success_at": NOW - 4 * MINUTE,
        "data_from": date(2026, 8, 22),
        "data_through": date(2026, 11, 20),
        "last_finished_at": NOW - 4 * MINUTE,
    }
    return Freshness(**{**said, **says})


FAILED = reach(
    last_outcome="failed",
    last_reason="rejected: (#100)",
    last_next_step="Check that this account still exists and may be read.",
    last_finished_at=NOW - MINUTE,
)


def shown(
    connection: Connection = CONNECTION,
    work: Work = WORK,
    *,
    freshness: Freshness | None = None,
    throttled_until: datetime | None = None,
    consented_until: datetime | None = None,
    token_issued_at: datetime | None = None,
    is_read: bool = True,
) -> ConnectionCard:
    """The card at NOW."""
    return card(
        Known(
            Linked(connection, consented_until, token_issued_at, work),
            freshness,
            LastRun(ID, NOW - 4 * MINUTE, "ok", 420, 421) if freshness else None,
            throttled_until,
            is_read,
            Pace(15 * MINUTE, 7),
        ),
        NOW,
    )


def test_a_healthy_card_tells_how_far_it_reaches_and_when_it_goes_on() -> None:
    """Four minutes after the last read, at a pace of fifteen: in eleven. Nothing is wrong."""
    found = shown(freshness=reach(), consented_until=NOW + timedelta(days=60))
    assert found.state == "healthy"
    assert (found.data_from, found.data_through) == (date(2026, 8, 22), date(2026, 11, 20))
    assert (found.last_success_at, found.next_run_at) == (NOW - 4 * MINUTE, NOW + 11 * MINUTE)
    assert (found.zone, found.currency, found.restated_days) == ("Asia/Kolkata", "INR", 7)
    assert found.token_expires_at == NOW + timedelta(days=60)
    assert found.last_run is not None
    assert (found.last_run.outcome, found.last_run.rows, found.last_run.events) == ("ok", 420, 421)
    wrong = (found.reason, found.next_step, found.failing_since, found.retry_at, found.progress)
    assert (*wrong, found.rate_limited_until) == (None,) * 6


def test_a_card_that_was_never_read_is_all_unknown() -> None:
    """Just connected: no piece is known yet."""
    found = shown(work=Work(0, 0, None, None, None))
    unknown = (found.last_success_at, found.data_from, found.next_run_at, found.last_run)
    assert (found.state, *unknown, found.zone) == ("waiting", *(None,) * 5)


def test_a_backfill_tells_how_much_of_it_is_done() -> None:
    """Its pieces are due, so the next run is not at the pollers' pace."""
    found = shown(work=FILLING, freshness=reach())
    assert found.state == "backfilling"
    assert found.progress is not None
    assert (found.progress.done, found.progress.total) == (4, 26)
    assert found.next_run_at == NOW - MINUTE


def test_a_dead_token_tells_why_what_to_do_since_when_and_until_when() -> None:
    """The pieces that are due do not matter: none is taken before `retry_at`."""
    found = shown(FAILING, FILLING, freshness=FAILED)
    assert found.state == "failing"
    assert (found.reason, found.next_step) == ("token-dead: expired", "Connect the account again.")
    assert found.failing_since == NOW - 9 * MINUTE
    assert found.retry_at == found.next_run_at == NOW + 3 * MINUTE


def test_a_kind_that_fails_alone_makes_the_card_fail_with_its_reason() -> None:
    """As the dashboard says; since when is not kept, and it is tried with its own piece."""
    work = replace(WORK, due_at=NOW + MINUTE, retry_at=NOW + 2 * MINUTE)
    found = shown(work=work, freshness=FAILED)
    assert (found.state, found.reason) == ("failing", "rejected: (#100)")
    assert (found.failing_since, found.retry_at) == (None, NOW + 2 * MINUTE)
    assert found.next_run_at == NOW + MINUTE


@pytest.mark.parametrize(("ago", "state"), [(2 * MINUTE, "failing"), (MINUTE / 2, "healthy")])
def test_what_failed_before_the_account_was_connected_again_is_forgiven(
    ago: timedelta, state: str
) -> None:
    """The run failed a minute ago, of the token before this one, or of this one."""
    assert shown(freshness=FAILED, token_issued_at=NOW - ago).state == state


def test_a_throttle_tells_until_when() -> None:
    """And how much of the backfill waits behind it."""
    found = shown(work=FILLING, freshness=reach(), throttled_until=NOW + MINUTE)
    assert (found.state, found.rate_limited_until) == ("rate-limited", NOW + MINUTE)
    assert found.progress is not None


def test_a_throttle_behind_a_failure_is_not_told() -> None:
    """A card has one state, and tells what belongs to it."""
    found = shown(FAILING, freshness=reach(), throttled_until=NOW + MINUTE)
    assert (found.state, found.rate_limited_until) == ("failing", None)


@pytest.mark.parametrize(
    ("connection", "is_read", "state"),
    [
        (replace(CONNECTION, state=ConnectionState.PAUSED), True, "paused"),
        (replace(CONNECTION, state=ConnectionState.DISCONNECTED), True, "disconnected"),
        (replace(CONNECTION, provider="google"), False, "ready-soon"),
    ],
)
def test_what_is_not_read_has_no_next_run_and_no_failure(
    connection: Connection, is_read: bool, state: str
) -> None:
    """Though a piece is due; a failed run of before is told by `last_run` alone."""
    known = FAILED if is_read else reach()
    found = shown(connection, replace(WORK, due_at=NOW), freshness=known, is_read=is_read)
    assert found.state == state
    assert (found.next_run_at, found.retry_at, found.reason) == (None, None, None)
    assert found.last_run is not None
