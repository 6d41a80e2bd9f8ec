"""Today's totals, on the date that each account's own calendar shows."""

from datetime import UTC, date, datetime

import pytest

from readmodels.queries.currencies import shown
from readmodels.queries.today import today_totals
from tests.readmodels.conftest import Reading
from tests.readmodels.world import World


async def test_every_account_has_its_own_today(world: World, reading: Reading) -> None:
    """At 02:30 in UTC: the 20th in Tokyo, still the 19th in New York, and neither's other dates."""
    workspace = await world.workspace()
    tokyo = await world.account(workspace, "act_t", zone="Asia/Tokyo")
    new_york = await world.account(workspace, "act_n", zone="America/New_York")
    now = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    await world.happened(
        tokyo.described(now),
        new_york.described(now),
        tokyo.delivered(date(2026, 11, 19), {9: 1_000_000}),
        tokyo.delivered(date(2026, 11, 20), {9: (2_000_000, 30, 4, 1)}, at=now),
        new_york.delivered(date(2026, 11, 18), {9: 4_000_000}),
        new_york.delivered(date(2026, 11, 19), {9: (8_000_000, 50, 6, 2)}, at=now),
    )
    async with reading(workspace) as db:
        found = await today_totals(db, "UTC", now)
    assert [(row.account_id, str(row.day), row.spend_micros, row.clicks) for row in found] == [
        ("act_n", "2026-11-19", 8_000_000, 6),
        ("act_t", "2026-11-20", 2_000_000, 4),
    ]


async def test_an_account_not_described_yet_has_the_workspaces_calendar(
    world: World, reading: Reading
) -> None:
    """At 20:00 in UTC it is tomorrow in Tokyo."""
    workspace = await world.workspace("Asia/Tokyo")
    account = await world.account(workspace, zone="Asia/Tokyo")
    now = datetime(2026, 11, 20, 20, tzinfo=UTC)
    await world.happened(account.delivered(date(2026, 11, 21), {1: 1_000_000}, at=now))
    async with reading(workspace) as db:
        assert [row.spend_micros for row in await today_totals(db, "Asia/Tokyo", now)] == [
            1_000_000
        ]
        assert await today_totals(db, "UTC", now) == []


@pytest.mark.parametrize(
    ("accounts", "wanted"),
    [
        ([], ("USD", [])),
        (["USD", "EUR"], ("USD", ["EUR"])),
        (["EUR", "EUR", "CHF"], ("EUR", ["CHF"])),
        (["EUR", "CHF"], ("CHF", ["EUR"])),
    ],
)
def test_the_currency_that_is_shown(accounts: list[str], wanted: tuple[str, list[str]]) -> None:
    """The workspace's own if any account has it, else the one that most have."""
    assert shown("USD", accounts) == wanted
