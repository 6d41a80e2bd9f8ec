"""Deltas: a running range meets the same elapsed part of the other, and nothing is guessed."""

from datetime import UTC, date, datetime

from tests.api.dashboard.conftest import Show, kpi
from tests.readmodels.world import Account, World

TODAY, LAST_WEEK, YESTERDAY = date(2026, 11, 20), date(2026, 11, 13), date(2026, 11, 19)
FIRST = date(2026, 8, 1)


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """A moment of November 2026 in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def a_friday(world: World, account: Account) -> None:
    """8.00 by 13:00 today and 2.00 since; 5.00 by 13:00 a week ago, and 58.00 after."""
    await world.happened(
        account.delivered(
            TODAY,
            {9: (5_000_000, 100, 10, 5), 12: (3_000_000, 300, 6, 5), 13: (2_000_000, 50, 4, 1)},
            at=at(13, 10),
        ),
        account.delivered(
            LAST_WEEK,
            {
                9: (4_000_000, 100, 5, 5),
                12: (1_000_000, 100, 5, 5),
                13: (8_000_000, 100, 10, 5),
                20: (50_000_000, 100, 20, 5),
            },
        ),
        account.read(at(13, 10), FIRST, TODAY),
    )


async def test_today_meets_the_same_hours_of_the_same_weekday(world: World, show: Show) -> None:
    """The running hour counts on neither side, and the answer says so."""
    workspace = await world.workspace()
    await a_friday(world, await world.account(workspace))
    found = await show(workspace, at(13, 20))
    spend = kpi(found, "spend")
    assert (spend["value"], spend["compared"], spend["previous"]) == (
        10_000_000,
        8_000_000,
        5_000_000,
    )
    assert spend["delta"] == {"kind": "percent", "value": 0.6, "reason": None, "estimated": False}
    assert found["comparison"]["from"] == found["comparison"]["to"] == "2026-11-13"
    assert found["comparison"]["elapsed_only"] is True
    assert found["comparison"]["until"] == "2026-11-20 13:00"
    assert "13:00" in found["comparison"]["note"]


async def test_rates_differ_in_points_of_the_same_hours(world: World, show: Show) -> None:
    """CTR 16/400 against 10/200 is one point less."""
    workspace = await world.workspace()
    await a_friday(world, await world.account(workspace))
    ctr = kpi(await show(workspace, at(13, 20)), "ctr")
    assert (ctr["compared"], ctr["previous"]) == (0.04, 0.05)
    assert ctr["delta"]["kind"] == "points"
    assert round(ctr["delta"]["value"], 12) == -0.01


async def test_a_late_reading_is_compared_as_far_as_it_goes(world: World, show: Show) -> None:
    """Asked at 18:00 but read until 13:10: the cut stays at 13:00."""
    workspace = await world.workspace()
    await a_friday(world, await world.account(workspace))
    found = await show(workspace, at(18))
    assert kpi(found, "spend")["previous"] == 5_000_000
    assert found["meta"]["freshness"][0]["status"] == "late"
    assert found["meta"]["freshness"][0]["lag_seconds"] == 4 * 3_600 + 50 * 60


async def test_both_sides_end_where_hours_were_last_read(world: World, show: Show) -> None:
    """Hours stop at 13:10 and fail since, conversions go on till 14:45: 13:00 is the cut."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await a_friday(world, account)
    await world.happened(
        account.read(at(13, 10), FIRST, TODAY, kind="hours"),
        account.read(at(14, 15), TODAY, TODAY, kind="hours", outcome="failed", reason="too slow"),
        account.read(at(14, 45), FIRST, TODAY, kind="day"),
    )
    found = await show(workspace, at(14, 46))
    spend = kpi(found, "spend")
    assert (spend["compared"], spend["previous"]) == (8_000_000, 5_000_000)
    assert found["comparison"]["until"] == "2026-11-20 13:00"
    assert found["meta"]["as_of"] == "2026-11-20T13:10:00Z"
    [freshness] = found["meta"]["freshness"]
    assert (freshness["status"], freshness["reason"]) == ("failing", "too slow")


async def test_yesterday_is_cut_at_quarter_hours(world: World, show: Show) -> None:
    """Both dates are open: 13:30 is the cut, and each hour's rise lies where it was seen."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        # Until 13:40, 2.00 in 40 minutes: 0.75, 0.75, 0.50.
        account.delivered(TODAY, {9: 8_000_000, 13: 2_000_000}, at=at(13, 40)),
        # By 13:20, 1.00: 0.75, 0.25. By midnight 3.00 more in its last 40 minutes: 0.75 till 13:30.
        account.delivered(YESTERDAY, {9: 5_000_000, 13: 1_000_000}, at=at(13, 20, 19)),
        account.delivered(YESTERDAY, {9: 5_000_000, 13: 4_000_000, 20: 9_000_000}),
        account.read(at(13, 40), FIRST, TODAY),
    )
    found = await show(workspace, at(13, 41), match_weekdays=False)
    spend = kpi(found, "spend")
    assert spend["value"] == 10_000_000
    assert spend["compared"] == 8_000_000 + 1_500_000
    assert spend["previous"] == 5_000_000 + 1_750_000
    assert found["comparison"]["until"] == "2026-11-20 13:30"


async def test_a_finished_range_is_compared_whole(world: World, show: Show) -> None:
    """Yesterday, read after midnight, against the same weekday before it."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(YESTERDAY, {9: 5_000_000, 23: 4_000_000}),
        account.delivered(date(2026, 11, 12), {23: 6_000_000}),
        account.read(at(8), FIRST, TODAY),
    )
    found = await show(workspace, at(8, 5), "yesterday")
    spend = kpi(found, "spend")
    assert (spend["value"], spend["compared"], spend["previous"]) == (
        9_000_000,
        9_000_000,
        6_000_000,
    )
    assert found["comparison"]["elapsed_only"] is False
    assert found["comparison"]["until"] is found["comparison"]["note"] is None


async def test_a_week_with_today_in_it_is_cut_in_its_last_date(world: World, show: Show) -> None:
    """Six whole dates and the hours till 13:00 of the seventh, on both sides."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await a_friday(world, account)
    await world.happened(
        account.delivered(YESTERDAY, {23: 100_000_000}),
        account.delivered(date(2026, 11, 12), {23: 200_000_000}),
    )
    found = await show(workspace, at(13, 20), "last_7_days")
    spend = kpi(found, "spend")
    # 13 November is the last date of the other week: 14 to 20 against 7 to 13.
    assert spend["value"] == 110_000_000
    assert spend["compared"] == 108_000_000
    assert spend["previous"] == 205_000_000


async def test_conversions_of_part_of_a_day_are_marked_estimated(world: World, show: Show) -> None:
    """Of 8 purchases a week ago, 10 of 40 clicks lay before 13:00: 2. Of today's 5, 16 of 20: 4."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await a_friday(world, account)
    await world.happened(
        account.converted(TODAY, ("purchase", 5, 50), at=at(13, 10)),
        account.converted(LAST_WEEK, ("purchase", 8, 80)),
    )
    purchases = kpi(await show(workspace, at(13, 20)), "purchases")
    assert (purchases["value"], purchases["compared"], purchases["previous"]) == (5, 4, 2)
    assert purchases["delta"] == {
        "kind": "percent",
        "value": 1.0,
        "reason": None,
        "estimated": True,
    }


async def test_a_baseline_that_was_never_read_gives_no_delta(world: World, show: Show) -> None:
    """Figures begin on the 15th: the week before cannot be compared with."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: 1_000_000}, at=at(13, 10)),
        account.read(at(13, 10), date(2026, 11, 15), TODAY),
    )
    delta = kpi(await show(workspace, at(13, 20)), "spend")["delta"]
    assert delta["kind"] == "none"
    assert "2026-11-15" in delta["reason"]


async def test_from_nothing_is_new(world: World, show: Show) -> None:
    """A baseline that was read and is zero."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(
        account.delivered(TODAY, {9: 1_000_000}, at=at(13, 10)),
        account.read(at(13, 10), FIRST, TODAY),
    )
    assert kpi(await show(workspace, at(13, 20)), "spend")["delta"]["kind"] == "new"


async def test_comparison_off(world: World, show: Show) -> None:
    """No other period, no previous values, no deltas."""
    workspace = await world.workspace()
    await a_friday(world, await world.account(workspace))
    found = await show(workspace, at(13, 20), mode="off")
    spend = kpi(found, "spend")
    assert found["comparison"] is None
    assert spend["value"] == 10_000_000
    assert spend["previous"] is spend["compared"] is None
    assert spend["delta"]["kind"] == "none"


async def test_accounts_are_cut_by_their_own_calendars(world: World, show: Show) -> None:
    """At 02:30 in UTC: Tokyo has read its 20th until 11:30, New York its 19th until 21:30.

    The other period is a week before. Tokyo: 1.00 by 11:00 against 2.00. New York: all of the
    18th and 4.00 by 21:00 of the 19th, against all of the 11th and 8.00.
    """
    workspace = await world.workspace()
    tokyo = await world.account(workspace, "act_t", zone="Asia/Tokyo")
    new_york = await world.account(workspace, "act_n", zone="America/New_York")
    now = at(2, 30)
    await world.happened(
        tokyo.described(now),
        new_york.described(now),
        tokyo.delivered(TODAY, {10: 1_000_000, 11: 16_000_000}, at=now),
        tokyo.delivered(LAST_WEEK, {10: 2_000_000, 11: 32_000_000}),
        new_york.delivered(YESTERDAY, {20: 4_000_000, 21: 64_000_000}, at=now),
        new_york.delivered(date(2026, 11, 12), {20: 8_000_000, 21: 128_000_000, 22: 256_000_000}),
        new_york.delivered(date(2026, 11, 11), {22: 512_000_000}),
        new_york.delivered(LAST_WEEK, {1: 1_024_000_000}),
        tokyo.read(now, FIRST, TODAY),
        new_york.read(now, FIRST, YESTERDAY),
    )
    found = await show(workspace, now, span=(date(2026, 11, 18), TODAY))
    spend = kpi(found, "spend")
    assert spend["value"] == 85_000_000
    assert spend["compared"] == 5_000_000
    assert spend["previous"] == 2_000_000 + 8_000_000 + 512_000_000
    assert "several-zones" in [each["code"] for each in found["meta"]["warnings"]]
