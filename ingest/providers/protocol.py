"""What a provider is to the poller: kinds of read, and a reader for each linked account."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.envelope import Envelope

ENTITIES = "entities"
"""The one kind of read that has no dates: accounts, campaigns, ad sets and ads as they are."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whose account is read, and the token that opens it."""

    workspace_id: UUID
    account_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the platform fixed when the account was made."""

    currency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of read over account-local days, both included; `entities` has none."""

    kind: str
    first: date | None = None
    last: date | None = None


@dataclass(slots=True)
class Progress:
    """How far a read has come; a reader fills it as it goes.

    `observed_at` is the instant before its first request, which all its events share.
    """

    observed_at: datetime | None = None
    rows: int = 0


class Reader(Protocol):
    """Reads one account. Raises ProviderError, and then the read yields no coverage."""

    account_id: str
    """As it stands in events."""

    async def facts(self) -> Facts:
        """Currency and zone; asked for once."""
        ...

    def read(self, wanted: Wanted, progress: Progress) -> AsyncIterator[Envelope]:
        """Every reading of the span, changed or not, then the coverage of each day."""
        ...


class Provider(Protocol):
    """One ad platform. A folder beside this file is one if it holds `open_provider`."""

    @property
    def name(self) -> str:
        """As events and connections call it."""
        ...

    @property
    def dated_kinds(self) -> tuple[str, ...]:
        """Kinds of read that are asked for by days, e.g. `hours` and `day`."""
        ...

    def reader(self, access: Access) -> Reader:
        """A reader of this account; cheap, holds no connection of its own."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class OpenProvider(Protocol):
    """The door of a provider's folder."""

    def __call__(self, settings: Mapping[str, object]) -> Provider:
        """The provider with these settings; raises ValueError if they do not fit it."""
        ...
