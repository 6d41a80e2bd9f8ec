"""Rows of what pollers were asked and did, and how far each connection's figures reach."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.oracle.facts import Fact, Request, Run, instant

Row = tuple[Any, ...]


def sync_rows(facts: Iterable[Fact]) -> dict[str, list[Row]]:
    """Each request, each run as last told, each connection over all that its runs ever told."""
    facts = list(facts)
    asked = [fact for fact in facts if isinstance(fact, Request)]
    requests = {(request.workspace, request.event_id): request for request in asked}
    told = [fact for fact in facts if isinstance(fact, Run)]
    runs: dict[Row, Run] = {}
    connections: dict[Row, list[Run]] = defaultdict(list)
    for run in sorted(told, key=lambda run: (run.finished_at, run.event_id)):
        runs[(run.workspace, run.run)] = run
        connections[(run.workspace, run.connection)].append(run)
    return {
        "sync_request": [_request(request) for request in requests.values()],
        "sync_run": [(*key, *_run(run)) for key, run in runs.items()],
        "connection_freshness": [(*key, *_reach(runs)) for key, runs in connections.items()],
    }


def _request(request: Request) -> Row:
    says = request.says
    return (
        request.workspace, says["provider"], says["connection_id"], says["account_id"],
        says["piece"], instant(request.requested_at), says["requested_by"],
    )  # fmt: skip


def _run(run: Run) -> Row:
    says = run.says
    return (
        says["provider"], run.connection, says["account_id"], says["piece"],
        _maybe(says["started_at"]), _maybe(run.observed_at), _maybe(run.finished_at),
        run.outcome, says["reason"], says["next_step"], _maybe(says["retry_at"]),
        *(run.days or (None, None)), says["rows"], says["events"],
    )  # fmt: skip


def _reach(runs: list[Run]) -> Row:
    """The last run's words; over the good ones the widest days, and when the last was last read."""
    last = runs[-1]
    good = [run for run in runs if run.outcome == "ok"]
    reads = [run for run in good if run.days and run.observed_at is not None]
    days = [day for run in reads for day in run.days or ()]
    furthest = [run for run in reads if run.days and run.days[1] == max(days)]
    return (
        last.says["provider"],
        last.says["account_id"],
        _maybe(max((run.observed_at or 0 for run in furthest), default=None)),
        last.outcome,
        last.says["reason"],
        last.says["next_step"],
        _maybe(last.finished_at),
        _maybe(max((run.finished_at for run in good), default=None)),
        min(days, default=None),
        max(days, default=None),
    )


def _maybe(micros: int | None) -> Any:
    return None if micros is None else instant(micros)
