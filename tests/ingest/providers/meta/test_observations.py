"""Recorded Insights rows to readings."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from ingest.providers.errors import Unreadable
from ingest.providers.meta.insights import Action, InsightsRow
from ingest.providers.meta.observations import (
    coverages,
    day_observations,
    hours_observations,
)
from ingest.record import record
from schemas.ad_metrics import DayObservation, HoursObservation
from schemas.codec import decode
from tests.ingest.providers.meta.recorded import OBSERVED_AT, WORKSPACE, read, rows


def hours(name: str, zone: str = "America/New_York") -> list[HoursObservation]:
    """The readings of a recorded hourly answer."""
    return list(hours_observations(rows(name), read(zone=zone)))


def days() -> list[DayObservation]:
    """The readings of the recorded daily answer."""
    return list(day_observations(rows("day"), read()))


def test_an_ad_and_date_is_one_reading_of_all_its_hours() -> None:
    """Micros are exact, left-out metrics are 0, hours come in order."""
    reading = hours("hours")[0].body
    assert (reading.campaign_id, reading.adset_id, reading.ad_id) == ("120", "121", "122")
    assert (reading.day, reading.currency) == (date(2026, 11, 18), "USD")
    assert [tuple(msgspec.structs.astuple(hour)) for hour in reading.hours] == [
        (0, 1, 1, 0, 0),
        (13, 2_500_000, 183, 4, 3),
    ]


def test_each_ad_and_date_has_its_own_reading() -> None:
    """An ad without delivery has one too, which says so."""
    readings = [
        (each.body.ad_id, each.body.day.day, len(each.body.hours)) for each in hours("hours")
    ]
    assert readings == [("122", 18, 2), ("124", 18, 0), ("122", 19, 1)]


def test_all_events_of_a_read_share_its_instant() -> None:
    """A register orders by it, and a coverage must not be older than its readings."""
    events = [
        *hours("hours"),
        *days(),
        *coverages("hours", date(2026, 11, 18), date(2026, 11, 19), read()),
    ]
    assert {event.body.observed_at for event in events} == {OBSERVED_AT}


def test_every_day_of_the_span_is_covered() -> None:
    """Days without a row, too: that is what coverage is for."""
    covered = list(coverages("day", date(2026, 11, 18), date(2026, 11, 20), read()))
    assert [(each.body.day.day, each.body.kind, each.body.level) for each in covered] == [
        (18, "day", "ad"),
        (19, "day", "ad"),
        (20, "day", "ad"),
    ]


def test_the_label_of_the_repeated_hour_lasts_two() -> None:
    """New York, 1 November: its day is 25 hours long."""
    reading = hours("fall_back")[0].body
    assert reading.hour_seconds[1] == 7200
    assert reading.day_starts_at == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert [hour.label for hour in reading.hours] == [1]


def test_figures_of_the_spring_gap_are_added_to_the_next_label() -> None:
    """New York, 8 March: nothing lies under 02:00, and nothing is lost."""
    reading = hours("spring_gap")[0].body
    assert [tuple(msgspec.structs.astuple(hour)) for hour in reading.hours] == [
        (3, 3_750_000, 30, 3, 2)
    ]


def test_a_row_that_comes_on_two_pages_counts_once() -> None:
    """Pages move while an account delivers; the later row is the newer."""
    old, new = rows("fall_back")[0], msgspec.structs.replace(rows("fall_back")[0], spend="4")
    (reading,) = hours_observations([old, new], read())
    assert [hour.spend_micros for hour in reading.body.hours] == [4_000_000]


def test_purchases_are_counted_by_the_widest_type_alone() -> None:
    """omni_purchase holds purchase and pixel: together they would count twice."""
    conversions = {
        (c.goal, c.window): (c.count_micros, c.value_micros) for c in days()[0].body.conversions
    }
    assert conversions == {
        ("purchase", "default"): (4_000_000, 185_400_000),
        ("purchase", "7d_click"): (3_000_000, 125_400_000),
        ("purchase", "1d_view"): (1_000_000, 60_000_000),
        ("lead", "default"): (1_500_000, 0),
        ("lead", "1d_click"): (500_000, 0),
        ("lead", "7d_click"): (1_500_000, 0),
        ("install", "default"): (2_000_000, 0),
        ("install", "28d_click"): (2_000_000, 0),
    }


def test_without_the_widest_type_the_next_one_counts() -> None:
    """An account with a pixel alone has purchases nevertheless."""
    (next_day,) = [each.body for each in days() if each.body.day.day == 19]
    assert [(c.goal, c.window, c.count_micros) for c in next_day.conversions] == [
        ("purchase", "default", 1_000_000),
        ("purchase", "1d_ev", 1_000_000),
    ]


def test_an_ad_that_converted_nothing_has_a_reading_that_says_so() -> None:
    """It takes back what an earlier reading may have said."""
    assert [len(each.body.conversions) for each in days() if each.body.ad_id == "124"] == [0]


def test_a_named_default_window_wins_over_value() -> None:
    """Where the default window is asked for by name, `value` may mean another."""
    action = Action(action_type="lead", value="1", default="2")
    assert action.by_window() == {"default": "2"}


def test_the_same_read_gives_the_same_ids() -> None:
    """What is published twice is a known duplicate."""
    assert [e.event_id for e in hours("hours")] == [e.event_id for e in hours("hours")]


def test_every_event_decodes_from_its_bytes() -> None:
    """What is published is what readers accept."""
    for event in [*hours("hours"), *days()]:
        sent = record(event)
        assert decode(sent.lane.topic, sent.value) == event
        assert sent.key == f"{WORKSPACE}:meta:1".encode()


@pytest.mark.parametrize(
    "broken",
    [
        {"ad_id": None},
        {"spend": "1,5"},
        {"clicks": "-1"},
        {"impressions": "1.5"},
        {"date_stop": date(2026, 11, 2)},
        {"hour": "24:00:00 - 24:59:59"},
        {"hour": None},
    ],
)
def test_a_row_that_cannot_be_read_stops_the_read(broken: dict[str, object]) -> None:
    """Left out, it would be covered as zero."""
    row: InsightsRow = msgspec.structs.replace(rows("fall_back")[0], **broken)
    with pytest.raises(Unreadable):
        list(hours_observations([row], read()))
