"""Every acknowledged event on disk, so that no acknowledgement can be forgotten (R0)."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from tests.oracle.facts import Record
from tests.streams.events import Message


class Journal:
    """An append-only file of event ids, on disk before the next events are sent.

    None is acknowledged twice: the loss of one copy could not be told from none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab", buffering=0)
        self._known: set[bytes] = set()

    def acknowledged(self, messages: Iterable[Message]) -> None:
        """These are in their topics, Kafka says."""
        names = [name_of(each) for each in messages]
        assert self._known.isdisjoint(names)
        assert len(set(names)) == len(names)
        self._known.update(names)
        self._file.write(b"".join(name + b"\n" for name in names))
        os.fsync(self._file.fileno())

    def missing(self, records: Iterable[Record]) -> set[bytes]:
        """The acknowledged events that are not in the topics."""
        return set(self.path.read_bytes().split()) - {name_of(record) for record in records}


def name_of(message: Message | Record) -> bytes:
    """Topic and event id: a publisher stamps an event before it sends it, so bytes differ."""
    return f"{message.topic}/{json.loads(message.value or b'')['event_id']}".encode()
