"""What connections look like on the wire: a card each, and what can be connected."""

from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from api.shapes.auth import Name

ProviderName = Literal["meta", "google", "shopify"]
PROVIDERS: tuple[ProviderName, ...] = get_args(ProviderName)
CardState = Literal[
    "waiting",  # connected, nothing read yet
    "backfilling",
    "healthy",
    "late",
    "rate-limited",
    "failing",
    "paused",
    "disconnected",
    "ready-soon",  # connected, but this version reads nothing of this platform yet
]


class BackfillProgress(BaseModel):
    """How much of the first read is done."""

    done: int
    total: int


class LastRun(BaseModel):
    """How the last read of any kind ended."""

    finished_at: datetime
    outcome: Literal["ok", "throttled", "failed"]
    rows: int
    events: int


class ConnectionCard(BaseModel):
    """A connected account: how it does, how far its figures reach, what to do."""

    id: UUID
    provider: ProviderName
    account_id: str = Field(examples=["700420170042"])
    label: str = Field(examples=["Defang Labs on Meta"])
    state: CardState
    reason: str | None = Field(description="Why it fails")
    next_step: str | None = Field(description="What a person can do about it")
    progress: BackfillProgress | None = Field(description="Of the backfill, while it runs")
    rate_limited_until: datetime | None
    failing_since: datetime | None
    retry_at: datetime | None
    last_success_at: datetime | None
    data_from: date | None
    data_through: date | None
    next_run_at: datetime | None
    last_run: LastRun | None
    restated_days: int = Field(description="Days before today that are read again each day")
    token_expires_at: datetime | None = Field(description="Null: it does not, or none is kept")
    zone: str | None
    currency: str | None
    created_at: datetime
    disconnected_at: datetime | None


class PendingConsent(BaseModel):
    """A consent that was given, of which no account was chosen yet."""

    consent: UUID
    since: datetime


class ConnectableProvider(BaseModel):
    """A platform, and whether it can be connected here."""

    provider: ProviderName
    label: str = Field(examples=["Meta"])
    is_configured: bool = Field(description="Whether whoever runs metricx has set its app up")
    is_read: bool = Field(description="Whether this version reads figures of it")
    pending: PendingConsent | None


class ConnectionList(BaseModel):
    """What is connected, and what can be."""

    providers: list[ConnectableProvider]
    connections: list[ConnectionCard]


class ConnectionChange(BaseModel):
    """What people call it."""

    label: Name
