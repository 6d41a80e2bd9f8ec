"""Each line of Faust and aiokafka that the transport overrides or leans on is as we read it."""

import hashlib
import inspect
from importlib import metadata
from pathlib import Path
from typing import Any

import faust
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.consumer import fetcher, group_coordinator, subscription_state
from faust.agents import agent
from faust.app import base as app
from faust.serializers import codecs
from faust.tables import recovery
from faust.transport import base, conductor, consumer
from faust.transport.drivers import aiokafka as driver
from mode import threads
from mode.utils import queues

PINS = {"faust-streaming": "0.15.3", "mode-streaming": "0.7.1", "aiokafka": "0.14.0"}

# (what, digest of its source, what to check again when it changed)
INTERNALS: list[tuple[Any, str, str]] = [
    (base.Transport.__init__, "cfa0f03f4af2", "ChunkTransport passes (url, app)"),
    (driver.Transport.__init__, "a06006f6ae8e", "it passes all on, and makes `_topic_waiters`"),
    (base.Transport.create_consumer, "46cc2bf5ab14", "it takes `Consumer` from the class"),
    (app.App.__init__, "698e2bf236c6", "it asks the class for its `BootStrategy`"),
    (app.App._new_consumer, "bff6ccd646b7", "callback and rebalance hooks reach ChunkConsumer"),
    (
        app.App._create_directories,
        "a9f571c3b04a",
        "ChunkApp leaves it out: nothing else is made there",
    ),
    (
        app.App._on_partitions_revoked,
        "d5c895bbe57d",
        "flow stops and buffers are cleared before partitions go",
    ),
    (app.App._on_partitions_assigned, "de932b7927db", "it still ends in recovery, which seeks"),
    (app.BootStrategy._should_enable_kafka_producer, "c2633729cf04", "it asks the class"),
    (
        app.BootStrategy.kafka_producer,
        "54a789df64f6",
        "enable_kafka_producer = False leaves the producer out",
    ),
    (
        recovery.Recovery._resume_streams,
        "d986a6710c1a",
        "without Tables it calls perform_seek, then resumes the flow",
    ),
    (
        recovery.Recovery._restart_recovery.fun,
        "6bd8a8558a2d",
        "an exception of perform_seek (HistoryGone) crashes the app",
    ),
    (
        consumer.Consumer.__init__,
        "302410d59e69",
        "_read_offset is made here, before ours replaces it",
    ),
    (
        consumer.Consumer.perform_seek,
        "0e8c130ff4b0",
        "it asks seek_to_committed, and no offset is an answer",
    ),
    (
        consumer.Consumer.getmany,
        "4b168d84882a",
        "records is {tp: [Handed]}; _to_message is called once per chunk",
    ),
    (
        consumer.Consumer._wait_next_records,
        "6218e1969a63",
        "_getmany gets the set of active partitions",
    ),
    (
        consumer.Consumer._drain_messages,
        "44a2500309e8",
        "read offsets of None: no chunk dropped, no gap added (F9)",
    ),
    (consumer.Consumer._add_gap, "4df2573ded7c", "ours does nothing (F5)"),
    (consumer.Consumer._new_offset, "1d2c7ea89a7a", "ours takes the highest acked (F3, F4)"),
    (consumer.Consumer.ack, "5fcf41cf4515", "it fills _acked and _acked_index"),
    (
        consumer.Consumer.on_buffer_full,
        "c8961679e0bc",
        "ours does nothing: _getmany asks the buffers",
    ),
    (consumer.Consumer.on_buffer_drop, "4b57e8a418d5", "ours does nothing"),
    (
        consumer.Consumer.on_partitions_revoked,
        "d04b7ae72c6f",
        "ours forgets epochs first, then calls it",
    ),
    (
        consumer.Consumer.verify_event_path,
        "aead7dc3d8dc",
        "only a livelock log; ours is silent (F13)",
    ),
    (
        driver.Consumer.verify_event_path,
        "a17e8f0610e1",
        "the same, by the thread: nothing else is done there",
    ),
    (consumer.Consumer._commit_offsets, "1a6979904118", "it calls _commit and survives False"),
    (
        consumer.ThreadDelegateConsumer.__init__,
        "7072ae80eac1",
        "_new_consumer_thread is called from it",
    ),
    (consumer.ThreadDelegateConsumer._getmany, "f9d47aa9010b", "ours replaces it by `take`"),
    (
        consumer.ThreadDelegateConsumer.seek_to_committed,
        "f1d483b861b0",
        "ours replaces it by PostgreSQL's offsets",
    ),
    (
        consumer.ThreadDelegateConsumer._commit,
        "a20eec84e4b2",
        "it delegates to the thread's commit",
    ),
    (
        consumer.Fetcher._fetcher.fun,
        "68f894f0b577",
        "an exception of _drain_messages crashes the app",
    ),
    (
        driver.Consumer._new_consumer_thread,
        "0870ec53dea7",
        "ours makes a ChunkThread in the same way",
    ),
    (driver.Consumer._to_message, "7c24f6511b2f", "the fields and their order in ConsumerMessage"),
    (
        driver.AIOKafkaConsumerThread.__post_init__,
        "913dc7c0d957",
        "ours calls it and adds placements",
    ),
    (
        driver.AIOKafkaConsumerThread._create_worker_consumer,
        "c2701bfc3e6f",
        "settings reach aiokafka; round robin",
    ),
    (driver.AIOKafkaConsumerThread.commit, "d31c8558ba25", "it runs _commit in the thread"),
    (driver.AIOKafkaConsumerThread._commit, "932852ce7a23", "ours swallows and counts (F12)"),
    (
        driver.AIOKafkaConsumerThread._ensure_consumer,
        "ff4a4c693b7e",
        "it raises before the thread has started",
    ),
    (
        driver.ConsumerRebalanceListener,
        "f3d04f29dfb3",
        "generation is set before the assigned hooks run",
    ),
    (
        conductor.ConductorCompiler.build,
        "837cf521368c",
        "a full queue makes it wait; ours never fills one",
    ),
    (conductor.Conductor.__iter__, "5af605a108c0", "the channels whose queues _room measures"),
    (agent.Agent._execute_actor, "c750b828d2bd", "an agent body that raises is restarted (F1)"),
    (codecs.raw, "1427af60d892", "any object passes through the raw serializer untouched"),
    (
        threads.MethodQueue._process_enqueued,
        "d88a086d148c",
        "results and exceptions come back to the caller's loop",
    ),
    (
        threads.QueueServiceThread.call_thread,
        "479edda75b54",
        "a coroutine function runs in the thread's loop",
    ),
    (queues.FlowControlEvent, "1da8f905ab65", "suspend, clear, resume"),
    (
        fetcher.FetchResult,
        "d7db13f06de8",
        "check_assignment, has_more, _update_position, _partition_records",
    ),
    (fetcher.Fetcher.__init__, "bf21ecb7e0f2", "_records, _subscriptions, _closed, waiters"),
    (fetcher.Fetcher._notify, "d3a30d94f34f", "it wakes the one who fetches"),
    (fetcher.FetchError, "10966ad4c795", "check_raise"),
    (
        fetcher.PartitionRecords.__init__,
        "8ec1c2ae6ea1",
        "_records, _tp, _check_crcs, next_fetch_offset",
    ),
    (
        fetcher.PartitionRecords._unpack_records,
        "b803e6d46480",
        "`unpack` does the same, by batches",
    ),
    (fetcher.Fetcher.fetched_records, "be4348896b9b", "`drain` does the same, by chunks"),
    (
        fetcher.Fetcher._proc_fetch_request,
        "59bf948fff47",
        "_records holds FetchResult or FetchError by partition",
    ),
    (
        fetcher.Fetcher._update_fetch_positions,
        "d7774d8241dc",
        "with strategy NONE no position is made up",
    ),
    (fetcher.Fetcher.seek_to, "f0ba6aba6c22", "it forgets what was fetched of the partition"),
    (
        fetcher.Fetcher._create_fetch_waiter,
        "61d840568746",
        "a waiter that new data, or an error, wakes",
    ),
    (
        subscription_state.SubscriptionState.fetch_context,
        "ff2a654dca23",
        "being in it is being alive for the group",
    ),
    (
        subscription_state.SubscriptionState.assign_from_subscribed,
        "faf16f1b629a",
        "each assignment is a new object",
    ),
    (subscription_state.TopicPartitionState, "2b83334afadf", "seek, consumed_to, position"),
    (AIOKafkaConsumer.__init__, "01506f316191", "_subscription, _closed"),
    (AIOKafkaConsumer.seek, "a9430f1f3b9a", "it calls Fetcher.seek_to and takes 0"),
    (AIOKafkaConsumer.start, "2f1ba7044332", "_fetch_max_wait_ms is read here, not before"),
    (
        group_coordinator.GroupCoordinator._on_join_prepare,
        "4d9524afc0ee",
        "revoked hooks run before the group joins",
    ),
    (
        group_coordinator.GroupCoordinator._on_join_complete,
        "0b0b3d204b40",
        "assigned before the hooks run",
    ),
]

# Sources of the compiled twins, which lie beside them.
CYTHON: dict[str, tuple[str, str]] = {
    "transport/_cython/conductor.pyx": (
        "dde1f9742678",
        "a full queue makes it wait; ours never fills one",
    ),
    "_cython/streams.pyx": ("0041622f4a25", "acks, and events of older generations (F1, F10)"),
}


@pytest.mark.parametrize("package", PINS)
def test_the_packages_are_the_pinned_ones(package: str) -> None:
    """Another version may have moved any internal: pin it here, then heed the tests below."""
    assert metadata.version(package) == PINS[package]


@pytest.mark.parametrize(
    ("what", "digest", "check"), INTERNALS, ids=[each[0].__qualname__ for each in INTERNALS]
)
def test_an_internal_is_as_we_read_it(what: Any, digest: str, check: str) -> None:
    """Its source has not changed since the transport was written."""
    found = digest_of(inspect.getsource(what))
    assert found == digest, f"{what.__qualname__} changed (now {found}). Check: {check}"


@pytest.mark.parametrize("name", CYTHON)
def test_a_compiled_twin_is_as_we_read_it(name: str) -> None:
    """The Cython source has not changed either."""
    digest, check = CYTHON[name]
    found = digest_of((Path(faust.__file__).parent / name).read_text())
    assert found == digest, f"{name} changed (now {found}). Check: {check}"


def digest_of(source: str) -> str:
    """Twelve hex digits that stand for a source."""
    return hashlib.sha256(source.encode()).hexdigest()[:12]
