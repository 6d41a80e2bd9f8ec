"""What the sandbox's tests share: a shop on the desk, and a sandbox that runs."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sandbox.journal import Journal
from sandbox.shop.ledger import Ledger
from sandbox.shop.plan import AccountPlan, ShopPlan, demo_account
from tests.sandbox.running import Sandbox, running

START = date(2026, 8, 20)
NOW = "2026-11-18T19:23:41Z"  # a Wednesday afternoon in New York
DEMO = "700420170042"
KOLKATA = "700420170099"
SYDNEY = "700420170088"

EXTRA: tuple[dict[str, Any], ...] = (
    {"id": KOLKATA, "name": "Kolkata", "currency": "INR", "zone": "Asia/Kolkata", "campaigns": 5},
    {
        "id": SYDNEY, "name": "Lord Howe", "currency": "AUD", "zone": "Australia/Lord_Howe",
        "campaigns": 1, "adsets": 1,
    },
)  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal with nothing in it."""
    journal = Journal(tmp_path / "state")
    yield journal
    journal.close()


@pytest.fixture(scope="session")
def plan() -> ShopPlan:
    """The demo's shop with two more accounts, seed 7."""
    extra = (AccountPlan(**account) for account in EXTRA)
    return ShopPlan(7, START, 90, (demo_account("America/New_York"), *extra))


@pytest.fixture(scope="session")
def books(plan: ShopPlan, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The books of the demo's shop, nothing injected; for all tests that only read them."""
    return Ledger(plan, Journal(tmp_path_factory.mktemp("books")))


@pytest.fixture
def ledger(plan: ShopPlan, journal: Journal) -> Ledger:
    """Books that a test may change."""
    return Ledger(plan, journal)


@pytest.fixture(scope="session")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command line that runs the same shop."""
    accounts = tmp_path_factory.mktemp("accounts") / "accounts.json"
    accounts.write_text(json.dumps({"accounts": EXTRA}))
    return ("--seed", "7", "--start", START.isoformat(), "--accounts", str(accounts))


@pytest.fixture(scope="session")
def shared(
    tmp_path_factory: pytest.TempPathFactory, arguments: tuple[str, ...]
) -> Iterator[Sandbox]:
    """One running sandbox for all tests that leave it as they found it."""
    with running(tmp_path_factory.mktemp("sandbox"), *arguments) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    """The running sandbox, its clock held at NOW, no fault pending."""
    shared.order("clock", action="hold", at=NOW)
    shared.http.delete("/admin/faults")
    return shared
