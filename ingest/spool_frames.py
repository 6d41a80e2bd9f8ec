"""How records lie in a spool file, each in a frame, and which of them are still whole."""

import re
import struct
from dataclasses import dataclass
from zlib import crc32

import msgspec

from ingest.record import Lane, Record
from schemas.topics import Topic

_HEADER = struct.Struct(">II")  # length and crc32 of what follows


class _Kept(msgspec.Struct, array_like=True):
    topic: str
    partition: int
    key: bytes
    value: bytes


_FOUR = b"\x94"  # an array of four, in MessagePack
_START = re.compile(
    b"|".join(re.escape(_FOUR + msgspec.msgpack.encode(topic.value)) for topic in Topic)
)
"""How every payload begins; by it a frame is found behind one whose length cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no whole frame, and where they begin.

    `is_torn`: the file ends before the frame does, as after a kill during a write.
    """

    at: int
    data: bytes
    is_torn: bool


def framed(record: Record) -> bytes:
    """The record as it is written."""
    kept = _Kept(record.lane.topic.value, record.lane.partition, record.key, record.value)
    payload = msgspec.msgpack.encode(kept)
    return _HEADER.pack(len(payload), crc32(payload)) + payload


def unframed(data: bytes) -> tuple[list[Record], list[Broken]]:
    """Every whole record of a file, in order, and the bytes between them."""
    found: list[Record] = []
    broken: list[Broken] = []
    at = 0
    while at < len(data):
        if (payload := _whole(data, at)) is not None:
            found.append(_record(payload))
            at += _HEADER.size + len(payload)
        else:
            following = _next_whole(data, at)
            is_torn = following == len(data) and _is_cut(data, at)
            broken.append(Broken(at, data[at:following], is_torn))
            at = following
    return found, broken


def _record(payload: bytes) -> Record:
    kept = msgspec.msgpack.decode(payload, type=_Kept)
    return Record(Lane(Topic(kept.topic), kept.partition), kept.key, kept.value)


def _whole(data: bytes, at: int) -> bytes | None:
    """The payload of the frame that begins here; None if it is cut or damaged."""
    if _is_cut(data, at):
        return None
    length, checksum = _HEADER.unpack_from(data, at)
    start = at + _HEADER.size
    payload = data[start : start + length]
    # Nothing is the checksum of nothing: zeros, as a power cut leaves them, are no frame.
    return payload if payload and crc32(payload) == checksum else None


def _is_cut(data: bytes, at: int) -> bool:
    start = at + _HEADER.size
    return start > len(data) or start + _HEADER.unpack_from(data, at)[0] > len(data)


def _next_whole(data: bytes, at: int) -> int:
    """Where the next whole frame after this broken one begins; the end if there is none."""
    for payload in _START.finditer(data, at + _HEADER.size + 1):
        start = payload.start() - _HEADER.size
        if _whole(data, start) is not None:
            return start
    return len(data)
