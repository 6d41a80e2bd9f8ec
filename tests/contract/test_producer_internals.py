"""Each line of aiokafka's producer that ingest reaches into, or leans on, is as we read it.

`ingest.producer.Generation.close` ends a producer from the inside, for its own `stop` waits as
long as Kafka is away. The version is pinned in `test_internals.py`.
"""

import asyncio
import inspect
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.producer.message_accumulator import MessageAccumulator
from aiokafka.producer.sender import Sender, SendProduceReqHandler
from aiokafka.producer.transaction_manager import TransactionManager

from tests.contract.test_internals import digest_of

# (what, digest of its source, what to check again when it changed)
INTERNALS: list[tuple[Any, str, str]] = [
    (AIOKafkaProducer.__init__, "fd6f2966fb3d", "it makes `_sender` and `client`, sets `_closed`"),
    (AIOKafkaProducer.__del__, "785f6702b00b", "`_closed` keeps it from complaining"),
    (AIOKafkaProducer.start, "bae900a5e83a", "ended midway, it leaves a sender without a task"),
    (AIOKafkaProducer.flush, "d70a0cb58abb", "it waits for batches and may be cancelled"),
    (AIOKafkaProducer.stop, "43ef97147111", "`close` does the same without waiting for batches"),
    (AIOKafkaProducer.send, "08ce81263f43", "it gives a future; partition as told; raises if full"),
    (Sender.__init__, "dae60514401a", "`sender_task` is None until it was started"),
    (Sender.sender_task.fget, "2aa81bcdcedb", "it is the task that `close` cancels"),
    (Sender.start, "ef0a0cbbf1f6", "`_fail_all` is the task's callback, which `close` removes"),
    (Sender._fail_all, "5a67e3b6f87b", "it raises in an idempotent producer: see below"),
    (Sender._sender_routine, "2380dc5e333d", "cancelled, it waits for requests that are under way"),
    (Sender.close, "f60b3d023d25", "`close` does the same, with a limit"),
    (
        SendProduceReqHandler.handle_response,
        "850323cc8f77",
        "OutOfOrderSequence fails the batch, not the producer, which is then of no use",
    ),
    (
        SendProduceReqHandler._can_retry,
        "7ff5d491d977",
        "idempotent batches never expire: `stuck_after`",
    ),
    (MessageAccumulator.flush, "2b0eaa3da851", "without batches it returns at once"),
    (MessageAccumulator.fail_all, "f1e12e8100bf", "it fails what waits, and all that comes later"),
    (MessageAccumulator.add_message, "56ff7e6c1918", "records of a partition stay in order"),
    (
        TransactionManager.__init__,
        "0d4f62dbcd18",
        "an idempotent producer's has no transaction waiter",
    ),
    (TransactionManager.fatal_error, "8e9fd08dc500", "it asks that waiter: see below"),
    (AIOKafkaClient.close, "02119d4d618a", "it can be called after a start that failed"),
]


@pytest.mark.parametrize(
    ("what", "digest", "check"), INTERNALS, ids=[each[0].__qualname__ for each in INTERNALS]
)
def test_an_internal_of_the_producer_is_as_we_read_it(what: Any, digest: str, check: str) -> None:
    """Its source has not changed since `Generation.close` was written."""
    found = digest_of(inspect.getsource(what))
    assert found == digest, f"{what.__qualname__} changed (now {found}). Check: {check}"


async def test_a_sender_that_ends_raises_in_its_own_callback() -> None:
    """The defect for which `close` takes the callback away; once mended, it need not."""

    async def broken() -> None:
        raise RuntimeError("the sender's end")

    producer: Any = AIOKafkaProducer(enable_idempotence=True)
    ended = asyncio.create_task(broken())
    await asyncio.wait({ended})
    try:
        with pytest.raises(AttributeError):
            producer._sender._fail_all(ended)
    finally:
        producer._closed = True
