"""What a watcher gets, and from where it goes on."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import api.live.feed as feeds
from processors.chunk import Chunk
from schemas.topics import Topic
from tests.api.serving import Served, streamed
from tests.readmodels.world import Account, World
from tests.streams.events import Message


def today() -> date:
    """The date of UTC now."""
    return datetime.now(UTC).date()


async def an_account(world: World, workspace: UUID, spend: int = 5_000_000) -> Account:
    """An account that delivered today."""
    account = await world.account(workspace)
    await world.happened(delivered(account, spend))
    return account


def delivered(account: Account, spend: int) -> Message:
    """A reading of today, newer than any before it."""
    return account.delivered(today(), {0: (spend, 100, 10, 5)}, at=datetime.now(UTC))


def spends(data: dict[str, Any]) -> list[int]:
    """Today's spend of each account."""
    return [each["spend_micros"] for each in data["today"]]


async def test_a_new_watcher_gets_a_snapshot(api: Served, world: World) -> None:
    """Today's totals, and the position that they include."""
    async with api.signed_up() as (client, workspace):
        await an_account(world, workspace)
        async with streamed(client) as stream:
            event = await stream.next()
    assert event.name == "snapshot"
    assert event.id == event.data["position"]
    assert "ad_windows.v" in event.id
    assert event.data["changed"] == []
    assert event.data["today"] == [
        {
            "provider": "meta",
            "account_id": "act_1",
            "day": str(today()),
            "currency": "USD",
            "spend_micros": 5_000_000,
            "impressions": 100,
            "clicks": 10,
            "link_clicks": 5,
        }
    ]


async def test_a_change_names_what_moved(api: Served, world: World) -> None:
    """Projection, account and dates; the figures include it."""
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        async with streamed(client) as stream:
            await stream.next()
            await world.happened(delivered(account, 7_000_000))
            event = await stream.until(lambda told: spends(told.data) != [5_000_000])
    assert event.name == "change"
    assert spends(event.data) == [7_000_000]
    assert event.data["changed"] == [
        {
            "projection": "ad_windows",
            "provider": "meta",
            "account_id": "act_1",
            "days": [str(today())],
        }
    ]


async def test_changes_come_at_most_every_200_ms(api: Served, world: World) -> None:
    """Twenty changes in a burst are a few payloads, the last of which holds the last figure."""
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        async with streamed(client) as stream:
            await stream.next()
            started = asyncio.get_running_loop().time()
            for spend in range(1, 21):
                await world.happened(delivered(account, spend * 1_000_000))
            seconds = asyncio.get_running_loop().time() - started
            events = [await stream.next()]
            while spends(events[-1].data) != [20_000_000]:
                events.append(await stream.next())
    assert len(events) <= seconds / 0.2 + 2


@pytest.mark.parametrize("by_query", [False, True])
async def test_who_has_seen_all_gets_nothing(api: Served, world: World, by_query: bool) -> None:
    """Resumed at the position held, by header or by query."""
    async with api.signed_up() as (client, workspace):
        await an_account(world, workspace)
        async with streamed(client) as stream:
            position = (await stream.next()).id
        async with streamed(client, position, by_query=by_query) as stream:
            await stream.nothing()


async def test_the_dashboards_position_is_one_to_resume_at(api: Served, world: World) -> None:
    """A page that has read the dashboard misses nothing and repeats nothing."""
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        answer = (await client.get("/dashboard/unified")).json()
        async with streamed(client, answer["meta"]["position"]) as stream:
            await world.happened(delivered(account, 9_000_000))
            event = await stream.next()
            assert event.name == "change"
            assert spends(event.data) == [9_000_000]


async def test_who_is_behind_or_unknown_gets_a_snapshot(api: Served, world: World) -> None:
    """One event missed, or a position that cannot be read."""
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        async with streamed(client) as stream:
            position = (await stream.next()).id
        await world.happened(delivered(account, 6_000_000))
        for at in (position, "nonsense"):
            async with streamed(client, at) as stream:
                event = await stream.next()
                assert event.name == "snapshot"
                assert spends(event.data) == [6_000_000]


async def test_who_is_ahead_must_forget_first(api: Served, world: World) -> None:
    """Offsets beyond ours, or of a partition that is gone: a topic was made anew."""
    async with api.signed_up() as (client, workspace):
        await an_account(world, workspace)
        async with streamed(client) as stream:
            position = (await stream.next()).id
        first, *others = position.split(",")
        name, _, offset = first.rpartition("=")
        ahead = ",".join([f"{name}={int(offset) + 1}", *others])
        gone = f"{position},{name.rpartition('/')[0]}/77=0"
        for at in (ahead, gone):
            async with streamed(client, at) as stream:
                assert [(await stream.next()).name, (await stream.next()).name] == [
                    "reset",
                    "snapshot",
                ]


async def test_another_workspaces_changes_are_not_told(api: Served, world: World) -> None:
    """Neither its figures nor, at once, that a position moved: else all pages would hear of all."""
    async with api.signed_up() as (mine, my_workspace), api.signed_up() as (other, their_workspace):
        await an_account(world, my_workspace, 5_000_000)
        theirs = await an_account(world, their_workspace, 1_000_000)
        async with streamed(mine) as my_stream, streamed(other) as their_stream:
            assert spends((await my_stream.next()).data) == [5_000_000]
            assert spends((await their_stream.next()).data) == [1_000_000]
            await world.happened(delivered(theirs, 2_000_000))
            await their_stream.until(lambda told: spends(told.data) == [2_000_000])
            await my_stream.nothing(2.5)


async def test_a_position_that_others_moved_is_told_in_time(
    api: Served, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a page that comes back is not sent a snapshot of what it has; nothing is named."""
    monkeypatch.setattr(feeds, "OTHERS_MAY_WAIT", timedelta(seconds=0.5))
    async with api.signed_up() as (mine, my_workspace), api.signed_up() as (_, their_workspace):
        await an_account(world, my_workspace)
        async with streamed(mine) as stream:
            before = await stream.next()
            await an_account(world, their_workspace)
            moved = await stream.next()
        async with streamed(mine, moved.id) as stream:
            await stream.nothing()
    assert (moved.name, moved.data["changed"]) == ("change", [])
    assert moved.data["today"] == before.data["today"]
    assert moved.id != before.id


async def test_figures_that_moved_untold_are_a_snapshot(
    api: Served, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notification that never came costs time, and nothing else."""
    monkeypatch.setattr(feeds, "OTHERS_MAY_WAIT", timedelta(seconds=0.5))
    monkeypatch.setattr(api.app.state.hub.listener, "_on_notification", lambda _: None)
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        async with streamed(client) as stream:
            await stream.next()
            await world.happened(delivered(account, 7_000_000))
            event = await stream.next()
    assert (event.name, spends(event.data)) == ("snapshot", [7_000_000])


async def test_what_commits_late_is_delivered_after_a_resume(api: Served, world: World) -> None:
    """R20: one partition's transaction stays open while another's commits and is told.

    A client that resumes at what it was told then still gets the late one: its position counts
    partitions one by one, and never passes what was not yet committed.
    """
    async with api.signed_up() as (client, workspace):
        first, second = await two_partitions(world, workspace)
        await world.happened(delivered(first, 1_000_000), delivered(second, 2_000_000))
        async with streamed(client) as stream:
            await stream.next()
            holder = await asyncpg.connect(world.database.superuser)
            late = asyncio.create_task(_held(world, holder, delivered(first, 10_000_000)))
            await asyncio.sleep(0.3)
            await world.happened(delivered(second, 20_000_000))
            event = await stream.until(lambda told: 20_000_000 in spends(told.data))
            assert sorted(spends(event.data)) == [1_000_000, 20_000_000]
        async with streamed(client, event.id) as stream:
            await stream.nothing(0.3)
            await late
            seen = await stream.next()
            assert sorted(spends(seen.data)) == [10_000_000, 20_000_000]
        await holder.close()


async def _held(world: World, holder: Any, message: Message) -> None:
    """Project a message while its offset row is locked for a second and a half."""
    lock = holder.transaction()
    await lock.start()
    await holder.execute(
        "SELECT 1 FROM processing.projection_offset WHERE topic = $1 AND partition = $2 FOR UPDATE",
        message.topic,
        message.partition,
    )
    arrived = world.spec._arrived([message])
    [record] = arrived
    chunk = Chunk(Topic(record.topic), record.partition, record.offset, record.offset + 1, arrived)
    projecting = asyncio.create_task(world.spec._projector.project(chunk))
    await asyncio.sleep(1.5)
    await lock.rollback()
    await projecting


async def two_partitions(world: World, workspace: UUID) -> tuple[Account, Account]:
    """Two accounts of a workspace whose events lie in different partitions."""
    first = await world.account(workspace, "act_1")
    here = delivered(first, 1).partition
    for number in range(2, 50):
        second = await world.account(workspace, f"act_{number}")
        if delivered(second, 1).partition != here:
            return first, second
    raise AssertionError("all accounts lie in one partition")


async def end_listeners(world: World) -> None:
    """Close the listening connections of this database."""
    superuser = await asyncpg.connect(world.database.superuser)
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'metricx api listener' AND datname = current_database()"
    )
    await superuser.close()


async def test_a_lost_listener_comes_back_and_tells_all(api: Served, world: World) -> None:
    """What was said while nobody listened is made good by a snapshot."""
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        async with streamed(client) as stream:
            await stream.next()
            await end_listeners(world)
            await world.happened(delivered(account, 8_000_000))
            event = await stream.until(lambda told: told.name == "snapshot")
    assert spends(event.data) == [8_000_000]


async def test_yesterday_is_not_today(api: Served, world: World) -> None:
    """Restatements of past dates are told, but are no part of today's totals."""
    async with api.signed_up() as (client, workspace):
        account = await an_account(world, workspace)
        day = today() - timedelta(days=3)
        async with streamed(client) as stream:
            await stream.next()
            await world.happened(account.delivered(day, {0: 1_000_000}, at=datetime.now(UTC)))
            event = await stream.until(lambda told: told.data["changed"][0]["days"] == [str(day)])
    assert spends(event.data) == [5_000_000]
