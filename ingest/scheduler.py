"""Puts due pieces of every connection into poll work, again and again."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Pollable, pollable
from accounts.database import transaction
from accounts.poll_work import enqueue, forget, pieces_of
from ingest.providers.protocol import Provider
from ingest.schedule import Account, Policy, done_with, due

log = structlog.get_logger(__name__)


async def keep_scheduling(
    control: AsyncEngine,
    providers: Mapping[str, Provider],
    policy: Policy,
    demo_policy: Policy,
    every_seconds: float,
) -> None:
    """Schedule for ever. Any number of processes may: a piece that waits is not added twice."""
    while True:
        try:
            for connection in await pollable(control):
                if (provider := providers.get(connection.provider)) is not None:
                    chosen = demo_policy if connection.is_demo else policy
                    await _schedule_alone(control, connection, provider, chosen)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            detail = f"{type(error).__name__}: {error}"[:300]
            log.warning("schedule is out of reach", marker="[SYNC]", error=detail)
        await asyncio.sleep(every_seconds)


async def _schedule_alone(
    control: AsyncEngine, connection: Pollable, provider: Provider, policy: Policy
) -> None:
    """What is wrong with one connection must not stop the others."""
    try:
        await schedule(control, connection, provider, policy, datetime.now(UTC))
    except (IntegrityError, DataError) as error:
        # Its own rows, e.g. since it is gone: every turn would end at it.
        log.warning(
            "connection not scheduled",
            marker="[SYNC]",
            connection=str(connection.connection_id),
            error=str(error)[:300],
        )
    except (SQLAlchemyError, OSError, TimeoutError):
        raise
    except Exception:
        log.exception("schedule broke", marker="[SYNC]", connection=str(connection.connection_id))


async def schedule(
    control: AsyncEngine,
    connection: Pollable,
    provider: Provider,
    policy: Policy,
    now: datetime,
) -> None:
    """Arm what is due of one connection, and forget what never comes again."""
    async with transaction(control, workspace_id=connection.workspace_id, snapshot=True) as db:
        known = await pieces_of(db, connection.connection_id)
    account = Account(_zone(connection), connection.created_at, provider.dated_kinds)
    pieces = due(account, known, now, policy)
    await enqueue(control, connection.workspace_id, connection.connection_id, pieces)
    if closed := done_with(account, known):
        await forget(control, connection.workspace_id, connection.connection_id, closed)


def _zone(connection: Pollable) -> ZoneInfo | None:
    """None, too, for a zone that this machine's data does not hold: entities tell it anew."""
    try:
        return ZoneInfo(connection.zone) if connection.zone else None
    except (ZoneInfoNotFoundError, ValueError):
        log.exception("unknown zone", marker="[SYNC]", zone=connection.zone)
        return None
