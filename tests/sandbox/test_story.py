"""Which shop a state directory tells of."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

import pytest

from sandbox.journal import Journal
from sandbox.shop.plan import PlanError, ShopPlan, default_accounts, demo_account
from sandbox.story import Asked, settled_plan
from tests.sandbox.conftest import DEMO
from tests.sandbox.running import Sandbox, running

ZONE = "America/New_York"
_AGO = {"seed": 9, "start": "2026-08-20", "days": 30}


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox without any argument, until the module ends."""
    with running(tmp_path_factory.mktemp("default")) as sandbox:
        yield sandbox


def test_the_default_shop_has_three_accounts(default: Sandbox) -> None:
    """The demo's first; one in euros and Berlin; one that is disabled."""
    fields = "name,account_status,currency,timezone_name"
    told = default.rows("me/adaccounts", fields=fields, limit="1")
    assert [tuple(account.values())[:4] for account in told] == [
        ("Defang Labs", 1, "USD", ZONE),
        ("Northwind Coffee", 1, "EUR", "Europe/Berlin"),
        ("Closed Outlet", 2, "USD", ZONE),
    ]
    assert told[0]["id"] == f"act_{DEMO}"
    assert default.tell("health")["accounts"][0]["account_id"] == DEMO


def test_northwind_is_smaller_and_spends_and_the_closed_one_does_not(default: Sandbox) -> None:
    """Over the last days, by the truth."""
    start = date.fromisoformat(default.tell("health")["start"])
    span = {"from": str(start), "to": str(start), "levels": "campaign", "hours": "false"}
    demo, northwind, closed = default.tell("truth", **span)["accounts"]
    assert demo["totals"]["spend_micros"] > 5 * northwind["totals"]["spend_micros"] > 0
    assert len(northwind["rows"]) >= 2
    assert closed["rows"] == []
    assert default.rows(f"act_{closed['account_id']}/campaigns") == []


def test_the_demos_account_is_the_same_beside_others(journal: Journal) -> None:
    """Alone or not: its plan, on which its figures depend, is one and the same."""
    assert default_accounts(ZONE)[0] == demo_account(ZONE)


def test_a_story_of_one_account_goes_on_without_arguments(journal: Journal) -> None:
    """As it was recorded before there were more, with its seed and days."""
    account = asdict(demo_account(ZONE))
    del account["catalogue"], account["closed"]
    journal.append({"kind": "world", **_AGO, "accounts": [account]})
    wanted = ShopPlan(9, date(2026, 8, 20), 30, (demo_account(ZONE),))
    assert settled_plan(journal, Asked()) == wanted
    assert settled_plan(journal, Asked(seed=9, days=30, zone=ZONE)) == wanted


@pytest.mark.parametrize(
    "asked",
    [
        Asked(seed=8),
        Asked(days=31),
        Asked(start=date(2026, 8, 21)),
        Asked(zone="Europe/Berlin"),
        Asked(accounts=default_accounts(ZONE)),
    ],
)
def test_another_story_than_the_recorded_one_is_refused(journal: Journal, asked: Asked) -> None:
    """Instead of figures that jump."""
    plan = ShopPlan(9, date(2026, 8, 20), 30, (demo_account(ZONE),))
    journal.append({"kind": "world", **plan.as_record()})
    with pytest.raises(PlanError, match="another shop"):
        settled_plan(journal, asked)
