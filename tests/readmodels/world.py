"""Figures that one can check by hand, brought to the read models by the real projections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from accounts.connections import connect
from accounts.database import engine, transaction
from accounts.workspaces import add_workspace
from processors.projection import registered
from tests.processors.projections.spec import Spec
from tests.servers.databases import Database
from tests.streams.calendars import calendar
from tests.streams.events import (
    Figures,
    Message,
    Owner,
    Path,
    ad_entity,
    day_observation,
    hours_observation,
    sync_run,
)

CENT = 10_000  # micros


@dataclass(frozen=True)
class Account:
    """An ad account of a workspace, with its connection."""

    owner: Owner
    connection_id: UUID
    zone: str
    currency: str

    def delivered(
        self,
        day: date,
        hours: Mapping[int, Figures],
        *,
        campaign: str = "c-1",
        at: datetime | None = None,
    ) -> Message:
        """The one ad of a campaign delivered this in the hours of a date; read at its end."""
        local = calendar(day, self.zone)
        path = Path(campaign, f"{campaign}-s", f"{campaign}-a")
        return hours_observation(
            *(self.owner, "ad", path, day, hours, at or local.ends_at, local, self.currency)
        )

    def converted(
        self,
        day: date,
        *conversions: tuple[str, float, float],
        campaign: str = "c-1",
        at: datetime | None = None,
    ) -> Message:
        """The same ad was credited with these: goal, count and value."""
        path = Path(campaign, f"{campaign}-s", f"{campaign}-a")
        rows = [
            (goal, "default", round(count * 1_000_000), round(worth * 1_000_000))
            for goal, count, worth in conversions
        ]
        read_at = at or calendar(day, self.zone).ends_at
        return day_observation(self.owner, "ad", path, day, rows, read_at, currency=self.currency)

    def read(
        self,
        until: datetime,
        first: date,
        last: date,
        *,
        kind: str | None = None,
        outcome: str = "ok",
        reason: str = "",
    ) -> Message:
        """A run of the poller over these dates ended at this instant; without a kind, of all."""
        return sync_run(
            *(self.owner, uuid4(), self.connection_id, until),
            observed_at=None if outcome == "failed" else _zulu(until),
            outcome=outcome,
            reason=reason or None,
            days={"from": first.isoformat(), "to": last.isoformat()},
            **({"kind": kind} if kind else {}),
        )

    def described(self, at: datetime, name: str = "Main account") -> Message:
        """What the platform says of the account itself."""
        return ad_entity(
            *(self.owner, "account", self.owner.account, at),
            name=name,
            zone=self.zone,
            currency=self.currency,
        )

    def campaign(self, campaign: str, name: str, at: datetime, status: str = "ACTIVE") -> Message:
        """What the platform says of a campaign."""
        return ad_entity(
            *(self.owner, "campaign", campaign, at), campaign_id=campaign, name=name, status=status
        )


@dataclass
class World:
    """One database with all projections; each test takes workspaces of its own."""

    database: Database
    spec: Spec

    @classmethod
    async def open(cls, database: Database) -> "World":
        """All projections, at the ends of their topics; all dates keep quarter-hours."""
        spec = Spec(database, registered())
        await spec.open()
        auditor = await asyncpg.connect(database.auditor)
        positions = await auditor.fetch(
            "SELECT DISTINCT topic, partition, next_offset FROM processing.projection_offset"
        )
        await auditor.close()
        # Tests of one file share a database: each goes on where the one before it ended.
        spec._ends = {(topic, partition): at for topic, partition, at in positions}
        return cls(database, spec)

    async def workspace(self, zone: str = "UTC", currency: str = "USD") -> UUID:
        """A workspace with nothing connected."""
        workspace_id = uuid4()
        control = engine(self.database.control)
        async with transaction(control, workspace_id=workspace_id) as db:
            await add_workspace(db, workspace_id, "Acme", zone=zone, currency=currency)
        await control.dispose()
        return workspace_id

    async def account(
        self,
        workspace_id: UUID,
        name: str = "act_1",
        zone: str = "UTC",
        currency: str = "USD",
        provider: str = "meta",
    ) -> Account:
        """An account connected to the workspace; never read."""
        control = engine(self.database.control)
        async with transaction(control, workspace_id=workspace_id) as db:
            connection_id = await connect(
                db, workspace_id, provider=provider, account_id=name, label=f"Account {name}"
            )
        await control.dispose()
        return Account(Owner(workspace_id, name, provider), connection_id, zone, currency)

    async def happened(self, *messages: Message) -> None:
        """These events were projected."""
        await self.spec.given(*messages)


def each_hour(figures: Sequence[int], labels: Sequence[int] = range(24)) -> dict[int, Figures]:
    """The same figures in each of some hours."""
    return dict.fromkeys(labels, tuple(figures))


def days_before(day: date, days: int) -> date:
    """The date that many days before."""
    return day - timedelta(days=days)


def _zulu(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
