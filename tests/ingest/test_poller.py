"""The whole poller on the sandbox, Kafka and PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import update
from structlog.testing import capture_logs

from accounts.database import transaction
from accounts.tables.linked import poll_work
from ingest.account_day import today_in
from ingest.poller import run
from ingest.schedule import Policy
from schemas.ad_entities import AdEntity
from schemas.ad_metrics import HoursObservation
from schemas.topics import Topic, account_key, partition_of, workspace_key
from tests.api.signing_in import key_ring
from tests.ingest.polling import NEVER, QUIET, TODAY_READ, Polling, all_done, polling
from tests.ingest.topic_content import content
from tests.ingest.truth import told_by, truth
from tests.sandbox.running import Sandbox
from tests.servers.databases import Database

DAY = timedelta(days=1)
EAGER = Policy(
    today_every=timedelta(seconds=0.5),
    entities_every=NEVER,
    restate_every=NEVER,
    backfill_days=12,
    span_days=5,
)


async def test_the_topic_tells_the_sandboxs_truth(linked: Polling) -> None:
    """Ninety days or twelve: backfill, today, a change and a restatement, to the last micro."""
    today = today_in(ZoneInfo("America/New_York"), datetime.now(UTC))
    first = today - 12 * DAY
    async with linked.running(EAGER):
        pieces = await linked.until(lambda pieces: "backfill.day/2" in "".join(pieces))
        backfill = [name for name, state in pieces.items() if state.reason == "backfill"]
        await linked.until(all_done(*backfill))
        spent = linked.sandbox.order("spend", spend="12.34", clicks=3)
        before = datetime.now(UTC)
        await linked.until(
            lambda pieces: all(
                datetime.fromisoformat(pieces[name].cursor["observed_at"]) > before
                for name in ("today.hours", "today.day")
            )
        )
    lying = await content(linked.bootstrap, linked.prefix, Topic.AD_METRICS)
    told = told_by(each.event for each in lying)
    assert told == truth(linked.sandbox, linked.account_id, first, today)
    assert (spent["ad_id"], spent["day"]) in told

    key = account_key(linked.workspace_id, "meta", linked.account_id)
    assert {each.key for each in lying} == {key}
    assert {each.partition for each in lying} == {partition_of(Topic.AD_METRICS, key)}


async def test_a_reading_that_has_not_changed_is_published_again(linked: Polling) -> None:
    """The newest register must know that it was seen, and when."""
    async with linked.running(EAGER):
        await linked.until(TODAY_READ)
        await asyncio.sleep(1.5)
    readings = [
        event
        for event in await linked.published(Topic.AD_METRICS)
        if isinstance(event, HoursObservation) and event.body.hours
    ]
    figures = {(event.body.ad_id, event.body.day, event.body.hours) for event in readings}
    assert len({event.event_id for event in readings}) == len(readings)
    assert len(readings) > len(figures)


async def test_a_run_tells_what_was_read_and_published(linked: Polling) -> None:
    """Its events are what lies in the topic of its instant; it lies with its workspace."""
    async with linked.running(QUIET):
        await linked.until(TODAY_READ)
    (today,) = [each for each in await linked.runs() if each.piece == "today.hours"]
    events = await linked.published(Topic.AD_METRICS)
    told = [event for event in events if event.occurred_at == today.observed_at]
    assert (today.outcome, today.events, today.reason) == ("ok", len(told), None)
    assert today.rows > today.events
    assert today.days is not None
    assert today.started_at <= (today.observed_at or today.started_at) < today.finished_at

    lying = await content(linked.bootstrap, linked.prefix, Topic.SYNC_RUNS)
    key = workspace_key(linked.workspace_id)
    assert {(each.key, each.partition) for each in lying} == {
        (key, partition_of(Topic.SYNC_RUNS, key))
    }


async def test_the_entities_of_a_new_connection_tell_its_zone(linked: Polling) -> None:
    """Before that, no day can be asked for."""
    assert (await linked.connection()).zone is None
    async with linked.running(QUIET):
        await linked.until(TODAY_READ)
    learnt = await linked.connection()
    assert (learnt.zone, learnt.currency) == ("America/New_York", "USD")
    levels = [
        event.body.level
        for event in await linked.published(Topic.AD_ENTITIES)
        if isinstance(event, AdEntity)
    ]
    assert {level: levels.count(level) for level in levels} == {
        "account": 1,
        "campaign": 2,
        "adset": 4,
        "ad": 8,
    }


async def test_a_connection_without_a_token_is_not_read(
    kafka_bootstrap: str, topics: str, database: Database, shop: Sandbox
) -> None:
    """It fails, and says what to do; no token of others ever serves it."""
    async with polling(kafka_bootstrap, topics, database, shop, token=None) as bare:
        async with bare.running(QUIET):
            await bare.until(lambda pieces: any(s.last_error for s in pieces.values()))
            await asyncio.sleep(0.3)
        assert {run.outcome for run in await bare.runs()} == {"failed"}
        assert await bare.published(Topic.AD_ENTITIES) == []
        assert (await bare.connection()).next_step == "Connect the account again."


async def test_a_poller_that_lost_its_lease_ends_its_read(linked: Polling) -> None:
    """Another has the piece by now: its cursor is not touched, and no run is told."""
    linked.sandbox.order("faults", kind="slow", seconds=5, times=9, match="/campaigns")
    with capture_logs() as logs:
        async with linked.running(QUIET, lease_seconds=1.5):
            await linked.until(lambda pieces: any(s.lease_until for s in pieces.values()))
            other, until = uuid4(), datetime.now(UTC) + timedelta(minutes=5)
            await _take_away(linked, other, until)
            await asyncio.sleep(1.5)
            assert "lease lost" in [line["event"] for line in logs]
            state = (await linked.pieces())["entities"]
    assert (state.cursor, state.lease_until) == (None, until)
    assert await linked.runs() == []


async def test_a_stopping_poller_gives_its_piece_back(linked: Polling) -> None:
    """Another takes it at once, not when the lease has run out; and nobody waits ten seconds."""
    linked.sandbox.order("faults", kind="slow", seconds=8, times=9, match="/campaigns")
    loop = asyncio.get_running_loop()
    async with linked.running(QUIET):
        await linked.until(lambda pieces: any(s.lease_until for s in pieces.values()))
        began = loop.time()
    assert loop.time() - began < 5
    state = (await linked.pieces())["entities"]
    assert (state.state, state.lease_until) == ("due", None)
    assert state.due_at <= datetime.now(UTC)


async def test_two_pollers_share_the_work(linked: Polling) -> None:
    """No piece is read twice at a time: its runs do not overlap."""
    policy = Policy(
        today_every=NEVER, entities_every=NEVER, restate_every=NEVER, backfill_days=12, span_days=2
    )
    async with linked.running(policy), linked.running(policy):
        pieces = await linked.until(lambda pieces: "backfill.day/2" in "".join(pieces))
        await linked.until(all_done(*pieces))
    names = [run.piece for run in await linked.runs()]
    assert sorted(names) == sorted(set(names))


async def test_a_poller_waits_for_a_database_that_is_away() -> None:
    """It neither ends nor spins; stopped, it ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(
        run(
            kafka_bootstrap="127.0.0.1:1",
            topic_prefix="t.",
            control_dsn="postgresql://nobody:x@127.0.0.1:1/none",
            key_ring=key_ring,
            platforms={"meta": {"base_url": "http://127.0.0.1:1", "version": "v26.0"}},
            stop=stop,
        )
    )
    await asyncio.sleep(0.5)
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 10)


async def _take_away(linked: Polling, other: UUID, until: datetime) -> None:
    async with transaction(linked.control, workspace_id=linked.workspace_id) as db:
        await db.execute(
            update(poll_work)
            .where(poll_work.c.connection_id == linked.connection_id)
            .values(lease_id=other, lease_owner="other", lease_until=until)
        )
