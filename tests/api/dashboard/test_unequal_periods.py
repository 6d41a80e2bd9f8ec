"""A comparison that is longer or shorter than the range: figures, dates and words agree."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from tests.api.dashboard.conftest import Show, codes, kpi
from tests.readmodels.world import World

TODAY, FIRST = date(2026, 11, 20), date(2026, 8, 1)
NOW = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 28))
RUNNING, FINISHED = (date(2026, 11, 14), TODAY), (date(2026, 11, 13), date(2026, 11, 19))


async def a_dollar_a_day(world: World) -> UUID:
    """A dollar at 9:00 of each date since October; ten more at 20:00 of 7 October."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    first = date(2026, 10, 1)
    dates = [first + timedelta(days=n) for n in range((TODAY - first).days + 1)]
    await world.happened(
        *(account.delivered(day, {9: 1_000_000}) for day in dates if day != date(2026, 10, 7)),
        account.delivered(date(2026, 10, 7), {9: 1_000_000, 20: 10_000_000}),
        account.read(NOW, FIRST, TODAY),
    )
    return workspace


async def test_a_longer_comparison_is_cut_to_as_many_days(world: World, show: Show) -> None:
    """Seven days stand against October 1 to 7, whole, and the answer names both."""
    workspace = await a_dollar_a_day(world)
    found = await show(workspace, NOW, span=FINISHED, other=OCTOBER)
    spend = kpi(found, "spend")
    assert (spend["compared"], spend["previous"]) == (7_000_000, 17_000_000)
    assert (found["comparison"]["from"], found["comparison"]["to"]) == ("2026-10-01", "2026-10-07")
    [row] = found["top_campaigns"]["rows"]
    assert (row["compared"]["spend"], row["previous"]["spend"]) == (7_000_000, 17_000_000)
    [said] = [each for each in found["meta"]["warnings"] if each["code"] == "shortened-comparison"]
    assert said["message"] == (
        "Of Oct 1, 2026 to Oct 28, 2026 only Oct 1, 2026 to Oct 7, 2026 counts: as many days as "
        "the range has."
    )


async def test_of_a_running_range_the_dates_are_those_that_count(world: World, show: Show) -> None:
    """Till 13:00 of the seventh date on both sides; none after it is named."""
    workspace = await a_dollar_a_day(world)
    found = await show(workspace, NOW, span=RUNNING, other=OCTOBER)
    spend = kpi(found, "spend")
    assert (spend["compared"], spend["previous"]) == (7_000_000, 7_000_000)
    assert (spend["delta"]["kind"], spend["delta"]["value"]) == ("percent", 0)
    assert found["comparison"]["to"] == "2026-10-07"
    assert "shortened-comparison" in codes(found)


async def test_a_shorter_comparison_gives_no_delta(world: World, show: Show) -> None:
    """Its sum is told, with its dates; what it would mean against more days is not."""
    workspace = await a_dollar_a_day(world)
    three = (date(2026, 10, 1), date(2026, 10, 3))
    nothing = {
        "kind": "none",
        "value": None,
        "reason": "The other period is too short: 3 of 7 days.",
        "estimated": False,
    }
    for span in (FINISHED, RUNNING):
        found = await show(workspace, NOW, span=span, other=three)
        spend = kpi(found, "spend")
        assert (spend["value"], spend["previous"]) == (7_000_000, 3_000_000)
        assert spend["delta"] == nothing
        assert found["top_campaigns"]["rows"][0]["delta"] == nothing
        assert found["comparison"]["to"] == "2026-10-03"
        assert (
            "Days compared: 7 of the range, 3 of the other period." in found["comparison"]["note"]
        )
        assert "Both sides" not in found["comparison"]["note"]


async def test_as_much_as_was_read_of_a_longer_range_can_be_compared(
    world: World, show: Show
) -> None:
    """All of November, of which 20 dates were read, against 20 dates of October."""
    workspace = await a_dollar_a_day(world)
    november = (date(2026, 11, 1), date(2026, 11, 30))
    found = await show(workspace, NOW, span=november, other=(date(2026, 10, 8), date(2026, 10, 27)))
    spend = kpi(found, "spend")
    assert (spend["compared"], spend["previous"]) == (20_000_000, 20_000_000)
    assert spend["delta"]["kind"] == "percent"
    assert "Days compared" not in found["comparison"]["note"]


async def test_months_are_compared_whole(world: World, show: Show) -> None:
    """31 days of October against 30 of September, as a calendar has them; the note says so."""
    workspace = await a_dollar_a_day(world)
    found = await show(workspace, NOW, "last_month", match_weekdays=False)
    assert (found["comparison"]["from"], found["comparison"]["to"]) == ("2026-09-01", "2026-09-30")
    assert kpi(found, "spend")["delta"]["kind"] == "new"
    assert found["comparison"]["note"] == "Days compared: 31 of the range, 30 of the other period."
    assert "shortened-comparison" not in codes(found)
