"""No internal is overridden or reached into without a witness: the list is read from our code."""

from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.consumer import fetcher
from aiokafka.producer.sender import Sender
from faust.app import base as app
from faust.transport import base, consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

import ingest
import processors
import processors.transport as transport
from processors.transport import ChunkConsumer
from processors.worker import ChunkApp
from tests.contract import test_internals, test_producer_internals
from tests.contract.overrides import heirs_in, modules_of, names, overridden_by, reached_in

MODULES = [module for room in (processors, ingest) for module in modules_of(room)]
HEIRS = [cls for module in MODULES for cls in heirs_in(module)]
WITNESSED = [what for what, _, _ in [*test_internals.INTERNALS, *test_producer_internals.INTERNALS]]

READERS: dict[tuple[type, str], Any] = {
    (driver.Transport, "Consumer"): base.Transport.create_consumer,
    (app.App, "BootStrategy"): app.App.__init__,
    (app.BootStrategy, "enable_kafka_producer"): app.BootStrategy._should_enable_kafka_producer,
}
"""Of what is overridden and is no function: the function that must still ask for it."""

OWNERS: dict[str, Any] = {
    "consumer._closed": AIOKafkaConsumer.__init__,
    "consumer._fetch_max_wait_ms": AIOKafkaConsumer.start,
    "consumer._fetcher": AIOKafkaConsumer.start,
    "consumer._subscription": AIOKafkaConsumer.__init__,
    "fetched._check_crcs": fetcher.PartitionRecords.__init__,
    "fetched._partition_records": fetcher.FetchResult,
    "fetched._records": fetcher.PartitionRecords.__init__,
    "fetched._tp": fetcher.PartitionRecords.__init__,
    "fetched._update_position": fetcher.FetchResult,
    "fetcher._closed": fetcher.Fetcher.__init__,
    "fetcher._create_fetch_waiter": fetcher.Fetcher._create_fetch_waiter,
    "fetcher._notify": fetcher.Fetcher._notify,
    "fetcher._records": fetcher.Fetcher.__init__,
    "fetcher._subscriptions": fetcher.Fetcher.__init__,
    "fetcher._wait_consume_future": fetcher.Fetcher.__init__,
    "pending._records": fetcher.PartitionRecords.__init__,
    "producer._closed": AIOKafkaProducer.__init__,
    "producer._sender": AIOKafkaProducer.__init__,
    "self._acked": consumer.Consumer.ack,
    "self._acked_index": consumer.Consumer.ack,
    "self._ensure_consumer": driver.AIOKafkaConsumerThread._ensure_consumer,
    "self._read_offset": consumer.Consumer.__init__,
    "self._thread": consumer.ThreadDelegateConsumer.__init__,
    "sending._fail_all": Sender._fail_all,
}
"""Each private attribute that we reach into, as we write it: who makes it, or fills it."""


def unwitnessed(cls: type) -> list[str]:
    """What the class overrides without a digest of it, of its class, or of its reader."""
    return sorted(
        f"{owner.__module__}.{owner.__qualname__}.{name}"
        for name, (owner, hidden) in overridden_by(cls).items()
        if not _is_witnessed(owner, name, hidden)
    )


def test_the_rooms_hold_what_is_looked_through() -> None:
    """Else all that follows would be green for nothing."""
    assert {ChunkConsumer, ChunkApp} < set(HEIRS)
    assert len(HEIRS) >= 5


@pytest.mark.parametrize("cls", HEIRS, ids=[cls.__name__ for cls in HEIRS])
def test_whatever_a_class_of_ours_overrides_is_witnessed(cls: type) -> None:
    """`test_internals.INTERNALS` or `test_producer_internals.INTERNALS` holds its digest."""
    assert unwitnessed(cls) == []


@pytest.mark.parametrize(
    ("owner", "name"), READERS, ids=[f"{owner.__name__}.{name}" for owner, name in READERS]
)
def test_an_overridden_setting_is_asked_for_where_we_think(owner: type, name: str) -> None:
    """And its reader is witnessed; a setting that nobody overrides has no place in the table."""
    assert names(READERS[owner, name], name)
    assert READERS[owner, name] in WITNESSED
    assert any(overridden_by(cls).get(name, (None,))[0] is owner for cls in HEIRS)


def test_every_private_attribute_that_we_reach_into_has_an_owner() -> None:
    """And the table names nothing that is no longer reached into."""
    assert set().union(*map(reached_in, MODULES)) == OWNERS.keys()


@pytest.mark.parametrize("reached", OWNERS)
def test_a_private_attribute_lies_where_we_reach_for_it(reached: str) -> None:
    """In the source of an internal that is witnessed."""
    assert names(OWNERS[reached], reached.rpartition(".")[2])
    assert OWNERS[reached] in WITNESSED


def test_an_override_without_a_witness_is_noticed() -> None:
    """Planted: a method and a setting, beside one that is witnessed and one that hides nothing."""

    class Planted(driver.Consumer):
        """It says something, as every class does."""

        consumer_stopped_errors = ()

        async def wait_empty(self) -> None: ...

        async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None: ...

        def _of_our_own(self) -> None: ...

    assert unwitnessed(Planted) == [
        "faust.transport.consumer.Consumer.wait_empty",
        "faust.transport.drivers.aiokafka.Consumer.consumer_stopped_errors",
    ]


def test_reaching_into_a_foreign_object_is_noticed() -> None:
    """Planted: into an argument, into `self`, and by a name that a base of ours has taken."""
    planted = """
class ChunkConsumer:
    def __init__(self, consumer):
        consumer._coordinator.close()
        self._unacked_messages.clear()
        self._commit_every = self._of_our_own = None
        self._getmany()
"""
    assert reached_in(transport, planted) == {
        "consumer._coordinator", "self._unacked_messages", "self._commit_every",
    }  # fmt: skip


def _is_witnessed(owner: type, name: str, hidden: Any) -> bool:
    if (owner, name) in READERS:
        return True
    return owner in WITNESSED or getattr(hidden, "fget", hidden) in WITNESSED
