"""How far each account's figures reach, and what stands in the way."""

from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.tables.linked import connections
from readmodels.semantic.views import ad_entity, connection_freshness

Status = Literal["fresh", "late", "failing", "waiting"]

LATE_AFTER = timedelta(minutes=35)  # two turns of the poller's 15 minutes, and some
_PROVIDER_LABELS = {"meta": "Meta", "google": "Google"}


class Freshness(Struct, frozen=True):
    """What is known of one connected account."""

    connection_id: UUID
    provider: str
    account_id: str
    state: str | None  # of the connection; None if it is no longer there
    label: str | None
    zone: str | None  # as the platform says, None until it did
    currency: str | None
    observed_until: datetime | None  # all figures are known until then; None: never read
    last_outcome: str | None
    last_reason: str | None
    last_next_step: str | None
    last_success_at: datetime | None
    data_from: date | None
    data_through: date | None
    last_finished_at: datetime | None  # of the attempt that `last_outcome` tells of

    @property
    def name(self) -> str:
        """What a page calls it."""
        return self.label or f"{provider_label(self.provider)} {self.account_id}"

    def status(self, now: datetime) -> Status:
        """`failing` if the last attempt at any kind failed; `late` if none came lately."""
        if self.last_outcome == "failed" or self.state == "failing":
            return "failing"
        if self.observed_until is None:
            return "waiting"
        return "late" if now - self.observed_until > LATE_AFTER else "fresh"

    def lag_seconds(self, now: datetime) -> int | None:
        """How old its figures are."""
        if self.observed_until is None:
            return None
        return max(0, int((now - self.observed_until).total_seconds()))


def provider_label(provider: str) -> str:
    """A provider as people write it."""
    return _PROVIDER_LABELS.get(provider, provider.title())


async def freshness_of_all(db: AsyncConnection) -> list[Freshness]:
    """Every account that the workspace has connected, tried or not, by provider and id."""
    return [Freshness(*row) for row in await db.execute(_ALL)]


_OWN, _REACH = connections.c, connection_freshness.c
_ID = func.coalesce(_OWN.connection_id, _REACH.connection_id)
_PROVIDER = func.coalesce(_OWN.provider, _REACH.provider)
_ACCOUNT = func.coalesce(_OWN.account_id, _REACH.account_id)
_ALL = (
    select(
        *(_ID, _PROVIDER, _ACCOUNT, _OWN.state),
        func.coalesce(_OWN.label, ad_entity.c.name),
        func.coalesce(ad_entity.c.zone, _OWN.zone),
        func.coalesce(ad_entity.c.currency, _OWN.currency),
        *(_REACH.observed_until, _REACH.last_outcome, _REACH.last_reason, _REACH.last_next_step),
        *(_REACH.last_success_at, _REACH.data_from, _REACH.data_through, _REACH.last_finished_at),
    )
    .select_from(
        connections.join(
            # A connection that is gone leaves its figures behind.
            connection_freshness,
            and_(_OWN.connection_id == _REACH.connection_id),
            full=True,
        ).join(
            ad_entity,
            and_(
                ad_entity.c.provider == _PROVIDER,
                ad_entity.c.account_id == _ACCOUNT,
                ad_entity.c.level == "account",
            ),
            isouter=True,
        )
    )
    .order_by(_PROVIDER, _ACCOUNT, _ID)
)
