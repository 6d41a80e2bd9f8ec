"""Events of a size to the byte, and how large one can be in a topic."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.streams.events import Message

_BATCH_HEAD_BYTES = 61
_OF_EACH_RECORD = 4  # attributes, and as varints of one byte: both deltas, no headers


def padded(message: Message, size: int) -> Message:
    """The same event with a member from the future that fills it up."""
    event = json.loads(message.value or b"")
    event["padding"] = ""
    event["padding"] = "x" * (size - len(json.dumps(event)))
    value = json.dumps(event).encode()
    assert len(value) == size
    return Message(message.topic, message.key, value)


def broken(message: Message) -> Message:
    """As many bytes, and no JSON."""
    return Message(message.topic, message.key, (message.value or b"")[:-1] + b"]")


def batch_bytes(key: bytes, value_bytes: int) -> int:
    """What the broker measures: a batch, uncompressed, of one record without headers."""
    record = _OF_EACH_RECORD + sum(_varint_bytes(n) + n for n in (len(key), value_bytes))
    return _BATCH_HEAD_BYTES + _varint_bytes(record) + record


def largest_value(key: bytes, limit: int) -> int:
    """Of a record with this key, how many bytes of value fit into a batch of `limit`."""
    return next(size for size in range(limit, 0, -1) if batch_bytes(key, size) <= limit)


async def limit_of(bootstrap: str, topic: str) -> int:
    """`max.message.bytes`, as the broker has it."""
    async with _admin(bootstrap) as admin:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    [described] = answer.to_object()["resources"]
    values = {each["config_names"]: each["config_value"] for each in described["config_entries"]}
    return int(values["max.message.bytes"])


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


def _varint_bytes(number: int) -> int:
    """Of a number that is not negative, zigzag: seven bits a byte, one of them for the sign."""
    return max(1, ((number << 1).bit_length() + 6) // 7)
