"""Asks PostgreSQL for what cards are made of: control tables first, then read models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.connection_list import Linked, linked_connection, linked_connections, pending_consents
from accounts.database import transaction
from accounts.session import Workspace
from api.connections.card import Known, card
from api.connections.polling import Polling
from api.shapes.connections import (
    PROVIDERS,
    ConnectableProvider,
    ConnectionCard,
    ConnectionList,
    PendingConsent,
)
from readmodels.queries.freshness import freshness_of_all, provider_label
from readmodels.queries.reading import reading
from readmodels.queries.sync_runs import last_runs, throttles


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes the cards of a workspace; what a caller may see, the route has asked before."""

    control: AsyncEngine
    reader: AsyncEngine
    polling: Polling

    async def all(self, workspace: Workspace) -> ConnectionList:
        """Every card, oldest connection first, and what can be connected."""
        async with transaction(self.control, workspace_id=workspace.id) as db:
            linked = await linked_connections(db)
            pending = {each.provider: each for each in await pending_consents(db)}
        return ConnectionList(
            providers=[
                ConnectableProvider(
                    provider=provider,
                    label=provider_label(provider),
                    is_configured=provider in self.polling.configured_providers,
                    is_read=provider in self.polling.read_providers,
                    pending=PendingConsent(consent=found.token_id, since=found.since)
                    if (found := pending.get(provider))
                    else None,
                )
                for provider in PROVIDERS
            ],
            connections=await self._made(workspace, linked),
        )

    async def of(self, workspace: Workspace, connection_id: UUID) -> ConnectionCard | None:
        """One card; None if the workspace has no such connection."""
        async with transaction(self.control, workspace_id=workspace.id) as db:
            linked = await linked_connection(db, connection_id)
        if linked is None:
            return None
        [made] = await self._made(workspace, [linked])
        return made

    async def put_off(self, workspace: Workspace, connection_id: UUID) -> list[str]:
        """Its pieces that the platform has asked to wait with."""
        async with reading(self.reader, workspace.id) as db:
            found = await throttles(db, datetime.now(UTC))
        return [each.piece for each in found if each.connection_id == connection_id]

    async def _made(self, workspace: Workspace, linked: Sequence[Linked]) -> list[ConnectionCard]:
        now = datetime.now(UTC)
        async with reading(self.reader, workspace.id) as db:
            reaches = {each.connection_id: each for each in await freshness_of_all(db)}
            runs = await last_runs(db)
            until = await _throttled_until(db, now)
        pace = self.polling.pace_of(is_demo=workspace.is_demo)
        return [
            card(
                Known(
                    each,
                    reaches.get(each.connection.connection_id),
                    runs.get(each.connection.connection_id),
                    until.get(each.connection.connection_id),
                    each.connection.provider in self.polling.read_providers,
                    pace,
                ),
                now,
            )
            for each in linked
        ]


async def _throttled_until(db: AsyncConnection, now: datetime) -> dict[UUID, datetime]:
    """When the last of what is put off may be asked for again, by connection."""
    found: dict[UUID, datetime] = {}
    for each in await throttles(db, now):
        found[each.connection_id] = max(each.until, found.get(each.connection_id, each.until))
    return found
