"""The rest of the dashboard: currencies, states, warnings, isolation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import jsonschema

from runtime.openapi import document
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
