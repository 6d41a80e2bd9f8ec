"""Rows of what pollers were asked and did, and how far each connection's figures reach."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
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
    """What every kind of read has in common, and the worst of how they stand.

    A run that does not tell its kind speaks for all three that there were.
    """
    told = {run.kind for run in runs if run.kind is not None}
    kinds = told | {"hours", "day", "entities"} if None in {run.kind for run in runs} else told
    of_kind = {kind: [run for run in runs if run.kind in (kind, None)] for kind in kinds}
    shown = _worst([_standing(own) for own in of_kind.values()])
    dated = [kind for kind in kinds if kind != "entities"]
    good = [[run.finished_at for run in of_kind[kind] if run.outcome == "ok"] for kind in dated]
    spans = {kind: span for kind in dated if (span := _span(of_kind[kind]))}
    # Days alone hold conversions: without hours nothing is known of what was delivered.
    known = list(spans.values()) if spans.keys() - {"day"} else []
    return (
        shown.says["provider"],
        shown.says["account_id"],
        _maybe(min((until for _, _, until in known), default=None)),
        shown.outcome,
        shown.says["reason"],
        shown.says["next_step"],
        _maybe(shown.finished_at),
        _maybe(min((max(ends) for ends in good if ends), default=None)),
        max((first for first, _, _ in known), default=None),
        min((last for _, last, _ in known), default=None),
    )


def _span(runs: list[Run]) -> tuple[date, date, int] | None:
    """First and last day that were read, and when the last was last read."""
    reads = [
        (*run.days, run.observed_at)
        for run in runs
        if run.outcome == "ok" and run.days and run.observed_at is not None
    ]
    if not reads:
        return None
    last = max(day for _, day, _ in reads)
    return min(day for day, _, _ in reads), last, max(at for _, day, at in reads if day == last)


def _standing(runs: list[Run]) -> Run:
    """Of those that asked for the latest day the newest; `runs` are in the order they ended in.

    Who tells no kind, or no days, asked for no day at all.
    """
    asked = [run.days[1] if run.kind and run.days else date.min for run in runs]
    return [run for run, day in zip(runs, asked, strict=True) if day == max(asked)][-1]


def _worst(runs: list[Run]) -> Run:
    """A failed one before a throttled one before a good one, and of equals the newest."""
    for outcome in ("failed", "throttled", "ok"):
        found = [run for run in runs if run.outcome == outcome]
        if found:
            return max(found, key=lambda run: (run.finished_at, run.event_id))
    raise AssertionError("no run at all")


def _maybe(micros: int | None) -> Any:
    return None if micros is None else instant(micros)
