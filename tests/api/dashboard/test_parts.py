"""The rest of the dashboard: campaigns, currencies, states, warnings, isolation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import jsonschema
import pytest

from api.openapi import document
from tests.api.dashboard.conftest import Show, codes, kpi
from tests.readmodels.world import World

NOW = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
TODAY, LAST_WEEK = date(2026, 11, 20), date(2026, 11, 13)
FIRST = date(2026, 8, 1)


def schema(name: str) -> dict[str, Any]:
    """A component of the OpenAPI document, that nothing else may be in what it describes."""
    components = document()["components"]["schemas"]
    for each in components.values():
        if each.get("type") == "object" and "properties" in each:
            each["additionalProperties"] = False
    return {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components}}


async def test_campaigns_and_the_rest_add_up_to_the_tiles(world: World, show: Show) -> None:
    """Ten lead; two are others; names and status are the platform's."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        *(
            account.delivered(
                TODAY, {9: (spend * 1_000_000, 100, 10, 1)}, campaign=f"c-{spend}", at=NOW
            )
            for spend in range(1, 13)
        ),
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
        *(
            account.delivered(
                TODAY, {9: (spend * 1_000_000, 100, 10, 1)}, campaign=f"c-{spend}", at=NOW
            )
            for spend in range(1, 13)
        ),
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
        *(
            account.delivered(
                TODAY, {9: (spend * 1_000_000, 100, 10, 1)}, campaign=f"c-{spend:02}", at=NOW
            )
            for spend in range(1, 13)
        ),
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


async def test_other_currencies_are_left_out_and_named(world: World, show: Show) -> None:
    """A workspace in dollars with a euro account shows dollars alone, counts included."""
    workspace = await world.workspace()
    dollars = await world.account(workspace, "act_1")
    euros = await world.account(workspace, "act_2", currency="EUR")
    await world.happened(
        dollars.described(NOW),
        euros.described(NOW),
        dollars.delivered(TODAY, {9: (1_000_000, 100, 10, 1)}, at=NOW),
        euros.delivered(TODAY, {9: (7_000_000, 700, 70, 7)}, campaign="c-2", at=NOW),
        dollars.read(NOW, FIRST, TODAY),
        euros.read(NOW, FIRST, TODAY),
    )
    found = await show(workspace, NOW)
    assert found["currency"] == "USD"
    assert kpi(found, "spend")["value"] == 1_000_000
    assert kpi(found, "clicks")["value"] == 10
    assert [row["campaign_id"] for row in found["top_campaigns"]["rows"]] == ["c-1"]
    assert "several-currencies" in codes(found)
    assert "EUR" in found["meta"]["warnings"][0]["message"]


async def test_one_foreign_currency_is_shown_as_it_is(world: World, show: Show) -> None:
    """All accounts in euros: the dashboard is in euros, and says so."""
    workspace = await world.workspace()
    account = await world.account(workspace, currency="EUR")
    await world.happened(
        account.delivered(TODAY, {9: 1_000_000}, at=NOW), account.read(NOW, FIRST, TODAY)
    )
    found = await show(workspace, NOW)
    assert found["currency"] == found["meta"]["currency"] == "EUR"
    assert "other-currency" in codes(found)


async def test_the_three_states(world: World, show: Show) -> None:
    """Nothing connected; connected and never read; read, if only to find nothing."""
    workspace = await world.workspace()
    assert (await show(workspace, NOW))["state"] == "needs-setup"
    account = await world.account(workspace)
    waiting = await show(workspace, NOW)
    assert waiting["state"] == "waiting-for-data"
    assert waiting["meta"]["freshness"][0]["status"] == "waiting"
    assert kpi(waiting, "spend")["value"] is None
    await world.happened(account.read(NOW, FIRST, TODAY))
    read = await show(workspace, NOW)
    assert read["state"] == "has-data"
    assert kpi(read, "spend")["value"] == 0


async def test_figures_without_a_reported_run_are_shown(world: World, show: Show) -> None:
    """An account whose reading nobody reported is taken to reach as far as the clock."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(account.delivered(TODAY, {9: 1_000_000}, at=NOW))
    found = await show(workspace, NOW)
    assert found["state"] == "has-data"
    assert kpi(found, "spend")["value"] == 1_000_000


async def test_a_failing_account_is_said_on_the_numbers(world: World, show: Show) -> None:
    """With its reason and what to do."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.read(NOW, FIRST, TODAY),
        account.read(
            NOW + timedelta(minutes=1), FIRST, TODAY, outcome="failed", reason="The token expired."
        ),
    )
    found = await show(workspace, NOW + timedelta(minutes=2))
    [freshness] = found["meta"]["freshness"]
    assert freshness["label"] == "Account act_1"
    assert freshness["status"] == "failing"
    assert freshness["reason"] == "The token expired."
    assert freshness["observed_until"] == "2026-11-20T13:20:00Z"
    assert found["meta"]["warnings"][-1] == {
        "code": "failing-account",
        "message": "Account act_1 was last read on Nov 20, 13:20 (UTC); what came later is missing."
        " The last attempt failed: The token expired.",
    }


async def test_an_account_is_late_after_what_it_says(world: World, show: Show) -> None:
    """Told with the instant in the workspace's calendar: 08:20 in New York."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(account.read(NOW, FIRST, TODAY))
    [fresh] = (await show(workspace, NOW, zone="America/New_York"))["meta"]["freshness"]
    limit = timedelta(seconds=fresh["late_after_seconds"])
    [just] = (await show(workspace, NOW + limit))["meta"]["freshness"]
    late = await show(workspace, NOW + limit + timedelta(seconds=1), zone="America/New_York")
    assert (fresh["status"], just["status"]) == ("fresh", "fresh")
    assert late["meta"]["freshness"][0]["status"] == "late"
    [said] = [each for each in late["meta"]["warnings"] if each["code"] == "late-account"]
    assert "Nov 20, 08:20 (America/New_York)" in said["message"]


async def test_figures_that_stand_still_say_so(world: World, show: Show) -> None:
    """After an update, while another version is being filled that readers do not see yet."""
    workspace = await world.workspace()
    assert "standing-still" not in codes(await show(workspace, NOW))
    superuser = await asyncpg.connect(world.database.superuser)
    filling = "('ad_windows', 999, 'ad-metrics', 0)"
    place = "(projection, version, topic, partition)"
    await superuser.execute(f"INSERT INTO processing.projection_offset {place} VALUES {filling}")
    found = await show(workspace, NOW)
    await superuser.execute(f"DELETE FROM processing.projection_offset WHERE {place} = {filling}")
    await superuser.close()
    assert codes(found)[0] == "standing-still"
    assert "Figures stand still since 20" in found["meta"]["warnings"][0]["message"]


async def test_nothing_of_another_workspace_is_seen(world: World, show: Show) -> None:
    """The same account connected elsewhere stays elsewhere."""
    mine, foreign = await world.workspace(), await world.workspace()
    account = await world.account(mine)
    await world.happened(
        account.delivered(TODAY, {9: 1_000_000}, at=NOW),
        account.campaign("c-1", "Secret", NOW),
        account.read(NOW, FIRST, TODAY),
    )
    found = await show(foreign, NOW)
    assert found["state"] == "needs-setup"
    assert found["meta"]["freshness"] == found["spend_mix"] == found["charts"]["providers"] == []
    assert found["top_campaigns"]["rows"] == []


async def test_the_answer_is_what_openapi_says(world: World, show: Show) -> None:
    """Nothing missing, nothing unnamed, with and without figures."""
    workspace = await world.workspace()
    empty = await show(workspace, NOW)
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: (1_000_000, 100, 10, 1)}, at=NOW),
        account.converted(TODAY, ("purchase", 1.5, 9), at=NOW),
        account.read(NOW, FIRST, TODAY),
    )
    validator = jsonschema.Draft202012Validator(schema("Dashboard"))
    for found in (empty, await show(workspace, NOW), await show(workspace, NOW, "last_7_days")):
        assert [error.message for error in validator.iter_errors(found)] == []
