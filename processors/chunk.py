"""What Kafka hands over at once, and the events in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from schemas.codec import UndecodableEvent, decode
from schemas.envelope import Envelope
from schemas.topics import Topic


class Record(Protocol):
    """One record as the consumer got it."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """What chose the partition."""
        ...

    @property
    def value(self) -> bytes | None:
        """The event, still undecoded."""
        ...


class Reject(NamedTuple):
    """A record that is no event: it goes to `dead_letter`.

    `reason` is a word, for counting; `stack_hash` names the place that raised, if any did.
    """

    offset: int
    reason: str
    detail: str
    stack_hash: str | None = None


@dataclass(frozen=True)
class Chunk:
    """Records of one partition that follow each other.

    They are all that lie from `from_offset` up to, not including, `to_offset`; `from_offset` is
    the position of the fetch, so a gap that Kafka itself left is no hole.
    """

    topic: Topic
    partition: int
    from_offset: int
    to_offset: int
    records: Sequence[Record]

    @cached_property
    def _decoded(self) -> tuple[list[tuple[int, Envelope]], list[Reject]]:
        events: list[tuple[int, Envelope]] = []
        rejects: list[Reject] = []
        for record in self.records:
            try:
                events.append((record.offset, decode(self.topic, record.value)))
            except UndecodableEvent as error:
                rejects.append(Reject(record.offset, error.reason, error.detail))
        return events, rejects

    @property
    def events(self) -> list[tuple[int, Envelope]]:
        """The events with their offsets, in Kafka's order."""
        return self._decoded[0]

    @property
    def rejects(self) -> list[Reject]:
        """The records that are no events."""
        return self._decoded[1]

    def since(self, offset: int) -> "Chunk":
        """The part from `offset` on; all of it if it starts there."""
        if offset <= self.from_offset:
            return self
        return Chunk(
            self.topic,
            self.partition,
            offset,
            self.to_offset,
            [record for record in self.records if record.offset >= offset],
        )

    def halves(self) -> tuple["Chunk", "Chunk"]:
        """The same records as two chunks; only for a chunk of two records or more."""
        middle = len(self.records) // 2
        border = self.records[middle].offset
        return (
            Chunk(self.topic, self.partition, self.from_offset, border, self.records[:middle]),
            Chunk(self.topic, self.partition, border, self.to_offset, self.records[middle:]),
        )
