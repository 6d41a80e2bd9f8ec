"""The shop's figures: pure, exact, growing, and now and then taken back."""

import hashlib
from datetime import date, timedelta
from itertools import pairwise

import pytest

from sandbox.shop.ad_day import AdDay, Figures, draw
from sandbox.shop.calendar import days_between, local_day
from sandbox.shop.changes import Added, Replaced, Scaled
from sandbox.shop.corrections import OPEN_DAYS
from sandbox.shop.hours import MICROS_PER_CENT, Hour
from sandbox.shop.ledger import Ledger
from sandbox.shop.world import Account, Ad
from tests.sandbox.conftest import DEMO, KOLKATA, START

DAY = date(2026, 11, 18)
_FOREVER = 4_000_000_000


def _account(ledger: Ledger, account_id: str = DEMO) -> Account:
    return ledger.world.accounts[account_id]


def _busy_ad(ledger: Ledger) -> Ad:
    return next(_account(ledger).ads())


def _everything(ledger: Ledger, instant: int, days: list[date]) -> list[tuple[str, date, Figures]]:
    ads = [ad for account in ledger.world.accounts.values() for ad in account.ads()]
    return [(ad.id, day, ledger.figures(ad, day, instant)) for ad in ads for day in days]


def _digest(ledger: Ledger, instant: int) -> str:
    told = [
        (ad_id, day.isoformat(), figures.hours, sorted(figures.conversions.items()))
        for ad_id, day, figures in _everything(ledger, instant, days_between(START, DAY))
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def test_the_demo_has_enough_to_look_at(books: Ledger) -> None:
    """At least 6 campaigns, 15 ad sets, 40 ads; all goals; some paused, one archived."""
    account = _account(books)
    adsets, ads = list(account.adsets()), list(account.ads())
    assert len(account.campaigns) >= 6
    assert len(adsets) >= 15
    assert len(ads) >= 40
    now = local_day(account.zone, DAY).starts_at
    states = {campaign.history.at(now) for campaign in account.campaigns}
    assert states == {"ACTIVE", "PAUSED", "ARCHIVED"}
    objectives = {campaign.objective for campaign in account.campaigns}
    wanted = {"SALES", "LEADS", "APP_PROMOTION", "TRAFFIC"}
    assert objectives == {f"OUTCOME_{objective}" for objective in wanted}


def test_figures_are_those_that_any_machine_draws(books: Ledger) -> None:
    """A digest frozen here: a change of any draw, on any machine, shows."""
    assert (
        _digest(books, local_day("America/New_York", DAY).starts_at + 50_000) == "6706386a5576779f"
    )


def test_what_was_asked_before_does_not_matter(books: Ledger) -> None:
    """A day that remembers its last answer, walked along and back, says what a fresh one says."""
    layout = local_day("America/New_York", date(2026, 10, 6))
    index = (layout.day - START).days
    steps = range(layout.starts_at - 3600, layout.starts_at + 30 * 86_400, 5 * 3600 + 7)
    for ad in list(_account(books).ads())[::4]:
        drawn = draw(books.plan.seed, ad, "America/New_York", layout, index, books.plan.days)
        restless = AdDay(drawn)
        for instant in (*steps, *reversed(steps)):
            assert restless.at(instant) == AdDay(drawn).at(instant)


def test_an_hour_grows_second_by_second(books: Ledger) -> None:
    """Never less than a second before; counts nest; money is whole cents; it does move."""
    ad = _busy_ad(books)
    layout = local_day("America/New_York", DAY)
    seen = [books.figures(ad, DAY, layout.hour_starts[14] + second) for second in range(3600)]
    hours = [
        next((hour for hour in figures.hours if hour.label == 14), Hour(14, 0, 0, 0, 0))
        for figures in seen
    ]
    for before, after in pairwise(hours):
        assert after.spend_micros >= before.spend_micros
        assert after.impressions >= before.impressions
        assert after.impressions >= after.clicks >= after.link_clicks
        assert after.spend_micros % MICROS_PER_CENT == 0
    assert len({hour.spend_micros for hour in hours}) > 100
    assert hours[0].is_empty


@pytest.mark.parametrize(
    ("day", "odd", "seconds"), [(date(2026, 11, 1), 1, 7200), (date(2027, 3, 14), 2, 0)]
)
def test_a_label_is_worth_its_seconds(books: Ledger, day: date, odd: int, seconds: int) -> None:
    """An hour said twice spends about twice as much; a skipped one nothing."""

    def spent(on: date) -> int:
        return sum(
            hour.spend_micros
            for ad in _account(books).ads()
            for hour in books.figures(ad, on, _FOREVER).hours
            if hour.label == odd
        )

    assert local_day("America/New_York", day).hour_seconds[odd] == seconds
    ordinary = (spent(day - timedelta(days=7)) + spent(day + timedelta(days=7))) // 2
    assert ordinary * seconds * 7 // 36_000 <= spent(day) <= ordinary * seconds * 13 // 36_000


def test_conversions_go_on_arriving_for_weeks(books: Ledger) -> None:
    """A date's conversions grow after a day, after a week, and after two."""
    day, zone = date(2026, 9, 15), "America/New_York"
    ends_at = local_day(zone, day).ends_at

    def known(days_later: int) -> int:
        instant = ends_at + days_later * 86_400
        return sum(
            count
            for ad in _account(books).ads()
            for (_, _, window), (count, _) in books.figures(ad, day, instant).conversions.items()
            if window == "28d_click"
        )

    assert known(0) < known(1) < known(7) < known(14) < known(25)


def test_all_goals_and_windows_occur(books: Ledger) -> None:
    """Purchases, leads and installs; default is 7 days of clicks and one of views."""
    tallies = dict[tuple[str, str], int]()
    for _, _, figures in _everything(books, _FOREVER, days_between(START, DAY)):
        for (goal, _, window), (count, _) in figures.conversions.items():
            tallies[goal, window] = tallies.get((goal, window), 0) + count
    for goal in ("purchase", "lead", "install"):
        one_day, week, month = (tallies[goal, f"{days}d_click"] for days in (1, 7, 28))
        assert 0 < one_day < week < month
        assert tallies[goal, "default"] == week + tallies[goal, "1d_view"]
        assert tallies[goal, "1d_ev"] > 0


def test_some_hours_fall_and_some_days_vanish(books: Ledger) -> None:
    """Between the day's end and its close, hours are lowered and whole rows disappear."""
    lowered = vanished = 0
    for ad in _account(books).ads():
        for day in days_between(START, date(2026, 10, 10)):
            ends_at = local_day("America/New_York", day).ends_at
            before, after = (books.figures(ad, day, at) for at in (ends_at, _FOREVER))
            spent = {hour.label: hour.spend_micros for hour in after.hours}
            vanished += bool(before.hours) and not after.hours
            lowered += any(hour.spend_micros > spent.get(hour.label, 0) for hour in before.hours)
    assert lowered > 50
    assert vanished > 3


def test_a_closed_date_never_changes_by_itself(books: Ledger) -> None:
    """From local midnight 27 days later on, everything stays."""
    for account_id in (DEMO, KOLKATA):
        account = _account(books, account_id)
        for day in (date(2026, 9, 1), date(2026, 9, 30)):
            closed = local_day(account.zone, day + timedelta(days=OPEN_DAYS)).starts_at
            for ad in account.ads():
                assert books.figures(ad, day, closed) == books.figures(ad, day, _FOREVER)


def test_a_paused_campaign_spent_before_and_not_after(books: Ledger) -> None:
    """The archived campaign has a past and no present."""
    archived = next(c for c in _account(books).campaigns if "Summer" in c.name)
    ads = list(archived.ads())
    assert all(books.spend_micros(ad, START, _FOREVER) > 0 for ad in ads)
    assert not any(books.spend_micros(ad, DAY, _FOREVER) for ad in ads)


def test_changes_lie_over_one_another_in_order(ledger: Ledger) -> None:
    """Spend, then half, then spend again, then new figures: as one can work out by hand."""
    ad = _busy_ad(ledger)
    noon = local_day("America/New_York", DAY).hour_starts[12]
    more = Hour(9, 1_230_000, 10, 3, 2)
    natural = {hour.label: hour for hour in ledger.figures(ad, DAY, noon).hours}[9]
    ledger.inject(Added(noon, ad.id, DAY, more))
    ledger.inject(Scaled(noon + 10, ad.id, DAY, 9, 500_000, "all"))
    ledger.inject(Added(noon + 20, ad.id, DAY, more))
    ledger.inject(Replaced(noon + 30, ad.id, DAY, True, (more,), None))

    def at(second: int) -> Hour:
        hours = ledger.figures(ad, DAY, noon + second).hours
        return next(hour for hour in hours if hour.label == 9)

    assert at(-1) == natural
    assert at(0).spend_micros == natural.spend_micros + 1_230_000
    half = (natural.spend_micros + 1_230_000) // MICROS_PER_CENT // 2 * MICROS_PER_CENT
    assert at(10).spend_micros == half
    assert at(10).impressions == (natural.impressions + 10) // 2
    assert at(20).spend_micros == half + 1_230_000
    assert ledger.figures(ad, DAY, noon + 30).hours == (more,)
