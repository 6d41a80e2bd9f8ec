"""Where an event goes, and what is refused before it is sent."""

from uuid import UUID

import msgspec
import pytest

from ingest.errors import EventRefused
from ingest.record import record, stamped
from schemas.codec import encode
from schemas.limits import MAX_EVENT_BYTES
from schemas.topics import Topic, partition_of, workspace_key
from tests.ingest.asked import BEFORE, asked

WORKSPACE = UUID("5b0b1c52-9a3f-4f8e-9a55-0d5c3f1d2e01")


def test_an_event_goes_to_the_partition_of_its_key() -> None:
    """The catalogue's partitioner, not the client's."""
    sent = record(asked(workspace_id=WORKSPACE))
    key = workspace_key(WORKSPACE)
    assert (sent.lane.topic, sent.key) == (Topic.SYNC_REQUESTS, key)
    assert sent.lane.partition == partition_of(Topic.SYNC_REQUESTS, key)


def test_a_value_over_the_limit_is_refused() -> None:
    """With its size, and before anything is sent."""
    bare = len(encode(msgspec.structs.replace(asked(), source="")))
    over = msgspec.structs.replace(asked(), source="a" * (MAX_EVENT_BYTES + 1 - bare))
    with pytest.raises(EventRefused, match=f"{MAX_EVENT_BYTES + 1} bytes"):
        record(over)


def test_an_event_that_no_reader_could_decode_is_refused() -> None:
    """It would be a dead letter for ever; structs are not checked when they are built."""
    event = asked()
    broken = msgspec.structs.replace(event, body=msgspec.structs.replace(event.body, account_id=""))
    with pytest.raises(EventRefused, match="account_id"):
        record(broken)


def test_the_stamp_is_now_and_nothing_else_changes() -> None:
    """`recorded_at` is when the edge took it, not what its maker wrote."""
    event = asked()
    taken = stamped(event)
    assert taken.recorded_at > BEFORE
    assert msgspec.structs.replace(taken, recorded_at=BEFORE) == event
