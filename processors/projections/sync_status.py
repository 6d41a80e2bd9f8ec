"""Sync status: what was asked of pollers, how each run ended, how far each kind was read."""

from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from msgspec import UNSET

from processors.chunk import Chunk
from processors.projection import Change, Folded, Projection
from processors.registers import Register, held_registers, newer
from processors.tx import Tx
from readmodels.tables.sync_status import (
    TABLES,
    VIEWS,
    connection_reach,
    sync_request,
    sync_run,
)
from schemas.sync import SyncRequested, SyncRun
from schemas.topics import Topic

RunKey = tuple[UUID, UUID]
"""Workspace and run."""

ReachKey = tuple[UUID, UUID, str]
"""Workspace, connection and kind."""

KINDS = ("hours", "day", "entities")
"""What a run without a kind counts for: there were no others when runs did not tell it."""

V = TypeVar("V", date, datetime)


class Reach(NamedTuple):
    """How far a connection was read for one kind, and how the last read of it ended.

    The first seven are one register: of the runs that asked for the furthest date, `last_day`, the
    newest. `observed_until` is when the furthest date, `data_through`, was last read. So a later
    read of older dates neither moves them nor hides that today's fail.
    """

    provider: str
    account_id: str
    last_day: date | None
    last: Register
    outcome: str
    reason: str | None
    next_step: str | None
    observed_until: datetime | None
    last_success_at: datetime | None
    data_from: date | None
    data_through: date | None


class State(NamedTuple):
    """What is held of the runs, and of the kinds that they read, in the chunk."""

    requests: set[tuple[UUID, UUID]]
    runs: dict[RunKey, Register]
    reaches: dict[ReachKey, Reach]


class Delta(NamedTuple):
    """What is new, or newer than what is held."""

    requests: list[SyncRequested]
    runs: dict[RunKey, SyncRun]
    reaches: dict[ReachKey, Reach]


async def load(tx: Tx, chunk: Chunk) -> State:
    """The registers of the runs, requests and kinds in the chunk."""
    runs, requests = _runs(chunk), _requests(chunk)
    wanted = [(event.workspace_id, event.event_id) for event in requests]
    found = await tx.find(sync_request, wanted)
    reaches = await tx.find(connection_reach, [key for run in runs for key in _reach_keys(run)])
    return State(
        {tuple(row)[:2] for row in found},  # type: ignore[misc]
        await held_registers(tx, sync_run, map(_run, runs)),
        {tuple(row)[:3]: _reach_of_row(tuple(row)[3:]) for row in reaches},  # type: ignore[misc]
    )


def fold(chunk: Chunk, state: State) -> Folded[Delta]:
    """The newest end of each run, and each kind's reach over all its runs. Pure."""
    runs, requests = _runs(chunk), _requests(chunk)
    reaches: dict[ReachKey, Reach] = {}
    for event in runs:
        for key in _reach_keys(event):
            held = reaches.get(key) or state.reaches.get(key)
            reach = _reach_of_run(event)
            reaches[key] = reach if held is None else _wider(held, reach)
    moved = {key: reach for key, reach in reaches.items() if reach != state.reaches.get(key)}
    new = {
        (event.workspace_id, event.event_id): event
        for event in requests
        if (event.workspace_id, event.event_id) not in state.requests
    }
    known = {register.event_id for register in state.runs.values()}
    duplicates = sum(event.event_id in known for event in runs)
    duplicates += sum((e.workspace_id, e.event_id) in state.requests for e in requests)
    return Folded(
        Delta(list(new.values()), newer(runs, _run, _ended, state.runs), moved),
        chunk.rejects,
        duplicates,
        frozenset(
            Change(workspace_id, reach.provider, reach.account_id, None)
            for (workspace_id, _, _), reach in moved.items()
        ),
    )


async def apply(tx: Tx, delta: Delta) -> None:
    """Newer ends replace older ones."""
    await tx.replace(sync_request, map(_request_row, delta.requests))
    await tx.replace(sync_run, [_run_row(key, run) for key, run in delta.runs.items()])
    await tx.replace(
        connection_reach,
        [
            (*key, reach.provider, reach.account_id, reach.last_day, *reach.last, *reach[4:])
            for key, reach in delta.reaches.items()
        ],
    )


def _runs(chunk: Chunk) -> list[SyncRun]:
    return [event for _, event in chunk.events if isinstance(event, SyncRun)]


def _requests(chunk: Chunk) -> list[SyncRequested]:
    return [event for _, event in chunk.events if isinstance(event, SyncRequested)]


def _run(event: SyncRun) -> RunKey:
    return (event.workspace_id, event.body.run_id)


def _reach_keys(event: SyncRun) -> list[ReachKey]:
    run = event.body
    kinds = KINDS if run.kind is UNSET else (run.kind,)
    return [(event.workspace_id, run.connection_id, kind) for kind in kinds]


def _ended(event: SyncRun) -> Register:
    return Register(event.body.finished_at, event.event_id)


def _reach_of_run(event: SyncRun) -> Reach:
    run = event.body
    is_ok = run.outcome == "ok"
    days = run.days if is_ok and run.observed_at else None
    return Reach(
        provider=run.provider,
        account_id=run.account_id,
        last_day=run.days.last if run.days and run.kind is not UNSET else None,
        last=_ended(event),
        outcome=run.outcome,
        reason=run.reason,
        next_step=run.next_step,
        observed_until=run.observed_at if days else None,
        last_success_at=run.finished_at if is_ok else None,
        data_from=days.first if days else None,
        data_through=days.last if days else None,
    )


def _reach_of_row(row: tuple[object, ...]) -> Reach:
    provider, account_id, last_day, finished_at, event_id, *rest = row
    last = Register(finished_at, event_id)  # type: ignore[arg-type]
    return Reach(provider, account_id, last_day, last, *rest)  # type: ignore[arg-type]


def _wider(held: Reach, run: Reach) -> Reach:
    newest = max(held, run, key=_asked)
    ends = [(each.data_through, each.observed_until) for each in (held, run)]
    data_through, observed_until = max(ends, key=_furthest)
    return newest._replace(
        observed_until=observed_until,
        last_success_at=_greatest(held.last_success_at, run.last_success_at),
        data_from=_least(held.data_from, run.data_from),
        data_through=data_through,
    )


def _asked(reach: Reach) -> tuple[date, Register]:
    return reach.last_day or date.min, reach.last


def _furthest(end: tuple[date | None, datetime | None]) -> tuple[date, datetime]:
    data_through, observed_until = end
    return data_through or date.min, observed_until or datetime.min.replace(tzinfo=UTC)


def _greatest(one: V | None, other: V | None) -> V | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _least(one: V | None, other: V | None) -> V | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _request_row(event: SyncRequested) -> tuple[object, ...]:
    body = event.body
    return (
        event.workspace_id, event.event_id, body.provider, body.connection_id, body.account_id,
        body.piece, body.requested_at, body.requested_by,
    )  # fmt: skip


def _run_row(key: RunKey, event: SyncRun) -> tuple[object, ...]:
    run = event.body
    days = (run.days.first, run.days.last) if run.days else (None, None)
    return (
        *key, *_ended(event), run.provider, run.connection_id, run.account_id, run.piece,
        run.started_at, run.observed_at, run.outcome, run.reason, run.next_step, run.retry_at,
        *days, run.rows, run.events,
    )  # fmt: skip


projection = Projection(
    name="sync_status",
    version=1,
    topics=(Topic.SYNC_REQUESTS, Topic.SYNC_RUNS),
    tables=TABLES,
    views=VIEWS,
    load=load,
    fold=fold,
    apply=apply,
)
