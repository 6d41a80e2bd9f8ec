"""Answers on a real PostgreSQL, each figure worked by hand."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from readmodels.semantic.answer import answer, values
from readmodels.semantic.catalogue import METRICS
from readmodels.semantic.query import (
    Breakdown,
    Dimension,
    Filter,
    Grain,
    Order,
    SemanticQuery,
    Span,
)
from tests.readmodels.conftest import Reading
from tests.readmodels.world import World
from tests.streams.calendars import calendar
from tests.streams.events import Path, day_observation

DAY = date(2026, 3, 2)


async def test_every_metric_of_one_day(world: World, reading: Reading) -> None:
    """12.00 spent, 4,000 impressions, 80 clicks; 4 purchases worth 60.00, 2 leads, 2 installs."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(DAY, {9: (5_000_000, 1_000, 30, 20), 17: (7_000_000, 3_000, 50, 40)}),
        account.converted(DAY, ("purchase", 4, 60), ("lead", 2, 0), ("install", 2, 0)),
    )
    async with reading(workspace) as db:
        found = await answer(db, SemanticQuery(spans=(Span(DAY, DAY),)))
    [row] = found.rows
    assert row.currency == "USD"
    assert values(METRICS, row.sums) == {
        "spend": 12_000_000,
        "revenue": 60_000_000,
        "roas": 5.0,
        "purchases": 4,
        "conversions": 8,
        "cpa": 1_500_000,
        "impressions": 4_000,
        "clicks": 80,
        "ctr": 0.02,
        "cpc": 150_000,
        "cpm": 3_000_000,
        "cvr": 0.1,
        "link_clicks": 60,
        "cpp": 3_000_000,
        "leads": 2,
        "cpl": 6_000_000,
        "installs": 2,
        "cpi": 6_000_000,
    }


async def test_ratios_are_sums_over_sums(world: World, reading: Reading) -> None:
    """CPC of 1.00/1 and 1.00/9 is 2.00/10, not the mean of 1.00 and 0.11."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(DAY, {9: (1_000_000, 10, 1, 1)}),
        account.delivered(DAY + timedelta(days=1), {9: (1_000_000, 10, 9, 9)}),
    )
    async with reading(workspace) as db:
        span = Span(DAY, DAY + timedelta(days=1))
        [row] = (await answer(db, SemanticQuery(spans=(span,), metrics=("cpc",)))).rows
    assert values(METRICS[9:10], row.sums) == {"cpc": 200_000}


async def test_attribution_windows_are_never_added(world: World, reading: Reading) -> None:
    """They overlap: a purchase of the default one is among those of seven days, too."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    path = Path("c-1", "c-1-s", "c-1-a")
    bought = [
        ("purchase", window, count * 1_000_000, 0)
        for window, count in (("default", 3), ("7d_click", 2), ("28d_click", 8))
    ]
    at = calendar(DAY, account.zone).ends_at
    await world.happened(day_observation(account.owner, "ad", path, DAY, bought, at))
    async with reading(workspace) as db:
        query = SemanticQuery(spans=(Span(DAY, DAY),), metrics=("purchases",))
        [row] = (await answer(db, query)).rows
    assert row.sums["purchases"] == 3_000_000


async def test_the_first_campaigns_with_both_spans(world: World, reading: Reading) -> None:
    """Of three, the two that spent most; the other span answers for the same two."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    before = DAY - timedelta(days=7)
    await world.happened(
        *(
            account.delivered(DAY, {9: (spend, 100, 10, 1)}, campaign=name)
            for name, spend in (("low", 1_000_000), ("high", 3_000_000), ("mid", 2_000_000))
        ),
        account.delivered(before, {9: (9_000_000, 100, 10, 1)}, campaign="low"),
        account.delivered(before, {9: (4_000_000, 100, 10, 1)}, campaign="mid"),
    )
    async with reading(workspace) as db:
        found = await answer(
            db,
            SemanticQuery(
                spans=(Span(DAY, DAY), Span(before, before)),
                metrics=("spend",),
                breakdown=Breakdown.CAMPAIGN,
                order=Order("spend"),
                limit=2,
            ),
        )
    assert found.entities == 3
    assert [(row.campaign_id, row.span, row.sums["spend"]) for row in found.rows] in (
        [("high", 0, 3_000_000), ("mid", 0, 2_000_000), ("mid", 1, 4_000_000)],
        [("high", 0, 3_000_000), ("mid", 1, 4_000_000), ("mid", 0, 2_000_000)],
    )


async def test_the_lowest_cost_is_the_best(world: World, reading: Reading) -> None:
    """Ordered by CPC, the cheapest campaign leads and one without clicks comes last."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(DAY, {9: (4_000_000, 100, 2, 1)}, campaign="two-each"),
        account.delivered(DAY, {9: (4_000_000, 100, 8, 1)}, campaign="half-each"),
        account.delivered(DAY, {9: (1_000_000, 100, 0, 0)}, campaign="none"),
    )
    query = SemanticQuery(
        spans=(Span(DAY, DAY),),
        metrics=("cpc",),
        breakdown=Breakdown.CAMPAIGN,
        order=Order("cpc"),
        limit=3,
    )
    async with reading(workspace) as db:
        rows = (await answer(db, query)).rows
    assert [row.campaign_id for row in rows] == ["half-each", "two-each", "none"]


@pytest.mark.parametrize(
    ("metric", "worst", "wanted"),
    [
        ("purchases", False, ["buys", "sells", "spends"]),
        ("purchases", True, ["sells", "spends", "buys"]),
        ("spend", False, ["spends", "buys", "sells"]),
        ("spend", True, ["sells", "buys", "spends"]),
        ("cpc", False, ["buys", "spends", "sells"]),
        ("cpc", True, ["spends", "buys", "sells"]),
        ("cpp", False, ["buys", "sells", "spends"]),
    ],
)
async def test_an_order_leaves_nobody_out(
    world: World, reading: Reading, metric: str, *, worst: bool, wanted: list[str]
) -> None:
    """Two campaigns were delivered and two credited, one both: no sum is 0, no ratio comes last."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(DAY, {9: (2_000_000, 100, 10, 1)}, campaign="buys"),
        account.delivered(DAY, {9: (9_000_000, 100, 10, 1)}, campaign="spends"),
        account.converted(DAY, ("purchase", 4, 40), campaign="buys"),
        account.converted(DAY, ("lead", 1, 0), campaign="sells"),
    )
    query = SemanticQuery(
        spans=(Span(DAY, DAY),),
        breakdown=Breakdown.CAMPAIGN,
        filters=(Filter(Dimension.CURRENCY, ("USD",)),),
        order=Order(metric, worst),
        limit=3,
    )
    async with reading(workspace) as db:
        found = await answer(db, query)
        first = await answer(db, replace(query, limit=1))
    names = [row.campaign_id for row in found.rows]
    assert sorted(set(names), key=names.index) == wanted
    assert {row.campaign_id for row in first.rows} == {wanted[0]}
    assert found.entities == first.entities == 3


async def test_who_has_nothing_that_is_asked_for_is_no_entity(
    world: World, reading: Reading
) -> None:
    """A campaign that was credited leads alone has no row among purchases and spend."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(DAY, {9: (2_000_000, 100, 10, 1)}, campaign="spends"),
        account.converted(DAY, ("lead", 1, 0), campaign="leads"),
        account.converted(DAY - timedelta(days=1), ("purchase", 1, 9), campaign="yesterday"),
    )
    query = SemanticQuery(
        spans=(Span(DAY, DAY),),
        metrics=("spend", "purchases"),
        breakdown=Breakdown.CAMPAIGN,
        order=Order("spend"),
    )
    async with reading(workspace) as db:
        found = await answer(db, query)
    assert [row.campaign_id for row in found.rows] == ["spends"]
    assert found.entities == 1


async def test_conversions_of_a_day_are_shared_out_over_its_hours(
    world: World, reading: Reading
) -> None:
    """5 purchases over 3, 2 and 2 clicks; the odd micros go to the largest remainders."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(DAY, {8: (1, 10, 3, 0), 12: (1, 10, 2, 0), 20: (1, 10, 2, 0)}),
        account.converted(DAY, ("purchase", 5, 70)),
    )
    async with reading(workspace) as db:
        query = SemanticQuery(spans=(Span(DAY, DAY, Grain.HOUR),), metrics=("purchases", "revenue"))
        rows = (await answer(db, query)).rows
    assert [(row.label, row.sums["purchases"], row.sums["revenue"]) for row in rows] == [
        (8, 2_142_857, 30_000_000),
        (12, 1_428_572, 20_000_000),
        (20, 1_428_571, 20_000_000),
    ]
    assert all(row.estimated for row in rows)


async def test_currencies_are_never_added(world: World, reading: Reading) -> None:
    """A row for each, even where nothing is broken down."""
    workspace = await world.workspace()
    dollars = await world.account(workspace, "act_1")
    euros = await world.account(workspace, "act_2", currency="EUR")
    await world.happened(
        dollars.delivered(DAY, {9: (1_000_000, 1, 1, 1)}),
        euros.delivered(DAY, {9: (2_000_000, 1, 1, 1)}),
    )
    async with reading(workspace) as db:
        rows = (await answer(db, SemanticQuery(spans=(Span(DAY, DAY),)))).rows
        only = (Filter(Dimension.CURRENCY, ("EUR",)),)
        kept = (await answer(db, SemanticQuery(spans=(Span(DAY, DAY),), filters=only))).rows
    assert {row.currency: row.sums["spend"] for row in rows} == {"USD": 1_000_000, "EUR": 2_000_000}
    assert [row.sums["spend"] for row in kept] == [2_000_000]


async def test_another_workspace_sees_nothing(world: World, reading: Reading) -> None:
    """Row level security, not the query, keeps tenants apart."""
    mine, foreign = await world.workspace(), await world.workspace()
    account = await world.account(mine)
    await world.happened(account.delivered(DAY, {9: (1_000_000, 1, 1, 1)}))
    async with reading(foreign) as db:
        assert (await answer(db, SemanticQuery(spans=(Span(DAY, DAY),)))).rows == []
