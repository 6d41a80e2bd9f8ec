"""What a provider is to whoever connects an account: where consent is asked for, what it gives.

A folder beside this file has `oauth.py` with `open_oauth(settings)` if it can be connected. A
call is one attempt: a person waits, and a code is good but once. Errors are `ProviderError`s.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx2

from accounts.tokens import Grant, Token
from ingest.providers.errors import Rejected, Transient

PATIENCE_SECONDS = 20.0
"""For all that one step of a consent asks of a platform."""

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)


class NotGranted(Rejected):
    """The person agreed to less than can be worked with."""

    next_step = "Start again, and allow everything that is asked for."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is asked, and what the platform's answer must belong to."""

    redirect_uri: str  # the same, to the byte, when the code is exchanged
    verifier: str  # PKCE's, where the platform has it
    shop: str | None = None  # the shop's own domain; None where there are no shops


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person gave: the token, and whose it is there; None if the platform does not say."""

    grant: Grant
    subject: str | None


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """An account that a token opens; `why_closed` is None if it may be read."""

    account_id: str
    name: str
    currency: str | None
    zone: str | None
    why_closed: str | None = None


class OAuthProvider(Protocol):
    """One platform as far as consent and tokens go."""

    @property
    def name(self) -> str:
        """As routes, tokens and connections call it."""
        ...

    @property
    def is_configured(self) -> bool:
        """Whether whoever runs metricx has set its app up."""
        ...

    @property
    def has_shops(self) -> bool:
        """Whether it must be known which shop is asked."""
        ...

    def authorize_url(self, state: str, asked: Asked) -> str:
        """The page on which a person is asked."""
        ...

    def is_genuine(self, answer: Mapping[str, str], now: datetime) -> bool:
        """Whether the parameters that came back are the platform's; True where it signs none."""
        ...

    async def exchange(self, code: str, asked: Asked) -> Consent:
        """The token for a code."""
        ...

    async def renew(self, token: Token) -> Grant:
        """A token that lives longer; TokenDead if only the person can give one."""
        ...

    async def ad_accounts(self, token: Token) -> list[OpenedAccount]:
        """Every account that the token opens, by name."""
        ...

    async def revoke(self, token: Token) -> None:
        """It is good no longer, and with it what else the person gave our app there."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class OpenOAuth(Protocol):
    """The door of a provider's `oauth.py`."""

    def __call__(self, settings: Mapping[str, object]) -> OAuthProvider:
        """The provider with these settings; raises ValueError if they do not fit it."""
        ...


@asynccontextmanager
async def in_time() -> AsyncGenerator[None]:
    """What is asked of a platform meanwhile is answered soon, or Transient."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    except TimeoutError as error:
        raise Transient(f"no answer in {PATIENCE_SECONDS:.0f} s") from error


def ends_at(seconds: float | None, now: datetime) -> datetime | None:
    """When something ends that lives so long; None if it does not say."""
    return None if seconds is None else now + timedelta(seconds=seconds)


def renewal_of(expires_at: datetime, ahead: timedelta) -> datetime:
    """When to renew: so long before the end, but never in the first half of what is left.

    A platform may answer a renewal with no longer life: it must not be asked again and again.
    """
    now = datetime.now(UTC)
    return max(expires_at - ahead, now + (expires_at - now) / 2)


def by_name(accounts: list[OpenedAccount]) -> list[OpenedAccount]:
    """Open ones first, each by name as people sort."""
    return sorted(
        accounts, key=lambda one: (one.why_closed is not None, one.name.casefold(), one.account_id)
    )
