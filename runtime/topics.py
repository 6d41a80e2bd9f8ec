"""Topics in Kafka as the catalogue names them: kept for ever, with a partition count that holds."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from runtime.errors import TopicMismatch
from runtime.reaching import reaching_kafka
from schemas.limits import MAX_EVENT_BYTES
from schemas.topics import Topic

# A record adds key, headers and batch to the event; producers hold events to MAX_EVENT_BYTES.
_BATCH_OVERHEAD_BYTES = 16_384


async def create_topics(
    bootstrap: str, prefix: str, topics: Iterable[Topic] = Topic, *, replication: int = 1
) -> list[str]:
    """Make the topics that do not exist yet; the names of those made."""
    wanted = {topic.physical(prefix): topic.partitions for topic in topics}
    async with _admin(bootstrap) as admin:
        missing = sorted(wanted.keys() - set(await admin.list_topics()))
        if missing:
            await _create(admin, {name: wanted[name] for name in missing}, replication)
        await _verify(admin, wanted)
    return missing


async def wait_for_groups(bootstrap: str, group: str, *, within_seconds: float = 20.0) -> None:
    """Return when consumer groups work: a new Kafka makes their topic when first asked for one."""
    async with _admin(bootstrap) as admin:
        with reaching_kafka(bootstrap):
            async with asyncio.timeout(within_seconds):
                while True:
                    try:
                        await admin.find_coordinator(group)
                        return
                    except KafkaError:
                        await asyncio.sleep(0.1)


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="metricx-topics")
    try:
        with reaching_kafka(bootstrap):
            await admin.start()
        yield admin
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, wanted: dict[str, int], replication: int) -> None:
    configs = {
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "cleanup.policy": "delete",
        "max.message.bytes": str(MAX_EVENT_BYTES + _BATCH_OVERHEAD_BYTES),
    }
    made = await admin.create_topics(
        [
            NewTopic(name, count, replication, topic_configs=configs)
            for name, count in wanted.items()
        ]
    )
    errors: list[dict[str, Any]] = made.to_object()["topic_errors"]
    for error in errors:
        name, code, message = error["topic"], error["error_code"], error["error_message"]
        if code not in {0, 36}:  # 36: somebody else made it just now
            raise TopicMismatch(
                f"Kafka did not make topic {name}: {message} (error {code}).",
                "METRICX_KAFKA__REPLICATION may not be more than there are brokers.",
            )


async def _verify(admin: AIOKafkaAdminClient, wanted: dict[str, int]) -> None:
    """Every topic is known to the broker with the count of the catalogue."""
    found: dict[str, int] = {}
    for _ in range(50):
        found = {
            topic["topic"]: len(topic["partitions"])
            for topic in await admin.describe_topics(list(wanted))
            if topic["error_code"] == 0
        }
        if found == wanted:
            return
        if wrong := {name for name, count in found.items() if count not in {0, wanted[name]}}:
            raise TopicMismatch(
                f"{', '.join(sorted(wrong))}: another partition count than the catalogue's; keys "
                "would move, so nothing was changed.",
                "A topic's count never changes: set another topic prefix, or rebuild.",
            )
        await asyncio.sleep(0.1)
    raise TopicMismatch(
        f"Kafka does not show the topics it made: {sorted(wanted.keys() - found)}.",
        "Try again when it has settled.",
    )
