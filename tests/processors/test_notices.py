"""What listeners are told fits into a notification, whatever accounts are called."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from processors.notices import notice
from processors.projection import Change
from processors.projections.ad_windows import projection

REFUSED_BYTES = 8_000  # of PostgreSQL
DAYS = [date(2026, 3, day) for day in range(1, 31)]


def test_a_notice_names_accounts_and_days() -> None:
    """Each account once, its days in order."""
    space = UUID(int=1)
    said = msgspec.json.decode(
        notice(projection, [Change(space, "meta", "act_1", day) for day in reversed(DAYS[:2])])
    )
    assert said == {
        "projection": "ad_windows",
        "changes": [
            {
                "workspace_id": str(space),
                "provider": "meta",
                "account_id": "act_1",
                "days": ["2026-03-01", "2026-03-02"],
            }
        ],
    }


@pytest.mark.parametrize("letter", ["a", "é", "広", "❄", "🛒"])
@pytest.mark.parametrize("accounts", [1, 15, 30, 60])
def test_a_notice_is_never_longer_than_postgresql_takes(letter: str, accounts: int) -> None:
    """The limit is one of bytes: an id of 128 characters may be 512 of them."""
    ids = [f"{number:03}{letter * 125}" for number in range(accounts)]
    changes = [Change(UUID(int=1), "meta", account, DAYS[0]) for account in ids]
    assert len(notice(projection, changes).encode()) < REFUSED_BYTES


def test_workspaces_are_named_where_their_days_do_not_fit() -> None:
    """And nobody is where not even these fit: then everyone looks."""
    few = [Change(UUID(int=n), "meta", f"act_{n}", day) for n in range(30) for day in DAYS]
    assert len(msgspec.json.decode(notice(projection, few))["workspaces"]) == 30
    many = [Change(UUID(int=n), "meta", "act", DAYS[0]) for n in range(1_000)]
    assert msgspec.json.decode(notice(projection, many))["workspaces"] is None
