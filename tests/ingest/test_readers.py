"""Which reader serves a lease."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from accounts.connections import Connection, ConnectionState
from accounts.leases import Lease
from ingest.providers.errors import TokenDead
from ingest.providers.registry import open_provider
from ingest.readers import Readers

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def lease(*, is_demo: bool = True) -> Lease:
    """A piece of the one connection of these tests."""
    connection = Connection(
        workspace_id=UUID(int=1),
        connection_id=UUID(int=2),
        provider="meta",
        account_id="1",
        label="Shop",
        state=ConnectionState.ACTIVE,
        zone=None,
        currency=None,
        created_at=NOW,
        reason=None,
        next_step=None,
        failing_since=None,
        retry_at=None,
        token_id=None,
        disconnected_at=None,
    )
    return Lease(
        lease_id=UUID(int=3),
        connection=connection,
        is_demo=is_demo,
        piece="entities",
        kind="entities",
        reason="asked",
        day_from=None,
        day_to=None,
        attempts=1,
        lease_until=NOW,
    )


async def test_a_connection_keeps_its_reader_and_no_dead_token() -> None:
    """The account's facts are asked for once; with a new token the old reader is forgotten."""
    meta = open_provider("meta", {"base_url": "http://x", "version": "v26.0"})
    tokens = {"meta": "first"}
    readers = Readers({"meta": meta}, tokens)
    first = readers.of(lease())
    assert readers.of(lease()) is first
    tokens["meta"] = "second"
    assert readers.of(lease()) is not first
    assert len(readers._readers) == 1
    await meta.close()


def test_without_a_token_there_is_nothing_to_read() -> None:
    """The demo's token serves no other workspace."""
    with pytest.raises(TokenDead):
        Readers({}, {"meta": "the sandbox's"}).of(lease(is_demo=False))
