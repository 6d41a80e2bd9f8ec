"""The oracle on single cases whose rows anyone can work out on paper."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from tests.oracle.ad_rows import Row
from tests.oracle.quarters import QUARTER, quarter_hours, shares
from tests.oracle.rows import expected
from tests.streams.events import (
    Message,
    Owner,
    Path,
    Scene,
    ad_entity,
    as_records,
    day_observation,
    sync_run,
    zulu,
)

SCENE = Scene()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONNECTION = UUID(int=7)


def test_a_rise_after_the_hour_goes_where_the_hour_already_lies() -> None:
    """8 lies 6 and 2 when the hour ends; 4 more, seen next morning, fall 3 to 1."""
    looks = [(900_000_000, 6), (1_800_000_000, 8), (3_600_000_000, 8), (90_000_000_000, 12)]
    assert quarter_hours(0, 4 * QUARTER, looks) == [9, 3, 0, 0]


def test_a_rise_after_an_empty_hour_is_spread_evenly_and_the_earlier_wins_the_rest() -> None:
    """Six over four quarter-hours of which none was ever seen."""
    assert quarter_hours(0, 4 * QUARTER, [(90_000_000_000, 6)]) == [2, 2, 1, 1]


def test_an_instant_within_a_second_counts_to_the_microsecond() -> None:
    """Half a second of the second quarter-hour against 900 s of the first."""
    looks = [(QUARTER + 500_000, 1801)]
    assert quarter_hours(0, 4 * QUARTER, looks) == [1800, 1, 0, 0]


def test_shares_add_up_and_ties_go_to_the_earlier() -> None:
    """Five among three equals."""
    assert shares(5, [1, 1, 1]) == [2, 2, 1]


def test_the_fall_back_label_has_eight_quarter_hours() -> None:
    """Hour 1 of 1 November in New York lasts two hours of UTC."""
    scene = Scene(day=date(2026, 11, 1), zone="America/New_York")
    rows = _rows(scene.seen(at="03:00", hours={1: 8_000_000}))
    quarters = sorted(row for row in rows["ad_quarter_hour"] if row[1] == "ad")
    starts = [datetime(2026, 11, 1, 5, tzinfo=UTC) + timedelta(minutes=15 * i) for i in range(8)]
    assert [row[-5] for row in quarters] == starts
    assert {row[-4] for row in quarters} == {1_000_000}
    (hour,) = [row for row in rows["ad_hour"] if row[1] == "ad"]
    assert hour[-6:-4] == (starts[0], starts[0] + timedelta(hours=2))


def test_only_the_newest_reading_says_where_an_ad_lies() -> None:
    """The ad moved from one campaign to another; the older one keeps nothing."""
    moved = Scene(path=Path("c-2", "s-2", "a-1"))
    rows = _rows(
        moved.seen(at="12:30", hours={10: 5}),
        SCENE.seen(at="12:00", hours={10: 3}),
    )
    assert {(row[5], row[-4]) for row in rows["ad_day"] if row[1] == "campaign"} == {("c-2", 5)}


def test_conversions_roll_up_and_delivery_of_a_day_does_not() -> None:
    """An ad set that the platform gives no hours for."""
    reading = day_observation(
        SCENE.owner, "adset", Path("c-1", "s-1"), SCENE.day,
        [("purchase", "default", 2_000_000, 90_000_000)], NOON, delivery=(7, 6, 5, 4),
    )  # fmt: skip
    rows = _rows(reading)
    assert {(row[1], row[-2], row[-1]) for row in rows["ad_conversion_day"]} == {
        (level, 2_000_000, 90_000_000) for level in ("account", "campaign", "adset")
    }
    assert [(row[1], *row[-4:]) for row in rows["ad_delivery_day"]] == [("adset", 7, 6, 5, 4)]
    assert not rows["ad_day"]


def test_a_coverage_at_the_very_instant_of_a_reading_zeroes_nothing() -> None:
    """One read has one instant: its coverage speaks of what it did not hold."""
    assert _rows(SCENE.seen(at="12:00", hours={10: 3}), SCENE.covered(at="12:00"))["ad_day"]
    assert not _rows(SCENE.seen(at="12:00", hours={10: 3}), SCENE.covered(at="12:00:01"))["ad_day"]


def test_a_coverage_of_days_leaves_the_hours_alone() -> None:
    """Registers of different kinds never mix."""
    rows = _rows(
        SCENE.seen(at="12:00", hours={10: 3}),
        SCENE.converted("12:00", ("lead", "default", 1, 0)),
        SCENE.covered(at="13:00", kind="day"),
    )
    assert rows["ad_day"]
    assert not rows["ad_conversion_day"]


def test_a_status_is_kept_for_each_utc_day_and_the_entity_as_it_was_last_seen() -> None:
    """Active at noon, paused in the evening, deleted the next morning."""
    rows = _rows(
        ad_entity(SCENE.owner, "ad", "a-1", NOON + timedelta(hours=20), status="DELETED"),
        ad_entity(SCENE.owner, "ad", "a-1", NOON, status="ACTIVE"),
        ad_entity(SCENE.owner, "ad", "a-1", NOON + timedelta(hours=8), status="PAUSED"),
    )
    assert [row[8] for row in rows["ad_entity"]] == ["DELETED"]
    assert sorted((str(row[5]), row[6]) for row in rows["ad_entity_status"]) == [
        ("2026-03-01", "PAUSED"),
        ("2026-03-02", "DELETED"),
    ]


def test_a_connection_shows_its_last_run_and_how_far_the_good_ones_reach() -> None:
    """A throttled run later than a good one."""
    days = {"from": "2026-02-01", "to": "2026-03-01"}
    good = sync_run(SCENE.owner, UUID(int=1), CONNECTION, NOON, days=days,
                    observed_at="2026-03-01T11:59:00Z")  # fmt: skip
    bad = sync_run(SCENE.owner, UUID(int=2), CONNECTION, NOON + timedelta(hours=1),
                   outcome="throttled", reason="too many calls")  # fmt: skip
    ((_, _, _, _, until, outcome, reason, _, last, success, first, through),) = _rows(bad, good)[
        "connection_freshness"
    ]
    assert (outcome, reason) == ("throttled", "too many calls")
    assert (last - success, NOON - until) == (timedelta(hours=1), timedelta(minutes=1))
    assert (first, through) == (date(2026, 2, 1), date(2026, 3, 1))


def test_a_connection_reaches_as_far_as_each_kind_and_stands_as_its_worst() -> None:
    """Hours stopped on the first at 12:00; conversions and entities came later and went well."""
    today, month = (
        {"from": "2026-03-01", "to": "2026-03-01"},
        {"from": "2026-02-01", "to": "2026-03-01"},
    )

    def ran(
        number: int, kind: str, outcome: str = "ok", days: dict[str, str] | None = None
    ) -> Message:
        at = NOON + timedelta(hours=number)
        return sync_run(
            *(SCENE.owner, UUID(int=number + 1), CONNECTION, at),
            kind=kind, outcome=outcome, days=days, observed_at=zulu(at),
        )  # fmt: skip

    ((*_, until, outcome, _, _, last, success, first, through),) = _rows(
        ran(0, "hours", "ok", today),
        ran(1, "hours", "throttled", today),
        ran(2, "day", "ok", month),
        ran(3, "entities", "ok"),
    )["connection_freshness"]
    assert (until, success) == (NOON, NOON)
    assert (outcome, last) == ("throttled", NOON + timedelta(hours=1))
    assert first == through == date(2026, 3, 1)


def test_what_is_no_event_is_dead_and_changes_no_row() -> None:
    """Broken JSON between two readings."""
    good = [SCENE.seen(at="12:00", hours={10: 3}), SCENE.seen(at="12:30", hours={10: 4})]
    broken = Message("ad-metrics", good[0].key, b'{"type": "hours_observation"')
    lane = good[0].partition
    found = expected(as_records([good[0], broken, good[1]]))
    assert found.dead == {("ad-metrics", lane, 1)}
    assert found.rows["ad_day"] == _rows(*good)["ad_day"]


def test_two_shops_never_share_a_row() -> None:
    """The same platform account under two workspaces."""
    twin = Scene(owner=Owner(UUID(int=2), SCENE.owner.account))
    rows = _rows(SCENE.seen(at="12:00", hours={10: 3}), twin.seen(at="12:00", hours={10: 4}))
    assert sorted(row[-4] for row in rows["ad_day"] if row[1] == "account") == [3, 4]


def _rows(*messages: Message) -> dict[str, set[Row]]:
    return expected(as_records(messages)).rows
