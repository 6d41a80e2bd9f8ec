"""What of Faust is not used, and how the app is set up: a change here needs a new reason."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from faust.types import TP
from faust.types.enums import ProcessingGuarantee

import processors
from processors.fetch import Placement
from processors.transport import ChunkConsumer, ChunkTransport
from processors.worker import ChunkApp, make_app
from schemas.topics import Topic

SOURCES = sorted(Path(next(iter(processors.__path__))).rglob("*.py"))

# Each loses events, or stalls (F2, F14, F15, F16–F18, F24).
UNUSED = re.compile(
    r"""\.(take|noack_take|take_events|take_with_timestamp|group_by|through|echo|noack|filter_map
        |Table|GlobalTable|SetTable|SetGlobalTable|tumbling|hopping)\(
      |exactly_once|isolated_partitions|concurrency\s*=|consumer_group_instance_id
      |\.(send_soon|maybe_send)\(|app\.send\(|auto_offset_reset="(earliest|latest)"
    """,
    re.VERBOSE,
)


@pytest.fixture
def app() -> ChunkApp:
    """An app that is not started."""

    async def positions(_topic: Topic, _partitions: object) -> dict[int, int]:
        return {}

    return make_app(
        bootstrap="127.0.0.1:1,127.0.0.2:1",
        topic_prefix="t.",
        group="t.workers",
        topics=list(Topic),
        positions=positions,
    )


@pytest.mark.parametrize("source", SOURCES, ids=[path.stem for path in SOURCES])
def test_nothing_of_faust_is_used_that_loses_events(source: Path) -> None:
    """Its batches, tables, repartitioning, guarantees and producer."""
    assert not UNUSED.findall(source.read_text())


def test_the_gate_would_see_it() -> None:
    """So that it cannot rot into an expression that matches nothing."""
    for line in ("stream.take(10)", "app.Table('t')", 'processing_guarantee="exactly_once"'):
        assert UNUSED.search(line)


async def test_the_app_is_set_up_for_chunks(app: ChunkApp) -> None:
    """A buffer counts chunks; nothing waits for empty streams; Kafka never chooses an offset."""
    conf = app.conf
    assert conf.processing_guarantee is ProcessingGuarantee.AT_LEAST_ONCE
    assert not conf.stream_wait_empty
    assert conf.stream_buffer_maxsize == 1
    assert conf.consumer_auto_offset_reset == "none"
    assert conf.broker_max_poll_records == 20_000
    assert conf.consumer_max_fetch_size == 4 << 20
    assert conf.broker_check_crcs
    assert (conf.key_serializer, conf.value_serializer) == ("raw", "raw")


async def test_a_killed_worker_is_noticed_soon(app: ChunkApp) -> None:
    """And a rebalance waits for no transaction: those end within 8 seconds."""
    conf = app.conf
    assert conf.broker_session_timeout == 10
    assert conf.broker_heartbeat_interval == 3
    assert conf.broker_rebalance_timeout == 15


async def test_only_the_consumer_of_faust_starts(app: ChunkApp) -> None:
    """No web server, no producer, no leader topic, no tables, no topic made, no static member."""
    conf = app.conf
    assert not conf.web_enabled
    assert conf.topic_disable_leader
    assert not conf.topic_allow_declare
    assert conf.table_standby_replicas == 0
    assert conf.consumer_group_instance_id is None
    strategy: Any = app.boot_strategy
    assert list(strategy.kafka_producer()) == []


async def test_the_app_reads_through_our_transport(app: ChunkApp) -> None:
    """And knows topics by their names in Kafka."""
    assert isinstance(app.transport, ChunkTransport)
    assert isinstance(app.consumer, ChunkConsumer)
    assert app.transport.topics["t.ad-metrics"] is Topic.AD_METRICS
    assert [url.host for url in app.transport.url] == ["127.0.0.1", "127.0.0.2"]


async def test_a_chunk_passes_the_raw_serializer_untouched(app: ChunkApp) -> None:
    """It is no bytes, and stays what it is."""
    chunk: Any = object()
    assert app.serializers.loads_value(None, chunk, serializer="raw") is chunk


async def test_faust_remembers_no_position_of_its_own(app: ChunkApp) -> None:
    """So it neither drops a chunk that is read again nor sees a gap (F9)."""
    offsets: Any = cast(ChunkConsumer, app.consumer)._read_offset
    tp = TP("t.ad-metrics", 0)
    offsets[tp] = 500
    offsets.update({tp: 500})
    assert offsets[tp] is None


async def test_a_partition_is_placed_only_if_both_threads_mean_the_same_seek(app: ChunkApp) -> None:
    """Else its chunks would be nobody's, and it would stand still for ever."""
    consumer: Any = app.consumer
    thread, assignment = consumer._thread, object()
    subscription = SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))
    thread._consumer = SimpleNamespace(_subscription=subscription)
    tp, seek = TP("t.ad-metrics", 0), Placement(Topic.AD_METRICS, epoch=3)
    thread._placed, thread._placed_in, consumer._epochs = {tp: seek}, assignment, {tp: 3}
    assert consumer._unplaced([tp]) == set()

    consumer.reseek([tp])
    assert consumer._unplaced([tp]) == {tp}
    thread._placed[tp] = seek  # the thread was about to seek when we changed our mind
    assert consumer._unplaced([tp]) == {tp}
    consumer._epochs[tp] = 4
    assert consumer._unplaced([tp]) == {tp}
    consumer._epochs[tp], thread._placed_in = 3, object()  # a rebalance
    assert consumer._unplaced([tp]) == {tp}
