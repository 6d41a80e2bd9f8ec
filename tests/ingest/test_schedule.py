"""When pieces are due: laws over months of simulated polling, and days worked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.account_day import days_between, local_instant, today_in
from ingest.schedule import DEMO, Account, Policy, due
from runtime.settings import Demo
from tests.ingest.simulated_work import SimulatedWork

NEW_YORK = ZoneInfo("America/New_York")
CONNECTED_AT = datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SMALL = Policy(backfill_days=20)

zones = st.sampled_from(
    ["America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe", "UTC"]
).map(ZoneInfo)
instants = st.integers(0, 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
policies = st.sampled_from([SMALL, replace(DEMO, backfill_days=20)])


def work(policy: Policy = SMALL, zone: ZoneInfo | None = NEW_YORK) -> SimulatedWork:
    """A connection that was made just now."""
    return SimulatedWork(Account(zone, CONNECTED_AT, ("hours", "day")), policy)


pauses = st.integers(0, 30 * 24 * 60)  # in minutes
mishaps = st.sampled_from(["all is well", "dead token", "unknown zone", "today fails"])


@given(instants, zones, policies, st.lists(st.tuples(pauses, mishaps), max_size=12), pauses)
def test_every_day_is_read_after_its_end_whatever_the_pauses(
    connected_at: datetime,
    zone: ZoneInfo,
    policy: Policy,
    turns: list[tuple[int, str]],
    last_pause: int,
) -> None:
    """From the backfill's first day to yesterday, though nothing was read for weeks, or yet."""
    simulated = SimulatedWork(Account(zone, connected_at, ("hours",)), policy)
    now = connected_at
    for minutes, mishap in turns:
        now += minutes * MINUTE
        known_zone = None if mishap == "unknown zone" else zone
        simulated.account = Account(known_zone, connected_at, ("hours",))
        simulated.schedule(now)
        if mishap == "today fails":
            simulated.throttle("today.hours", now + MINUTE)
        if mishap != "dead token":
            simulated.read_all(now)
    now += last_pause * MINUTE
    simulated.account = Account(zone, connected_at, ("hours",))
    simulated.run(now, now + policy.today_every + 2 * MINUTE, MINUTE)

    connected_on, today = today_in(zone, connected_at), today_in(zone, now)
    for day in days_between(connected_on - policy.backfill_days * DAY, today - DAY):
        ended_at = local_instant(day + DAY, time(), zone)
        last_read = simulated.read_at["hours", day][-1]
        assert last_read >= ended_at, f"{day} was last read at {last_read}"


@given(instants, zones, policies, st.lists(st.integers(1, 3000), min_size=1, max_size=20))
def test_no_day_ahead_of_today_is_asked_for(
    connected_at: datetime, zone: ZoneInfo, policy: Policy, steps: list[int]
) -> None:
    """A platform answers for tomorrow with nothing, which would then be covered."""
    simulated = SimulatedWork(Account(zone, connected_at, ("hours", "day")), policy)
    now = connected_at
    for minutes in steps:
        now += minutes * MINUTE
        for piece in simulated.schedule(now):
            assert piece.day_to is None or piece.day_to <= today_in(zone, now)
            assert piece.day_from is None or piece.day_from <= (piece.day_to or piece.day_from)
        simulated.read_all(now)


@given(instants, zones, policies, st.lists(st.integers(1, 3000), max_size=10))
def test_what_is_scheduled_is_not_scheduled_again(
    connected_at: datetime, zone: ZoneInfo, policy: Policy, steps: list[int]
) -> None:
    """Any number of processes may run the schedule at the same moment."""
    simulated = SimulatedWork(Account(zone, connected_at, ("hours", "day")), policy)
    now = connected_at
    for minutes in steps:
        now += minutes * MINUTE
        simulated.schedule(now)
        assert simulated.schedule(now) == []
        simulated.read_all(now)


@given(instants, zones, policies, st.lists(st.integers(1, 3000), max_size=30))
def test_pieces_do_not_pile_up(
    connected_at: datetime, zone: ZoneInfo, policy: Policy, steps: list[int]
) -> None:
    """Rows stay few for years: standing pieces are armed again, gaps are forgotten."""
    simulated = SimulatedWork(Account(zone, connected_at, ("hours", "day")), policy)
    now = connected_at
    for minutes in steps:
        now += minutes * MINUTE
        simulated.run(now, now + 2 * MINUTE, MINUTE)
    spans = -(-(policy.backfill_days - 1) // policy.span_days)
    restatements = -(-policy.restate_days // policy.span_days)
    assert len(simulated.pieces) <= 1 + 2 * (1 + spans + restatements)


def test_an_account_without_a_zone_is_asked_for_its_entities_alone() -> None:
    """No date can be named before the platform has said where its midnight is."""
    assert [piece.piece for piece in work(zone=None).schedule(CONNECTED_AT)] == ["entities"]


@pytest.mark.parametrize("policy", [Policy(), DEMO])
def test_a_first_start_reads_each_day_once(policy: Policy) -> None:
    """Ninety days before the connection, and its own; none by two pieces."""
    simulated = work(policy)
    simulated.run(CONNECTED_AT, CONNECTED_AT + MINUTE, MINUTE)
    days = days_between(date(2026, 8, 22), date(2026, 11, 20))
    assert len(days) == 91
    assert simulated.read_at == {
        (kind, day): [CONNECTED_AT] for kind in ("hours", "day") for day in days
    }


def test_a_first_read_two_weeks_late_finds_the_days_since_the_connection() -> None:
    """Its token was dead until then; a restatement would reach back seven days only."""
    simulated = work()
    simulated.schedule(CONNECTED_AT)
    later = CONNECTED_AT + 14 * DAY
    asked = [piece for piece in simulated.schedule(later) if piece.reason == "gap"]
    assert [(p.kind, p.day_from, p.day_to) for p in asked] == [
        (kind, *span)
        for kind in ("day", "hours")
        for span in (
            (date(2026, 11, 19), date(2026, 11, 25)),
            (date(2026, 11, 26), date(2026, 12, 2)),
        )
    ]


def test_a_first_connect_backfills_newest_first() -> None:
    """To the day before those that come with today; they meet without gap or overlap."""
    asked = work(Policy()).schedule(CONNECTED_AT)
    backfill = [p for p in asked if p.reason == "backfill" and p.kind == "hours"]
    days = [d for p in backfill if p.day_from and p.day_to for d in _days(p.day_from, p.day_to)]
    assert days == [date(2026, 11, 18) - n * DAY for n in range(89)]


def test_a_demo_has_no_history_that_is_never_read() -> None:
    """The simulated shop may be as old as its backfill reaches, and no older."""
    assert Demo(days=DEMO.backfill_days).days == DEMO.backfill_days
    with pytest.raises(ValidationError):
        Demo(days=DEMO.backfill_days + 1)


def test_today_comes_before_the_backfill() -> None:
    """A new user sees today within seconds."""
    reasons = [piece.reason for piece in work().schedule(CONNECTED_AT)]
    assert reasons[:3] == ["today", "today", "entities"]


@pytest.mark.parametrize(
    ("minutes", "again"), [(14, False), (15, True), (16, True), (-2, True), (-0.5, False)]
)
def test_today_is_read_every_quarter_of_an_hour(minutes: float, again: bool) -> None:
    """And at once if the clock was set back, or nothing would be read until it caught up."""
    simulated = work()
    simulated.run(CONNECTED_AT, CONNECTED_AT + MINUTE, MINUTE)
    asked = simulated.schedule(CONNECTED_AT + minutes * MINUTE)
    assert ("today.hours" in [piece.piece for piece in asked]) is again


@pytest.mark.parametrize(
    ("local", "first"),
    [("00:10", date(2026, 11, 21)), ("02:59", date(2026, 11, 21)), ("03:00", date(2026, 11, 22))],
)
def test_yesterday_is_read_with_today_until_three(local: str, first: date) -> None:
    """By the account's own clock; Meta is up to three hours late."""
    simulated = work()
    midnight = local_instant(date(2026, 11, 22), time(), NEW_YORK)
    simulated.run(midnight + MINUTE, midnight + 2 * MINUTE, MINUTE)
    now = local_instant(date(2026, 11, 22), time.fromisoformat(local), NEW_YORK) + 16 * MINUTE
    if local == "02:59":
        now -= 16 * MINUTE
    (today,) = [p for p in simulated.schedule(now) if p.piece == "today.hours"]
    assert (today.day_from, today.day_to) == (first, date(2026, 11, 22))


def test_at_three_the_last_seven_days_are_read_again_once() -> None:
    """Not at 02:59, and not a second time that day."""
    simulated = work()
    simulated.run(CONNECTED_AT, CONNECTED_AT + MINUTE, MINUTE)
    three = local_instant(date(2026, 11, 21), time(3), NEW_YORK)
    assert "restate" not in [p.reason for p in simulated.schedule(three - MINUTE)]
    asked = [p for p in simulated.schedule(three) if p.reason == "restate"]
    assert {(p.kind, p.day_from, p.day_to) for p in asked} == {
        (kind, date(2026, 11, 14), date(2026, 11, 20)) for kind in ("hours", "day")
    }
    simulated.read_all(three)
    assert "restate" not in [p.reason for p in simulated.schedule(three + 20 * HOUR)]


def test_a_demo_reads_the_last_28_days_every_few_minutes() -> None:
    """In spans of a week, of which none is longer than a page or two of an account."""
    simulated = work(DEMO)
    simulated.run(CONNECTED_AT, CONNECTED_AT + MINUTE, MINUTE)
    asked = simulated.schedule(CONNECTED_AT + 4 * MINUTE)
    spans = [p for p in asked if p.reason == "restate" and p.kind == "day"]
    days = sorted(d for p in spans if p.day_from and p.day_to for d in _days(p.day_from, p.day_to))
    assert days == days_between(date(2026, 10, 23), date(2026, 11, 19))


def test_days_without_a_poller_are_read_first() -> None:
    """From the day of the last read, which had not ended then, to the day before yesterday."""
    simulated = work()
    simulated.run(CONNECTED_AT, CONNECTED_AT + MINUTE, MINUTE)
    asked = simulated.schedule(CONNECTED_AT + 5 * DAY)
    assert [(p.piece, p.day_from, p.day_to) for p in asked[:3]] == [
        ("gap.day/2026-11-20", date(2026, 11, 20), date(2026, 11, 23)),
        ("gap.hours/2026-11-20", date(2026, 11, 20), date(2026, 11, 23)),
        ("today.day", date(2026, 11, 24), date(2026, 11, 25)),
    ]


def test_days_of_a_long_failure_are_asked_for_once() -> None:
    """The schedule looks every day while the token is dead: one more day is no other piece."""
    simulated = work()
    for number in range(15):
        simulated.schedule(CONNECTED_AT + number * DAY)
    spans = [(p.day_from, p.day_to) for p in simulated.pieces.values() if p.reason == "gap"]
    days = sorted(day for first, last in spans if first and last for day in _days(first, last))
    assert days == sorted(2 * days_between(date(2026, 11, 19), date(2026, 12, 2)))


def test_a_gap_that_was_read_grows_by_new_days_alone() -> None:
    """While today itself cannot be read, each day is missed, and read once."""
    simulated = work()
    for number in range(12):
        now = CONNECTED_AT + number * DAY
        simulated.schedule(now)
        simulated.throttle("today.hours", now + HOUR)
        for name in [p.piece for p in simulated.pieces.values() if p.reason == "gap"]:
            if simulated.pieces[name].state == "due":
                simulated.read(name, now)
    gaps = {day: len(read) for (kind, day), read in simulated.read_at.items() if kind == "hours"}
    assert gaps == dict.fromkeys(days_between(date(2026, 11, 19), date(2026, 11, 29)), 1)


def test_a_throttled_piece_takes_new_days_but_waits_on() -> None:
    """Midnight passes while it waits: it must neither read yesterday's days nor come too soon."""
    simulated = work()
    simulated.schedule(CONNECTED_AT)
    until = CONNECTED_AT + 30 * HOUR
    simulated.throttle("today.hours", until)
    simulated.schedule(CONNECTED_AT + 20 * HOUR)
    waiting = simulated.pieces["today.hours"]
    assert (waiting.day_to, waiting.due_at) == (date(2026, 11, 21), until)


def test_a_gap_is_remembered_until_today_is_read() -> None:
    """Else it would be found again at each round, and read for ever."""
    simulated = work()
    simulated.run(CONNECTED_AT, CONNECTED_AT + MINUTE, MINUTE)
    later = CONNECTED_AT + 2 * DAY
    simulated.schedule(later)
    gap = "gap.hours/2026-11-20"
    simulated.read(gap, later)
    simulated.schedule(later + MINUTE)
    assert simulated.pieces[gap].state == "done"
    simulated.read("today.hours", later + 2 * MINUTE)
    simulated.schedule(later + 3 * MINUTE)
    assert gap not in simulated.pieces


def test_the_schedule_asks_nothing_of_the_clock() -> None:
    """The same state and instant give the same pieces."""
    account = work().account
    assert due(account, [], CONNECTED_AT, SMALL) == due(account, [], CONNECTED_AT, SMALL)


def _days(first: date, last: date) -> list[date]:
    return days_between(first, last)[::-1]
