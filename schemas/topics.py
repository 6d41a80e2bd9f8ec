"""The topic catalogue: which events lie where, and what keeps them in order."""

from enum import StrEnum
from uuid import UUID
from zlib import crc32


class Topic(StrEnum):
    """A kind of event in Kafka; the value is its logical name."""

    AD_METRICS = "ad-metrics"
    AD_ENTITIES = "ad-entities"
    SYNC_REQUESTS = "sync-requests"
    SYNC_RUNS = "sync-runs"

    @property
    def partitions(self) -> int:
        """How many; never changes for a topic that exists, since keys would move."""
        return 8

    def physical(self, prefix: str) -> str:
        """The name in Kafka of an installation that sets its topics apart by `prefix`."""
        return f"{prefix}{self.value}"


def account_key(workspace_id: UUID, provider: str, account_id: str) -> bytes:
    """Key of what must be folded in the order of one ad account."""
    return f"{workspace_id}:{provider}:{account_id}".encode()


def workspace_key(workspace_id: UUID) -> bytes:
    """Key of what belongs to a workspace as a whole."""
    return str(workspace_id).encode()


def partition_of(topic: Topic, key: bytes) -> int:
    """The partition of a key: the same for every producer, in any language."""
    return crc32(key) % topic.partitions
