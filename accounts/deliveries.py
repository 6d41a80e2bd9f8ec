"""Which webhooks have come: each has its effect once, however often it is sent."""

import hashlib

import structlog
from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.tables.people import webhook_deliveries

KEPT_DAYS = 8
"""Longer than a sender tries again: svix gives up after 28 hours."""

PURGED_AT_ONCE = 100

log = structlog.get_logger(__name__)


async def is_first(db: AsyncConnection, source: str, delivery_id: str, body: bytes) -> bool:
    """Whether this delivery has not come before; if it has, nothing is to be done again.

    In the transaction of the effect: if that fails, the delivery has not come. One that comes
    twice at once waits here for the other's end.
    """
    table = webhook_deliveries.c
    digest = hashlib.sha256(body).digest()
    row = {"source": source, "delivery_id": delivery_id, "body_digest": digest}
    made = await db.execute(
        insert(webhook_deliveries)
        .values(**row)
        .on_conflict_do_nothing()
        .returning(table.delivery_id)
    )
    if made.one_or_none() is not None:
        return True
    same = (table.source == source) & (table.delivery_id == delivery_id)
    if await db.scalar(select(table.body_digest).where(same)) != digest:
        log.warning("A delivery came again with another body", source=source, id=delivery_id)
    return False


async def purge(db: AsyncConnection) -> None:
    """Some of those that are too old to come again are deleted, the oldest first."""
    table = webhook_deliveries.c
    oldest = (
        select(table.source, table.delivery_id)
        .where(table.received_at < func.now() - text(f"interval '{KEPT_DAYS} days'"))
        .order_by(table.received_at)
        .limit(PURGED_AT_ONCE)
    )
    await db.execute(
        delete(webhook_deliveries).where(tuple_(table.source, table.delivery_id).in_(oldest))
    )
