"""A sync run says which kind of read it was, and may leave it out."""

import json
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from msgspec import UNSET

from accounts.connections import Connection, ConnectionState
from accounts.leases import Lease
from ingest.piece_run import PieceRun
from ingest.publisher import Publisher
from ingest.readers import Readers
from schemas.codec import UndecodableEvent, decode, encode
from schemas.envelope import Envelope
from schemas.sync import SyncRun
from schemas.topics import Topic
from tests.schemas.test_corpus import CORPUS

FIRST = (CORPUS / "sync-runs.v1.jsonl").read_bytes().splitlines()[0]


class Heard(Publisher):
    """Keeps what is published."""

    def __init__(self) -> None:
        self.events: list[Envelope] = []

    async def publish(self, *events: Envelope, within_seconds: float | None = None) -> None:
        """Nothing leaves the process, and at once."""
        assert within_seconds is None or within_seconds > 0
        self.events += events


def lease(kind: str, first: date | None, last: date | None) -> Lease:
    """A piece of that kind over these days."""
    at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    connection = Connection(
        *(UUID(int=1), UUID(int=2), "meta", "act_1001", "Shop", ConnectionState.ACTIVE),
        *("UTC", "USD", at, None, None, None, None, None, None),
    )
    piece = kind if first is None else f"today.{kind}"
    return Lease(UUID(int=3), connection, piece, kind, "today", first, last, 1, at)


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("hours", (date(2026, 11, 19), date(2026, 11, 20))),
        ("day", (date(2026, 11, 20), date(2026, 11, 20))),
        ("entities", (None, None)),
    ],
)
async def test_a_poller_tells_what_kind_of_read_it_was(
    kind: str, days: tuple[date | None, date | None]
) -> None:
    """However it ended."""
    heard = Heard()
    run = PieceRun(lease(kind, *days), cast(Any, None), heard, cast(Readers, None))
    await run._tell("ok")
    await run._tell("throttled")
    bodies = [event.body for event in heard.events if isinstance(event, SyncRun)]
    assert [body.kind for body in bodies] == [kind, kind]


def test_a_run_may_lack_its_kind() -> None:
    """Those that were published before it was told do, and are written back without it."""
    event = decode(Topic.SYNC_RUNS, FIRST)
    assert isinstance(event, SyncRun)
    assert event.body.kind is UNSET
    assert encode(event) == FIRST


@pytest.mark.parametrize("kind", [None, "", "Hours", "h" * 65, 7])
def test_a_kind_is_a_word(kind: object) -> None:
    """It becomes a key in PostgreSQL."""
    event = json.loads(FIRST)
    event["body"]["kind"] = kind
    with pytest.raises(UndecodableEvent) as refused:
        decode(Topic.SYNC_RUNS, json.dumps(event).encode())
    assert refused.value.reason == "invalid"
