"""Charts: one bucket a step of the calendar, null where nothing was read, dashed where not over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.api.dashboard.conftest import Show, codes
from tests.readmodels.world import World, each_hour

FIRST = date(2026, 8, 1)


def spend(found: dict[str, Any]) -> dict[str, Any]:
    """Spend along the axis, both periods."""
    return found["charts"]["totals"]["spend"]


async def test_a_bucket_for_each_date(world: World, show: Show) -> None:
    """Read and nothing is 0; the running date is partial; the other week stands beside."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    now = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
    today = now.date()
    await world.happened(
        account.delivered(today, {9: 3_000_000}, at=now),
        account.delivered(today - timedelta(days=6), {9: 1_000_000}),
        account.delivered(today - timedelta(days=7), {9: 7_000_000}),
        account.read(now, FIRST, today),
    )
    found = await show(workspace, now, "last_7_days")
    assert [bucket["at"] for bucket in found["charts"]["buckets"]] == [
        str(today - timedelta(days=days)) for days in range(6, -1, -1)
    ]
    assert spend(found)["current"] == [1_000_000, 0, 0, 0, 0, 0, 3_000_000]
    assert spend(found)["previous"] == [0, 0, 0, 0, 0, 0, 7_000_000]
    assert found["meta"]["partial"] == ["2026-11-20"]
    assert [bucket["partial"] for bucket in found["charts"]["buckets"]] == [False] * 6 + [True]


async def test_dates_before_the_first_read_are_unknown_not_zero(world: World, show: Show) -> None:
    """Null draws a gap, 0 would draw a lie."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    now = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
    await world.happened(
        account.delivered(date(2026, 11, 19), {9: 1_000_000}),
        account.read(now, date(2026, 11, 18), now.date()),
    )
    found = await show(workspace, now, "last_7_days")
    assert spend(found)["current"] == [None, None, None, None, 0, 1_000_000, 0]
    assert spend(found)["previous"] == [None] * 7


async def test_dates_whose_hours_were_not_read_are_unknown_too(world: World, show: Show) -> None:
    """A backfill of conversions ran ahead of that of spend."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    now = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
    await world.happened(
        account.delivered(date(2026, 11, 19), {9: 1_000_000}),
        account.read(now, date(2026, 11, 18), now.date(), kind="hours"),
        account.read(now, FIRST, now.date(), kind="day"),
    )
    found = await show(workspace, now, "last_7_days")
    assert spend(found)["current"] == [None, None, None, None, 0, 1_000_000, 0]
    assert spend(found)["previous"] == [None] * 7


async def test_hours_not_yet_read_are_null(world: World, show: Show) -> None:
    """Read until 10:10: hour 10 is partial, 11 unknown; a week ago is known throughout."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    read_at = datetime(2026, 11, 20, 10, 10, tzinfo=UTC)
    await world.happened(
        account.delivered(read_at.date(), {9: 3_000_000, 10: 1_000_000}, at=read_at),
        account.delivered(date(2026, 11, 13), each_hour((1_000_000, 1, 1, 1))),
        account.read(read_at, FIRST, read_at.date()),
    )
    found = await show(workspace, read_at + timedelta(hours=3))
    assert found["range"]["grain"] == "hour"
    assert spend(found)["current"] == [0] * 9 + [3_000_000, 1_000_000] + [None] * 13
    assert spend(found)["previous"] == [1_000_000] * 24
    partial = [bucket["partial"] for bucket in found["charts"]["buckets"]]
    assert partial == [False] * 10 + [True] * 14


async def test_the_fall_back_hour_is_one_bucket_of_two_hours(world: World, show: Show) -> None:
    """25 October in Berlin: label 2 lasts from midnight to 02:00 in UTC."""
    workspace = await world.workspace("Europe/Berlin")
    account = await world.account(workspace, zone="Europe/Berlin")
    day = date(2026, 10, 25)
    now = datetime(2026, 10, 26, 8, tzinfo=UTC)
    await world.happened(
        account.described(now),
        account.delivered(day, each_hour((1_000_000, 10, 1, 1))),
        account.read(now, FIRST, day),
    )
    found = await show(workspace, now, span=(day, day), zone="Europe/Berlin")
    buckets = found["charts"]["buckets"]
    assert len(buckets) == 24
    assert [bucket["at"] for bucket in buckets[:5]] == [
        "2026-10-24T22:00:00Z",
        "2026-10-24T23:00:00Z",
        "2026-10-25T00:00:00Z",
        "2026-10-25T02:00:00Z",
        "2026-10-25T03:00:00Z",
    ]
    assert sum(spend(found)["current"]) == 24_000_000


async def test_the_spring_gap_has_no_bucket(world: World, show: Show) -> None:
    """29 March in Berlin has 23 hours; none is called 2."""
    workspace = await world.workspace("Europe/Berlin")
    account = await world.account(workspace, zone="Europe/Berlin")
    day = date(2026, 3, 29)
    now = datetime(2026, 3, 30, 8, tzinfo=UTC)
    await world.happened(
        account.described(now),
        account.delivered(day, each_hour((1_000_000, 10, 1, 1), [1, 3])),
        account.read(now, date(2026, 1, 1), day),
    )
    found = await show(workspace, now, span=(day, day), zone="Europe/Berlin")
    labels = [bucket["label"] for bucket in found["charts"]["buckets"]]
    assert len(labels) == 23
    assert labels[:4] == ["00:00", "01:00", "03:00", "04:00"]
    assert spend(found)["current"][:4] == [0, 1_000_000, 1_000_000, 0]


async def test_a_half_hour_zone_has_hours_of_its_own(world: World, show: Show) -> None:
    """Midnight in Kolkata is 18:30 in UTC, and so is every bucket at half past."""
    workspace = await world.workspace("Asia/Kolkata")
    account = await world.account(workspace, zone="Asia/Kolkata")
    day = date(2026, 11, 20)
    now = datetime(2026, 11, 20, 10, 45, tzinfo=UTC)  # 16:15 there
    await world.happened(
        account.described(now),
        account.delivered(day, {0: 1_000_000, 15: 2_000_000, 16: 4_000_000}, at=now),
        account.read(now, FIRST, day),
    )
    found = await show(workspace, now, zone="Asia/Kolkata")
    assert found["charts"]["buckets"][0]["at"] == "2026-11-19T18:30:00Z"
    assert found["charts"]["buckets"][16]["at"] == "2026-11-20T10:30:00Z"
    assert spend(found)["current"][15:18] == [2_000_000, 4_000_000, None]
    assert found["meta"]["partial"][0] == "2026-11-20T10:30:00Z"


async def test_hours_of_conversions_are_estimates_that_add_up(world: World, show: Show) -> None:
    """7 purchases over hours of 2 and 1 clicks, marked."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    day = date(2026, 11, 19)
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    await world.happened(
        account.delivered(day, {9: (1_000_000, 10, 2, 1), 15: (1_000_000, 10, 1, 1)}),
        account.converted(day, ("purchase", 7, 70)),
        account.read(now, FIRST, day),
    )
    found = await show(workspace, now, "yesterday")
    hours = found["charts"]["totals"]["purchases"]["current"]
    assert (hours[9], hours[15], round(sum(hours), 6)) == (4.666667, 2.333333, 7)
    assert "purchases" in found["charts"]["estimated"]
    assert "spend" not in found["charts"]["estimated"]
    assert "estimated-hours" in codes(found)


async def test_each_provider_has_its_lines(world: World, show: Show) -> None:
    """Their sum is the total's line, and the mix is their spend."""
    workspace = await world.workspace()
    meta = await world.account(workspace, "act_1")
    google = await world.account(workspace, "act_2", provider="google")
    now = datetime(2026, 11, 20, 13, 20, tzinfo=UTC)
    day = date(2026, 11, 19)
    await world.happened(
        meta.delivered(day, {9: (3_000_000, 100, 10, 1)}),
        google.delivered(day, {9: (1_000_000, 100, 10, 1)}),
        meta.read(now, FIRST, now.date()),
        google.read(now, FIRST, now.date()),
    )
    found = await show(workspace, now, "last_7_days")
    lines = {each["label"]: each["metrics"] for each in found["charts"]["providers"]}
    assert lines["Meta"]["spend"][5] == 3_000_000
    assert lines["Google"]["spend"][5] == 1_000_000
    assert lines["Google"]["cpc"] == [None] * 5 + [100_000, None]
    assert spend(found)["current"][5] == 4_000_000
    assert found["spend_mix"] == [
        {"provider": "meta", "label": "Meta", "spend_micros": 3_000_000, "share": 0.75},
        {"provider": "google", "label": "Google", "spend_micros": 1_000_000, "share": 0.25},
    ]
