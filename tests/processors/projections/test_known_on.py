"""What was known on a day is kept for ever: registers by known_on give each day's own view."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from processors.windows import load, registers
from tests.oracle.facts import Coverage, Day, Hours
from tests.oracle.rows import expected
from tests.oracle.wire import fact_of
from tests.processors.projections.spec import Spec
from tests.processors.readings import Story, stories
from tests.streams.events import Message, Scene, as_records

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

# What counts of each entity's day, from registers that were known on a day or before it. Hours
# are looked at on the entity's own level: what lies above is their sum.
AS_OF = """
    SELECT r.workspace_id::text, r.level, r.day, r.provider, r.account_id,
        r.campaign_id, r.adset_id, r.ad_id, r.currency,
        (SELECT sum(h) FROM unnest(r.spend_micros_by_hour) h)::bigint AS spend,
        (SELECT sum(h) FROM unnest(r.clicks_by_hour) h)::bigint AS clicks
    FROM (
        SELECT DISTINCT ON (workspace_id, provider, account_id, level, day, entity_id) *
        FROM ad_windows_v1.hour_reading WHERE known_on <= $1
        ORDER BY workspace_id, provider, account_id, level, day, entity_id, known_on DESC
    ) r
    WHERE r.level = 'ad' AND NOT EXISTS (
        SELECT FROM ad_windows_v1.coverage c
        WHERE (c.workspace_id, c.provider, c.account_id, c.level, c.day)
            = (r.workspace_id, r.provider, r.account_id, r.level, r.day)
            AND c.kind = 'hours' AND c.known_on <= $1 AND c.observed_at > r.observed_at
    )
"""


async def test_the_worked_table_holds_as_of_each_day(spec: Spec) -> None:
    """Restated to nothing on 2 March, found again on the 5th; a late reading changes no past."""
    await _check_table(spec)


async def test_a_register_that_knows_no_days_is_noticed(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant keeps one register for all days on which a reading became known."""
    for module in (registers, load):
        monkeypatch.setattr(module, "known_on", _always_the_first)
    with pytest.raises(AssertionError):
        await _check_table(spec)


async def _check_table(spec: Spec) -> None:
    for message, by_day in TABLE:
        await spec.when(message)
        for day, spend in by_day.items():
            rows = await spec.fetch(AS_OF, date(2026, 3, day))
            assert sum(row["spend"] for row in rows) == spend


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories(most=8))
async def test_each_day_is_as_the_oracle_sees_what_was_known_by_then(
    spec: Spec, story: Story
) -> None:
    """Whatever came since, and in whatever order."""
    workspace = uuid4()
    told = story.moved_to(workspace).messages
    for message in told:
        await spec.when(message)
    for day in sorted({_known_on(message) for message in told}):
        known = [message for message in told if _known_on(message) <= day]
        rows = expected(as_records(known)).rows["ad_day"]
        wanted = {(*row[:9], row[-4], row[-2]) for row in rows if row[1] == "ad"}
        found = await spec.fetch(f"{AS_OF} AND r.workspace_id = $2", day, workspace)
        assert _with_figures(found) == _with_figures(wanted)


def _always_the_first(_instant: datetime) -> date:
    return date(2026, 3, 1)


def _with_figures(rows: Iterable[Any]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in rows if row[-2] or row[-1]}


def _known_on(message: Message) -> date:
    (record,) = as_records([message])
    fact = fact_of(record)
    assert isinstance(fact, Hours | Day | Coverage)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=fact.observed_at)).date()
