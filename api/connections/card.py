"""A connection's card: a pure function of what control tables and read models say of it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.connection_list import Linked
from accounts.connections import ConnectionState
from api.connections.polling import Pace
from api.connections.states import Facts, state_of
from api.shapes.connections import BackfillProgress, CardState, ConnectionCard
from readmodels.queries.freshness import Freshness
from readmodels.queries.sync_runs import LastRun

_RUNS = {"failing", "rate-limited", "backfilling", "waiting", "late", "healthy"}


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a connection; `freshness` and `last_run` are None before its first."""

    linked: Linked
    freshness: Freshness | None
    last_run: LastRun | None
    throttled_until: datetime | None
    is_read: bool
    pace: Pace


@dataclass(frozen=True, slots=True)
class Failure:
    """What is broken; `since` is None where one kind of read fails, not the connection."""

    reason: str | None
    next_step: str | None
    since: datetime | None
    retry_at: datetime | None


def card(known: Known, now: datetime) -> ConnectionCard:
    """What the page shows of it at this instant."""
    connection, work, reach = known.linked.connection, known.linked.work, known.freshness
    failure = _failure(known)
    is_filled = work.backfill_done == work.backfill_pieces
    state = state_of(
        Facts(
            state=connection.state,
            has_failed=failure is not None,
            throttled_until=known.throttled_until,
            is_read=known.is_read,
            is_backfilling=not is_filled,
            observed_until=reach.observed_until if reach else None,
        ),
        now,
    )
    shown = failure if state == "failing" else None
    progress = BackfillProgress(done=work.backfill_done, total=work.backfill_pieces)
    return ConnectionCard.model_validate(
        {
            "id": connection.connection_id,
            "provider": connection.provider,
            "account_id": connection.account_id,
            "label": connection.label,
            "state": state,
            "reason": shown and shown.reason,
            "next_step": shown and shown.next_step,
            "progress": None if is_filled or state == "disconnected" else progress,
            "rate_limited_until": known.throttled_until if state == "rate-limited" else None,
            "failing_since": shown and shown.since,
            "retry_at": shown and shown.retry_at,
            "last_success_at": reach and reach.last_success_at,
            "data_from": reach and reach.data_from,
            "data_through": reach and reach.data_through,
            "next_run_at": _next_run_at(known, state),
            "last_run": known.last_run,
            "restated_days": known.pace.restated_days,
            "token_expires_at": known.linked.consented_until,
            "zone": (reach and reach.zone) or connection.zone,
            "currency": (reach and reach.currency) or connection.currency,
            "created_at": connection.created_at,
            "disconnected_at": connection.disconnected_at,
        },
        from_attributes=True,
    )


def _failure(known: Known) -> Failure | None:
    linked, reach = known.linked, known.freshness
    own = linked.connection
    if own.state is ConnectionState.FAILING:
        return Failure(own.reason, own.next_step, own.failing_since, own.retry_at)
    if reach is None or reach.last_outcome != "failed":
        return None
    ended, issued = reach.last_finished_at, linked.token_issued_at
    if ended is not None and issued is not None and ended < issued:
        return None  # the account was connected again since; what comes of it is not known yet
    return Failure(reach.last_reason, reach.last_next_step, None, linked.work.retry_at)


def _next_run_at(known: Known, state: CardState) -> datetime | None:
    """What waits comes when it is due; what was read comes again at the pollers' pace."""
    linked, work = known.linked, known.linked.work
    if state not in _RUNS:
        return None
    if linked.connection.state is ConnectionState.FAILING:
        return linked.connection.retry_at
    again_at = work.standing_read_at and work.standing_read_at + known.pace.every
    return min((each for each in (work.due_at, again_at) if each is not None), default=None)
