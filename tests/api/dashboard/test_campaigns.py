"""The dashboard's table of campaigns: which lead, what is left over, how each moved."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.api.dashboard.conftest import Show, kpi
from tests.readmodels.world import Account, World
from tests.streams.events import Message

NOW = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
TODAY, LAST_WEEK = date(2026, 11, 20), date(2026, 11, 13)
FIRST = date(2026, 8, 1)


def twelve_campaigns(account: Account, named: str = "c-{}") -> list[Message]:
    """Whose spend today is their number in whole units; names follow from it."""
    return [
        account.delivered(
            TODAY, {9: (spend * 1_000_000, 100, 10, 1)}, campaign=named.format(spend), at=NOW
        )
        for spend in range(1, 13)
    ]


async def test_campaigns_and_the_rest_add_up_to_the_tiles(world: World, show: Show) -> None:
    """Ten lead; two are others; names and status are the platform's."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        *twelve_campaigns(account),
        account.campaign("c-12", "Spring sale", NOW, "PAUSED"),
        account.read(NOW, FIRST, TODAY),
    )
    found = await show(workspace, NOW)
    top = found["top_campaigns"]
    assert [row["metrics"]["spend"] for row in top["rows"]] == [
        spend * 1_000_000 for spend in range(12, 2, -1)
    ]
    assert (top["rows"][0]["name"], top["rows"][0]["status"]) == ("Spring sale", "PAUSED")
    assert top["rows"][1]["name"] is None
    assert top["other"]["count"] == 2
    assert top["other"]["metrics"]["spend"] == 3_000_000
    assert top["total"]["metrics"]["spend"] == kpi(found, "spend")["value"] == 78_000_000
    assert top["rows"][0]["share_of_spend"] == pytest.approx(12 / 78)


async def test_campaigns_meet_the_same_elapsed_part(world: World, show: Show) -> None:
    """Till 13:00: 3.00 of 7.00 against 2.00 of 34.00, and earlier dates whole."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: (3_000_000, 9, 3, 1), 13: (4_000_000, 9, 1, 1)}, at=NOW),
        account.delivered(LAST_WEEK, {9: (2_000_000, 9, 1, 1), 13: (32_000_000, 9, 3, 1)}),
        account.delivered(date(2026, 11, 19), {23: (100_000_000, 9, 1, 1)}),
        account.delivered(date(2026, 11, 12), {23: (200_000_000, 9, 1, 1)}),
        account.converted(LAST_WEEK, ("purchase", 4, 0)),
        account.read(NOW, FIRST, TODAY),
    )
    [row] = (await show(workspace, NOW))["top_campaigns"]["rows"]
    assert row["metrics"]["spend"] == 7_000_000
    assert row["compared"]["spend"] == 3_000_000
    assert row["previous"]["spend"] == 2_000_000
    assert row["previous"]["purchases"] == 1  # 4 over clicks of 1 and 3
    [row] = (await show(workspace, NOW, "last_7_days"))["top_campaigns"]["rows"]
    assert row["compared"]["spend"] == 103_000_000
    assert row["previous"]["spend"] == 202_000_000


async def test_the_metric_asked_for_orders_the_campaigns(world: World, show: Show) -> None:
    """By CPC, the cheapest leads."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: (9_000_000, 100, 1, 1)}, campaign="dear", at=NOW),
        account.delivered(TODAY, {9: (1_000_000, 100, 9, 1)}, campaign="cheap", at=NOW),
        account.read(NOW, FIRST, TODAY),
    )
    top = (await show(workspace, NOW, metric="cpc"))["top_campaigns"]
    assert [row["campaign_id"] for row in top["rows"]] == ["cheap", "dear"]
    assert (top["metric"], top["order"]) == ("cpc", "asc")


async def test_the_worst_lead_where_they_are_asked_for(world: World, show: Show) -> None:
    """Of twelve campaigns, those that spent least: not the ten that spent most, turned round."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        *twelve_campaigns(account),
        account.read(NOW, FIRST, TODAY),
    )
    top = (await show(workspace, NOW, worst=True))["top_campaigns"]
    assert [row["campaign_id"] for row in top["rows"]] == [f"c-{spend}" for spend in range(1, 11)]
    assert (top["metric"], top["order"]) == ("spend", "asc")
    assert top["other"]["metrics"]["spend"] == 23_000_000


@pytest.mark.parametrize(
    ("metric", "worst", "wanted"),
    [
        ("purchases", False, ["c-3", "c-1", "c-2"]),
        ("purchases", True, ["c-1", "c-2", "c-3"]),
        ("spend", False, ["c-3", "c-2", "c-1"]),
        ("spend", True, ["c-1", "c-2", "c-3"]),
    ],
)
async def test_campaigns_without_what_orders_them_are_rows_too(
    world: World, show: Show, metric: str, *, worst: bool, wanted: list[str]
) -> None:
    """Spend of 3.00, 2.00 and none; purchases of the first alone: nothing is left over."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: (3_000_000, 100, 10, 1)}, campaign="c-3", at=NOW),
        account.delivered(TODAY, {9: (2_000_000, 100, 10, 1)}, campaign="c-2", at=NOW),
        account.converted(TODAY, ("purchase", 4, 40), campaign="c-3", at=NOW),
        account.converted(TODAY, ("lead", 2, 0), campaign="c-1", at=NOW),
        account.read(NOW, FIRST, TODAY),
    )
    top = (await show(workspace, NOW, metric=metric, worst=worst))["top_campaigns"]
    assert [row["campaign_id"] for row in top["rows"]] == wanted
    assert top["other"] is None
    spent = {row["campaign_id"]: row["metrics"]["spend"] for row in top["rows"]}
    assert spent == {"c-1": 0, "c-2": 2_000_000, "c-3": 3_000_000}


async def test_those_behind_the_limit_are_counted_whoever_orders(world: World, show: Show) -> None:
    """Of twelve campaigns one was bought from; by purchases ten are shown and two are others."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        *twelve_campaigns(account, "c-{:02}"),
        account.converted(TODAY, ("purchase", 4, 40), campaign="c-12", at=NOW),
        account.read(NOW, FIRST, TODAY),
    )
    top = (await show(workspace, NOW, metric="purchases"))["top_campaigns"]
    assert [row["campaign_id"] for row in top["rows"]] == [
        "c-12",
        *(f"c-{spend:02}" for spend in range(1, 10)),
    ]
    assert top["other"]["count"] == 2
    assert top["other"]["metrics"]["spend"] == 21_000_000


async def test_a_campaign_tells_how_the_metric_moved_that_orders_it(
    world: World, show: Show
) -> None:
    """By the rules of the tiles: an estimate where a day was cut, nothing without a baseline."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: (3_000_000, 9, 3, 1)}, at=NOW),
        account.delivered(LAST_WEEK, {9: (2_000_000, 9, 1, 1), 13: (32_000_000, 9, 3, 1)}),
        account.converted(TODAY, ("purchase", 3, 0), at=NOW),
        account.converted(LAST_WEEK, ("purchase", 4, 0)),
        account.read(NOW, FIRST, TODAY),
    )

    async def told(metric: str, **more: Any) -> Any:
        [row] = (await show(workspace, NOW, metric=metric, **more))["top_campaigns"]["rows"]
        return row["delta"]

    assert await told("spend") == {
        "kind": "percent",
        "value": 0.5,
        "reason": None,
        "estimated": False,
    }
    purchases = await told("purchases")
    assert (purchases["value"], purchases["estimated"]) == (2.0, True)  # 3 against 1 of 4
    before = await told("spend", other=(date(2026, 7, 1), date(2026, 7, 1)))
    assert (before["kind"], before["value"]) == ("none", None)
    assert "begin on 2026-08-01" in before["reason"]
