"""What was known on a day is kept for ever: registers by known_on give each day's own view."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from processors.windows import load, registers
from tests.oracle.facts import Coverage, Day, Hours
from tests.oracle.rows import expected
from tests.oracle.wire import fact_of
from tests.processors.projections.spec import Spec
from tests.processors.readings import Story, stories
from tests.streams.events import Message, Scene, as_records

Table = Sequence[tuple[Message, Mapping[int, int]]]
"""Event by event, one figure as of days of March."""

SCENE = Scene()
TABLE = (
    (SCENE.seen("10:20", {10: 2_000_000}), {1: 2_000_000}),
    (SCENE.seen("10:40", {10: 5_000_000}), {1: 5_000_000}),
    (SCENE.seen("11:10", {10: 4_000_000}), {1: 4_000_000}),
    (SCENE.covered("03:00+1d"), {1: 4_000_000, 2: 0}),
    (SCENE.seen("03:00+4d", {10: 4_500_000}), {1: 4_000_000, 2: 0, 4: 0, 5: 4_500_000}),
    (SCENE.seen("10:10", {10: 1_000_000}), {1: 4_000_000, 2: 0, 4: 0, 5: 4_500_000}),
)
"""The worked table of the architecture: after each event, the day's spend as of days of March."""

CONVERTED = (
    (SCENE.converted("12:00", ("lead", "default", 2, 8)), {1: 2}),
    (SCENE.converted("13:00", ("lead", "default", 3, 9)), {1: 3}),
    (SCENE.covered("03:00+1d", "day"), {1: 3, 2: 0}),
    (SCENE.converted("03:00+4d", ("lead", "default", 1, 7)), {1: 3, 2: 0, 4: 0, 5: 1}),
    (SCENE.converted("11:00", ("lead", "default", 5, 5)), {1: 3, 2: 0, 4: 0, 5: 1}),
)
"""The same for figures that the platform dates by day: the day's leads."""

# What counts of an entity's day, from registers that were known on a day or before it, on the
# entity's own level: what lies above is a sum.
COUNTED = """
    FROM (
        SELECT DISTINCT ON (workspace_id, provider, account_id, level, day, entity_id) *
        FROM ad_windows_v1.{register} WHERE known_on <= $1 AND workspace_id = $2
        ORDER BY workspace_id, provider, account_id, level, day, entity_id, known_on DESC
    ) r
    {unfolded}
    WHERE NOT EXISTS (
        SELECT FROM ad_windows_v1.coverage c
        WHERE (c.workspace_id, c.provider, c.account_id, c.level, c.day)
            = (r.workspace_id, r.provider, r.account_id, r.level, r.day)
            AND c.kind = '{kind}' AND c.known_on <= $1 AND c.observed_at > r.observed_at
    )
"""
KEY = """
    SELECT r.workspace_id::text, r.level, r.day, r.provider, r.account_id,
        r.campaign_id, r.adset_id, r.ad_id, r.currency,
"""
HOURS = f"{KEY} h.label - 1, h.spend, h.impressions, h.clicks, h.link_clicks" + COUNTED.format(
    register="hour_reading",
    kind="hours",
    unfolded="""CROSS JOIN LATERAL unnest(
        r.spend_micros_by_hour, r.impressions_by_hour, r.clicks_by_hour, r.link_clicks_by_hour
    ) WITH ORDINALITY AS h(spend, impressions, clicks, link_clicks, label)""",
)
CONVERSIONS = f"{KEY} p.goal, p.name, p.count, p.value" + COUNTED.format(
    register="day_reading",
    kind="day",
    unfolded="""CROSS JOIN LATERAL unnest(
        r.goals, r.attribution_windows, r.counts_micros, r.values_micros
    ) AS p(goal, name, count, value)""",
)
DELIVERY = f"{KEY} delivery[1], delivery[2], delivery[3], delivery[4]" + COUNTED.format(
    register="day_reading", kind="day", unfolded=""
)


async def test_the_worked_table_holds_as_of_each_day(spec: Spec) -> None:
    """Restated to nothing on 2 March, found again on the 5th; a late reading changes no past."""
    await _check(spec, TABLE, HOURS, figure=-4)


async def test_the_days_own_figures_hold_as_of_each_day(spec: Spec) -> None:
    """Conversions are restated in the same way, by coverages of their own kind."""
    await _check(spec, CONVERTED, CONVERSIONS, figure=-2)


@pytest.mark.parametrize(
    ("table", "query", "figure"), [(TABLE, HOURS, -4), (CONVERTED, CONVERSIONS, -2)]
)
async def test_a_register_that_knows_no_days_is_noticed(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, table: Table, query: str, figure: int
) -> None:
    """The mutant keeps one register for all days on which a reading became known."""
    for module in (registers, load):
        monkeypatch.setattr(module, "known_on", _always_the_first)
    with pytest.raises(AssertionError, match="as of 2026-03-01"):
        await _check(spec, table, query, figure)


async def _check(spec: Spec, table: Table, query: str, figure: int) -> None:
    for message, by_day in table:
        await spec.when(message)
        for day, wanted in by_day.items():
            as_of = date(2026, 3, day)
            rows = await spec.fetch(query, as_of, SCENE.owner.workspace)
            found = sum(row[figure] for row in rows)
            assert found == wanted, f"{found} as of {as_of}"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories(most=8))
async def test_each_day_is_as_the_oracle_sees_what_was_known_by_then(
    spec: Spec, story: Story
) -> None:
    """Whatever came since, and in whatever order; every figure of hours and of days."""
    workspace = uuid4()
    told = story.moved_to(workspace).messages
    for message in told:
        await spec.when(message)
    for day in sorted({_known_on(message) for message in told}):
        known = [message for message in told if _known_on(message) <= day]
        rows = expected(as_records(known)).rows
        hours = {(*row[:10], *row[12:]) for row in rows["ad_hour"] if _is_own(row)}
        conversions = {row for row in rows["ad_conversion_day"] if _is_own(row)}
        assert await _as_of(spec, HOURS, day, workspace, 4) == hours
        assert await _as_of(spec, CONVERSIONS, day, workspace, 2) == conversions
        assert await _as_of(spec, DELIVERY, day, workspace, 4) == rows["ad_delivery_day"]


async def _as_of(
    spec: Spec, query: str, day: date, workspace: UUID, figures: int
) -> set[tuple[Any, ...]]:
    """The rows, but those of nothing at all, which no view shows."""
    found = await spec.fetch(query, day, workspace)
    return {tuple(row) for row in found if any(tuple(row)[-figures:])}


def _is_own(row: tuple[Any, ...]) -> bool:
    """Whether a row is of an entity that readings are of: an ad, or the unbroken campaign."""
    return row[1] == "ad" or (row[1] == "campaign" and row[5] == "c-3")


def _always_the_first(_instant: datetime) -> date:
    return date(2026, 3, 1)


def _known_on(message: Message) -> date:
    (record,) = as_records([message])
    fact = fact_of(record)
    assert isinstance(fact, Hours | Day | Coverage)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=fact.observed_at)).date()
