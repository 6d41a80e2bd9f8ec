"""Today is over at midnight, though no event says so."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import api.live.dates as dates
from accounts.audit import Actor
from accounts.database import engine
from api.live.client import Client
from api.live.feed import Feed
from tests.api.serving import Event, Served, streamed
from tests.readmodels.world import World
from tests.servers.databases import Database

DAY, NEXT = date(2026, 11, 20), date(2026, 11, 21)


@dataclass
class Clock:
    """The live feed's clock, which stands where it was set."""

    now: datetime


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A minute to midnight in UTC."""
    made = Clock(datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    monkeypatch.setattr(dates, "utc_now", lambda: made.now)
    return made


@pytest.fixture
async def reader(module_database: Database) -> AsyncIterator[AsyncEngine]:
    """An engine of the reader's role."""
    made = engine(module_database.reader)
    yield made
    await made.dispose()


def days(told: dict[str, Any]) -> list[tuple[str, str]]:
    """The accounts that have figures of today, with its date."""
    return [(each["account_id"], each["day"]) for each in told["today"]]


def begins(day: str) -> Callable[[Event], bool]:
    """What tells that a date began; the notification of figures before it may still come first."""
    return lambda told: [day] in [each["days"] for each in told.data["changed"]]


async def test_watchers_are_told_that_a_date_is_over(
    api: Served, world: World, clock: Clock
) -> None:
    """Once, with the date that began: pages fetch again what ends today."""
    async with api.signed_up() as (client, workspace):
        account = await world.account(workspace)
        await world.happened(account.delivered(DAY, {9: 5_000_000}, at=clock.now))
        async with streamed(client) as stream:
            assert days((await stream.next()).data) == [("act_1", "2026-11-20")]
            clock.now = datetime(2026, 11, 21, tzinfo=UTC)
            event = await stream.until(begins("2026-11-21"))
            await stream.nothing(1.5)
    assert (event.name, days(event.data)) == ("change", [])
    began = {"projection": "ad_windows", "provider": None, "account_id": None}
    assert {**began, "days": ["2026-11-21"]} in event.data["changed"]


async def test_each_account_turns_at_its_own_midnight(
    api: Served, world: World, clock: Clock
) -> None:
    """The 21st begins in Tokyo at 15:00 in UTC: its figures count there, the 20th's no more."""
    clock.now = datetime(2026, 11, 20, 14, 59, tzinfo=UTC)
    async with api.signed_up() as (client, workspace):
        tokyo = await world.account(workspace, "act_t", zone="Asia/Tokyo")
        here = await world.account(workspace, "act_u")
        await world.happened(
            tokyo.described(clock.now),
            tokyo.delivered(DAY, {9: 1_000_000}),
            tokyo.delivered(NEXT, {0: 2_000_000}),
            here.delivered(DAY, {9: 4_000_000}, at=clock.now),
        )
        async with streamed(client) as stream:
            assert days((await stream.next()).data) == [
                ("act_t", "2026-11-20"),
                ("act_u", "2026-11-20"),
            ]
            clock.now = datetime(2026, 11, 20, 15, 1, tzinfo=UTC)
            event = await stream.until(begins("2026-11-21"))
    assert days(event.data) == [("act_t", "2026-11-21"), ("act_u", "2026-11-20")]


async def test_a_page_loaded_after_midnight_gets_no_yesterday(
    world: World, reader: AsyncEngine, clock: Clock
) -> None:
    """Though somebody else watches since before it, who is told a moment later."""
    workspace = await world.workspace()
    account = await world.account(workspace)
    await world.happened(account.delivered(DAY, {9: 5_000_000}, at=clock.now))
    feed = Feed(reader, workspace, "UTC")
    early, late = watcher(workspace), watcher(workspace)
    await feed.join(early, None)
    clock.now = datetime(2026, 11, 21, 0, 0, 30, tzinfo=UTC)
    await feed.join(late, None)
    await feed._publish_once()
    feed.stop()
    assert await told(late) == [("snapshot", []), ("change", [])]
    assert await told(early) == [("snapshot", [("act_1", "2026-11-20")]), ("change", [])]


def watcher(workspace: UUID) -> Client:
    """Somebody who watches without a browser."""
    return Client(workspace, Actor("user", UUID(int=1)), "")


async def told(client: Client) -> list[tuple[str, list[tuple[str, str]]]]:
    """The events that wait for a watcher, with the dates of their figures."""
    client.close()
    text = b"".join([chunk async for chunk in client.messages()]).decode()
    events = [
        dict(line.split(": ", 1) for line in each.split("\n")) for each in text.split("\n\n")[:-1]
    ]
    return [
        (event["event"], days(msgspec.json.decode(event["data"])))
        for event in events
        if "event" in event
    ]
