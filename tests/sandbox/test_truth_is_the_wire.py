"""What a client reads at an instant is the truth of that instant, to the last micro."""

from datetime import date

import pytest

from sandbox.shop.ledger import Ledger
from tests.sandbox.conftest import DEMO, KOLKATA, SYDNEY
from tests.sandbox.running import Sandbox
from tests.sandbox.truth import read_by_wire, told_truth

LEVELS = ("account", "campaign", "adset", "ad")


@pytest.mark.parametrize(
    ("account_id", "day"),
    [
        (DEMO, "2026-11-18"),  # today, unfinished
        (DEMO, "2026-11-17"),
        (DEMO, "2026-11-01"),  # 25 hours
        (DEMO, "2026-08-20"),  # the first day
        (DEMO, "2026-09-13"),
        (KOLKATA, "2026-11-19"),  # today, already, in Kolkata
        (KOLKATA, "2026-10-04"),
        (SYDNEY, "2026-10-04"),  # a label of half an hour
    ],
)
@pytest.mark.parametrize("level", LEVELS)
def test_truth_is_what_the_hourly_and_the_daily_call_say(
    sandbox: Sandbox, account_id: str, day: str, level: str
) -> None:
    """Hours, days and conversions of each entity, at each level."""
    truth = told_truth(sandbox, account_id, day, level)
    assert truth
    assert read_by_wire(sandbox, account_id, day, level) == truth


def test_hours_add_up_to_the_day(sandbox: Sandbox) -> None:
    """In the truth, for each measure."""
    for row in told_truth(sandbox, DEMO, "2026-11-17", "ad").values():
        assert row["day"] == [sum(column) for column in zip(*row["hours"], strict=True)][1:]


@pytest.mark.parametrize("level", LEVELS)
def test_levels_add_up_to_the_account(sandbox: Sandbox, level: str) -> None:
    """Each level's rows sum to the range's totals."""
    span = {"account_id": DEMO, "from": "2026-11-10", "to": "2026-11-12"}
    (account,) = sandbox.tell("truth", **span, levels=level)["accounts"]
    for measure in ("spend_micros", "impressions", "clicks", "link_clicks"):
        total = sum(row[measure] for row in account["rows"])
        assert total == account["totals"][measure]
        assert total == sum(campaign[measure] for campaign in account["campaigns"])
        assert total == sum(day[measure] for day in account["days"])


def test_truth_names_the_calendar(sandbox: Sandbox) -> None:
    """New York's longest day starts at four, and its label 1 lasts two hours."""
    span = {"account_id": DEMO, "from": "2026-11-01", "to": "2026-11-01"}
    (account,) = sandbox.tell("truth", **span)["accounts"]
    (day,) = account["days"]
    assert day["day_starts_at"] == "2026-11-01T04:00:00Z"
    assert day["hour_seconds"] == [3600, 7200, *[3600] * 22]


def test_truth_is_that_of_the_books(sandbox: Sandbox, books: Ledger) -> None:
    """A ledger of the same plan, in this process, holds the same figures."""
    instant = 1795029821  # NOW
    day = date(2026, 11, 18)
    spent = {ad.id: books.spend_micros(ad, day, instant) for ad in books.world.accounts[DEMO].ads()}
    truth = told_truth(sandbox, DEMO, "2026-11-18", "ad")
    assert {ad_id: row["day"][0] for ad_id, row in truth.items()} == {
        ad_id: micros for ad_id, micros in spent.items() if micros
    }
