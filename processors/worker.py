"""The process that turns Kafka's chunks into PostgreSQL's rows, from its start to its exit code."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import asyncpg
import faust
import faust.streams
import structlog
import uvloop
from aiokafka.errors import KafkaError
from faust.app.base import BootStrategy

from processors import agents, broker, offsets
from processors.closing import keep_closing
from processors.projection import Projection, registered
from processors.projector import Projector
from processors.transport import (
    AWAY,
    ChunkConsumer,
    ChunkTransport,
    HistoryGone,
    Positions,
)
from processors.watchdog import EXIT_STUCK, PATIENCE_TICKS, Watchdog
from schemas.topics import Topic

log = structlog.get_logger(__name__)

EXIT_STOPPED = 0  # asked to
EXIT_CRASHED = 1
EXIT_HISTORY_GONE = 78  # starting again would not help
EXITS = (EXIT_STOPPED, EXIT_CRASHED, EXIT_STUCK, EXIT_HISTORY_GONE)
CHUNK_RECORDS = 20_000  # at most; see `pace`
STOP_SECONDS = 8.0
CALL_SECONDS = 4.0
LOOK_SECONDS = 2.0


class _ConsumerOnly(BootStrategy):
    """Faust's producer is not used, so it does not start."""

    enable_kafka_producer = False


class ChunkApp(faust.App):
    """A Faust app without a producer and without a directory for tables."""

    BootStrategy = _ConsumerOnly

    def _create_directories(self) -> None:
        pass


def make_app(
    *,
    bootstrap: str,
    topic_prefix: str,
    group: str,
    topics: Collection[Topic],
    positions: Positions,
    on_attempt: Callable[[], None] = lambda: None,
    chunk_records: int = CHUNK_RECORDS,
) -> ChunkApp:
    """A Faust app set up as our exactly-once demands: docs/architecture.md says why of each."""
    app = ChunkApp(
        group,
        broker=";".join(f"kafka://{server.strip()}" for server in bootstrap.split(",")),
        autodiscover=False,
        web_enabled=False,
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        stream_wait_empty=False,
        stream_buffer_maxsize=1,
        stream_recovery_delay=0.0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,  # else Faust assigns partitions as if there were tables
        broker_max_poll_records=chunk_records,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_rebalance_timeout=15.0,
        broker_request_timeout=20.0,
        broker_commit_interval=1.0,
        consumer_max_fetch_size=4 << 20,
        consumer_auto_offset_reset="none",
        consumer_metadata_max_age_ms=5_000,  # a topic made later, or made anew, is soon seen
    )
    app.transport = ChunkTransport(
        app.conf.broker_consumer,
        app,
        topics=topics,
        prefix=topic_prefix,
        positions=positions,
        on_attempt=on_attempt,
    )
    return app


def run(
    *,
    bootstrap: str,
    topic_prefix: str,
    group: str,
    writer_dsn: str,
    projections: Sequence[Projection[Any, Any]] | None = None,
    chunk_records: int = CHUNK_RECORDS,
    patience_ticks: int = PATIENCE_TICKS,
    closes_dates: bool = True,
) -> int:
    """Project until SIGTERM, SIGINT or a fault that a new process mends; one of `EXITS`.

    Without `projections`, all that lie in `projections/`. Nothing is lost, whatever ends it.
    With `closes_dates` it takes its turn at moving `open_from` forward, once a day.
    """
    live = registered() if projections is None else tuple(projections)
    job = _Job(bootstrap, topic_prefix, group, writer_dsn, live, chunk_records, closes_dates)
    watchdog = Watchdog(broker.addresses(bootstrap), patience_ticks=patience_ticks)
    _spare_the_collector()
    deadline = _Deadline()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(_work(job, watchdog, deadline))
    deadline.cancel()
    log.info("worker ended", marker="[WORKER]", code=code)
    return code


@dataclass(frozen=True)
class _Job:
    """What `run` was asked to do."""

    bootstrap: str
    topic_prefix: str
    group: str
    writer_dsn: str
    live: tuple[Projection[Any, Any], ...]
    chunk_records: int
    closes_dates: bool


async def _work(job: _Job, watchdog: Watchdog, deadline: "_Deadline") -> int:
    live = job.live
    topics = sorted({topic for projection in live for topic in projection.topics})
    projector = Projector(job.writer_dsn, live, watchdog.attempt_ended)
    pool = await asyncpg.create_pool(  # pyright: ignore[reportUnknownMemberType]  # no stubs
        job.writer_dsn, min_size=0, max_size=2, command_timeout=CALL_SECONDS
    )
    await projector.open()

    async def positions(topic: Topic, partitions: Collection[int]) -> Mapping[int, int]:
        await offsets.ensure(pool, live, topic, list(partitions))
        return await offsets.positions(pool, live, topic, list(partitions))

    app = make_app(
        bootstrap=job.bootstrap,
        topic_prefix=job.topic_prefix,
        group=job.group,
        topics=topics,
        positions=positions,
        on_attempt=watchdog.attempt_ended,
        chunk_records=job.chunk_records,
    )
    agents.attach(app, projector, topics, prefix=job.topic_prefix)
    log.info(
        "worker starts",
        marker="[WORKER]",
        group=job.group,
        topics=[topic.value for topic in topics],
        projections=[projection.schema for projection in live],
        faust=faust.__version__,
        cython=getattr(faust.streams, "_CStreamIterator", None) is not None,
    )
    watchdog.start()
    closing = asyncio.create_task(keep_closing(pool, live)) if job.closes_dates else None
    try:
        return await _serve(app, job.bootstrap, watchdog, deadline)
    finally:
        if closing:
            closing.cancel()
        watchdog.stop()
        projector.terminate()
        pool.terminate()


def _spare_the_collector() -> None:
    """Let Python look for cyclic garbage seldom: chunks are many objects and hold no cycles.

    With its usual thresholds the collector takes seven eighths of the transport's time.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


async def _serve(app: faust.App, bootstrap: str, watchdog: Watchdog, deadline: "_Deadline") -> int:
    """Run an app until a signal or a crash, stop it, and say how it ended."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, asked.set)
    consumer = cast(ChunkConsumer, app.consumer)
    feeding = asyncio.ensure_future(watchdog.feed(consumer.lag))
    looking = asyncio.ensure_future(_keep_looking(consumer))
    starting = asyncio.ensure_future(_start(app, bootstrap))
    ended = asyncio.ensure_future(app.wait_until_stopped())
    asking = asyncio.ensure_future(asked.wait())
    waiting = {starting, ended, asking}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and not starting.exception():
        await asyncio.wait(waiting - {starting}, return_when=asyncio.FIRST_COMPLETED)

    code = EXIT_STOPPED if asked.is_set() else _code_of(app, starting)
    deadline.start(STOP_SECONDS, code)
    for task in (starting, ended, asking, feeding, looking):
        task.cancel()
    try:
        await app.stop()
    except Exception:
        log.exception("not stopped in order", marker="[WORKER]")
    return code


async def _start(app: faust.App, bootstrap: str) -> None:
    """Start an app as soon as Kafka is there: before that Faust would only crash."""
    await broker.wait_for(broker.addresses(bootstrap))
    await app.start()


async def _keep_looking(consumer: ChunkConsumer) -> None:
    """Notice commits that a crash of PostgreSQL took along, also where no event follows them."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await consumer.read_vanished_again()
        except AWAY as error:
            log.debug("cannot look yet", marker="[WORKER]", error=repr(error))
        except Exception:
            # Nobody would start this look again.
            log.exception("stuck: cannot look for commits that vanished", marker="[WORKER]")


def _code_of(app: faust.App, starting: "asyncio.Future[None]") -> int:
    """Why the app ended by itself."""
    failed = starting.exception() if starting.done() and not starting.cancelled() else None
    reason = app.crash_reason or failed
    if isinstance(reason, HistoryGone):
        log.critical(str(reason), marker="[WORKER]")
        return EXIT_HISTORY_GONE
    if isinstance(reason, (KafkaError, OSError)):
        log.critical("no Kafka", marker="[WORKER]", error=str(reason))
        return EXIT_CRASHED
    log.critical("worker crashed", marker="[WORKER]", exc_info=reason)
    return EXIT_CRASHED


class _Deadline:
    """Ends the process if stopping takes too long, as with a database that answers nobody.

    That loses nothing: what was not committed is read again.
    """

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None

    def start(self, seconds: float, code: int) -> None:
        """From now on there are so many seconds left; then the process ends with this code."""
        self._timer = threading.Timer(seconds, self._cut_off, (code,))
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """It stopped in time."""
        if self._timer:
            self._timer.cancel()

    def _cut_off(self, code: int) -> None:
        log.warning("cut off while stopping", marker="[WORKER]", code=code)
        os._exit(code)
