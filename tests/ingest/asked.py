"""A small event, of which tests make many."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from schemas.sync import Asked, SyncRequested

BEFORE = datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)


def asked(piece: str = "today", workspace_id: UUID | None = None) -> SyncRequested:
    """Somebody asked for a sync."""
    return SyncRequested(
        v=1,
        event_id=uuid4(),
        workspace_id=workspace_id or uuid4(),
        occurred_at=BEFORE,
        recorded_at=BEFORE,
        source="test",
        body=Asked(
            provider="meta",
            connection_id=uuid4(),
            account_id="1",
            piece=piece,
            requested_at=BEFORE,
            requested_by="test",
        ),
    )
