"""How far an account's figures reach: as far as hours and days were both read."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import processors.projections.sync_status as sync_status
from readmodels.queries.freshness import Freshness, freshness_of_all
from tests.processors.projections.spec import Spec
from tests.readmodels.conftest import Reading
from tests.readmodels.world import Account, World
from tests.servers.databases import Database
from tests.streams.events import Message, Owner, sync_run, zulu

TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
FIRST, LATER = date(2026, 8, 1), date(2026, 10, 1)


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of today."""
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)


def entities(account: Account, until: datetime, outcome: str = "ok") -> Message:
    """A run that read the account's entities, which have no dates."""
    return sync_run(
        *(account.owner, uuid4(), account.connection_id, until),
        kind="entities",
        outcome=outcome,
        observed_at=zulu(until),
    )


class Told:
    """A workspace with one account, and what is known of it after some runs."""

    def __init__(self, world: World, reading: Reading, account: Account) -> None:
        self.account = account
        self._world = world
        self._reading = reading

    async def __call__(self, *runs: Message) -> Freshness:
        """After these runs, too, in this order."""
        await self._world.happened(*runs)
        async with self._reading(self.account.owner.workspace) as db:
            [found] = await freshness_of_all(db)
        return found


@pytest.fixture
async def told(world: World, reading: Reading) -> Told:
    """Nothing was read yet."""
    return Told(world, reading, await world.account(await world.workspace()))


async def test_the_clock_of_one_kind_is_not_that_of_the_other(told: Told) -> None:
    """Hours were read at 10:00 and are throttled since; conversions came at 10:45."""
    read = told.account.read
    found = await told(
        read(at(10), YESTERDAY, TODAY, kind="hours"),
        read(at(10, 15), YESTERDAY, TODAY, kind="hours", outcome="throttled", reason="429"),
        read(at(10, 45), YESTERDAY, TODAY, kind="day"),
    )
    assert found.observed_until == at(10)
    assert found.last_success_at == at(10)
    assert found.status(at(10, 46)) == "late"
    assert (found.last_outcome, found.last_reason) == ("throttled", "429")


async def test_figures_by_day_hold_back_too(told: Told) -> None:
    """Conversions stand beside spend: neither is compared beyond what is known of both."""
    read = told.account.read
    found = await told(
        read(at(10), YESTERDAY, TODAY, kind="day"),
        read(at(10, 45), YESTERDAY, TODAY, kind="hours"),
    )
    assert found.observed_until == at(10)


async def test_a_date_that_one_kind_lacks_is_not_read(told: Told) -> None:
    """A backfill of days that ran ahead of its hours."""
    read = told.account.read
    found = await told(
        read(at(10), YESTERDAY, TODAY, kind="hours"),
        read(at(10), YESTERDAY, TODAY, kind="day"),
        read(at(11), LATER, YESTERDAY, kind="hours"),
        read(at(11), FIRST, YESTERDAY, kind="day"),
    )
    assert (found.data_from, found.data_through) == (LATER, TODAY)
    assert found.observed_until == at(10)


async def test_days_alone_say_nothing_of_delivery(told: Told) -> None:
    """Until hours come spend is unknown, not 0; then hours alone are enough to show it."""
    read = told.account.read
    found = await told(read(at(10), YESTERDAY, TODAY, kind="day"))
    assert found.observed_until is found.data_from is found.data_through is None
    assert found.status(at(10)) == "waiting"
    found = await told(read(at(10, 1), YESTERDAY, TODAY, kind="hours"))
    assert (found.observed_until, found.data_from) == (at(10), YESTERDAY)


async def test_hours_are_shown_while_days_fail(told: Told) -> None:
    """A kind that was never read holds nothing back, but says that it fails."""
    read = told.account.read
    found = await told(
        read(at(10), YESTERDAY, TODAY, kind="hours"),
        read(at(10, 1), YESTERDAY, TODAY, kind="day", outcome="failed", reason="no rights"),
    )
    assert (found.observed_until, found.status(at(10, 2))) == (at(10), "failing")


async def test_a_failure_is_not_hidden_by_another_kind(told: Told) -> None:
    """Entities and days go well; hours fail until they go well themselves."""
    read = told.account.read
    found = await told(
        read(at(10), YESTERDAY, TODAY, kind="hours", outcome="failed", reason="too slow"),
        read(at(10, 1), YESTERDAY, TODAY, kind="day"),
        entities(told.account, at(10, 2)),
    )
    assert (found.status(at(10, 3)), found.last_reason) == ("failing", "too slow")
    found = await told(read(at(10, 15), YESTERDAY, TODAY, kind="hours"))
    assert (found.status(at(10, 16)), found.last_reason) == ("fresh", None)
    found = await told(entities(told.account, at(10, 17), "failed"))
    assert found.status(at(10, 18)) == "failing"


async def test_a_failure_of_today_is_not_hidden_by_older_dates(told: Told) -> None:
    """A backfill goes on while today's hours are throttled."""
    read = told.account.read
    found = await told(
        read(at(10), YESTERDAY, TODAY, kind="hours", outcome="throttled", reason="429"),
        read(at(10, 1), FIRST, LATER, kind="hours"),
    )
    assert (found.last_outcome, found.last_reason) == ("throttled", "429")


async def test_runs_of_before_kinds_were_told_count_for_each(told: Told) -> None:
    """Their dates stay read; what they say of the clock goes on from kind to kind."""
    read = told.account.read
    old = await told(read(at(8), FIRST, TODAY), read(at(9), TODAY, TODAY, outcome="failed"))
    assert (old.observed_until, old.data_from, old.status(at(9))) == (at(8), FIRST, "failing")
    found = await told(
        read(at(10), TODAY, TODAY, kind="hours"), read(at(10), TODAY, TODAY, kind="day")
    )
    assert (found.observed_until, found.data_from) == (at(10), FIRST)
    assert found.status(at(10)) == "failing"
    assert (await told(entities(told.account, at(10)))).status(at(10)) == "fresh"


@st.composite
def runs(draw: st.DrawFn) -> list[Message]:
    """Runs of every kind and of none over a few dates and instants, of two connections."""
    owner = Owner(uuid4(), "act_1")
    made: list[Message] = []
    for _ in range(draw(st.integers(1, 12))):
        ended = at(8) + timedelta(hours=draw(st.integers(0, 3)))
        first = FIRST + timedelta(days=draw(st.integers(0, 3)))
        last = first + timedelta(days=draw(st.integers(0, 2)))
        kind = draw(st.sampled_from(("hours", "hours", "day", "day", "entities", None)))
        days = {"from": first.isoformat(), "to": last.isoformat()}
        made.append(
            sync_run(
                *(owner, UUID(int=draw(st.integers(1, 9))), UUID(int=draw(st.integers(1, 2)))),
                ended,
                outcome=draw(st.sampled_from(("ok", "ok", "throttled", "failed"))),
                observed_at=draw(st.sampled_from((None, zulu(ended), zulu(ended)))),
                days=None if kind == "entities" else draw(st.sampled_from((None, days, days))),
                **({"kind": kind} if kind else {}),
            )
        )
    return made


@pytest.fixture
async def spec(database: Database) -> AsyncIterator[Spec]:
    """The projection alone, over a database of its own: all its rows are the test's."""
    made = Spec(database, [sync_status.projection])
    await made.open()
    yield made
    made.close()


LAW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@given(runs(), st.lists(st.integers(0, 12), max_size=3))
async def test_any_order_and_any_chunking_give_the_rows_of_the_oracle(
    spec: Spec, made: list[Message], cuts: list[int]
) -> None:
    """Of all kinds at once, the chunk's border wherever it falls."""
    edges = [0, *sorted(min(cut, len(made)) for cut in cuts), len(made)]
    for left, right in pairwise(edges):
        await spec.given(*made[left:right])
    await spec.then()


async def test_a_reach_that_the_last_run_decides_is_noticed(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant takes the newest run's word, whatever dates it asked for."""

    def by_end(reach: Any) -> Any:
        return reach.last

    monkeypatch.setattr(sync_status, "_asked", by_end)
    read = Account(Owner(uuid4(), "act_1"), uuid4(), "UTC", "USD").read
    await spec.given(
        read(at(10), YESTERDAY, TODAY, kind="hours", outcome="throttled"),
        read(at(10, 1), FIRST, LATER, kind="hours"),
    )
    with pytest.raises(AssertionError, match="connection_freshness: 1 rows missing, 1 wrong"):
        await spec.rows()
