"""Sync status: what was asked, how each run ended, how far each connection reaches."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import processors.projections.sync_status as sync_status
from tests.processors.projections.spec import Spec
from tests.streams.events import Message, Owner, Scene, sync_requested, sync_run, zulu

OWNER = Scene().owner
CONNECTION = UUID(int=7)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ran(hours: float, outcome: str = "ok", run: int = 0, **says: Any) -> Message:
    """A run that ended so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    run_id = UUID(int=run or int(hours * 60) + 1)
    return sync_run(OWNER, run_id, CONNECTION, at, outcome=outcome, observed_at=zulu(at), **says)


async def test_a_failed_run_speaks_last_and_takes_back_no_reach(spec: Spec) -> None:
    """What was read stays read; the page says why nothing newer came."""
    days = {"from": "2026-02-01", "to": "2026-03-01"}
    await spec.given(ran(0, days=days))
    await spec.when(ran(1, "throttled", reason="429", next_step="metricx tries again"))
    [row] = (await spec.rows())["connection_freshness"]
    assert row[4:8] == (NOON, "throttled", "429", "metricx tries again")
    assert row[9:] == (NOON, date(2026, 2, 1), date(2026, 3, 1))


async def test_an_older_run_that_comes_late_only_widens_the_reach(spec: Spec) -> None:
    """It is not the last, but it read days that no other did."""
    await spec.given(ran(5, days={"from": "2026-02-20", "to": "2026-03-01"}))
    await spec.when(ran(1, days={"from": "2025-12-01", "to": "2026-01-01"}))
    [row] = (await spec.rows())["connection_freshness"]
    assert (row[4], row[10]) == (NOON + timedelta(hours=5), date(2025, 12, 1))


async def test_a_request_is_kept_once(spec: Spec) -> None:
    """However often it is delivered."""
    asked = sync_requested(OWNER, CONNECTION, NOON)
    await spec.given(asked)
    await spec.when(asked, ran(1))
    rows = await spec.rows()
    assert len(rows["sync_request"]) == len(rows["sync_run"]) == 1


@st.composite
def told(draw: st.DrawFn) -> list[Message]:
    """Runs and requests of a workspace with two connections, at few instants."""
    owner = Owner(uuid4(), "act_1")
    messages: list[Message] = []
    for _ in range(draw(st.integers(1, 10))):
        connection = UUID(int=draw(st.integers(1, 2)))
        at = NOON + timedelta(hours=draw(st.integers(0, 3)))
        if draw(st.integers(0, 3)) == 0:
            messages.append(sync_requested(owner, connection, at))
            continue
        first = date(2026, 2, draw(st.integers(1, 27)))
        days = {"from": first.isoformat(), "to": (first + timedelta(days=1)).isoformat()}
        messages.append(
            sync_run(
                owner,
                UUID(int=draw(st.integers(1, 4))),
                connection,
                at,
                outcome=draw(st.sampled_from(("ok", "ok", "throttled", "failed"))),
                observed_at=draw(st.sampled_from((None, zulu(at - timedelta(minutes=1))))),
                days=draw(st.sampled_from((None, days))),
                rows=draw(st.integers(0, 9)),
            )
        )
    return messages


LAW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@given(told(), st.lists(st.integers(0, 10), max_size=2))
async def test_any_order_and_any_chunking_give_the_rows_of_the_oracle(
    spec: Spec, messages: list[Message], cuts: list[int]
) -> None:
    """Two topics, one of which may be far ahead of the other."""
    edges = [0, *sorted(min(cut, len(messages)) for cut in cuts), len(messages)]
    for left, right in pairwise(edges):
        await spec.when(*messages[left:right])
    await spec.then()


async def test_a_reach_that_only_its_last_run_decides_is_noticed(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant forgets what earlier runs had read."""

    def last_alone(_held: Any, run: Any) -> Any:
        return run

    monkeypatch.setattr(sync_status, "_wider", last_alone)
    await spec.given(ran(0))
    await spec.when(ran(1, "failed"))
    with pytest.raises(AssertionError, match="connection_freshness: 1 rows missing, 1 wrong"):
        await spec.rows()
