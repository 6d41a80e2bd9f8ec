"""Keeps tokens alive: renewed before they end, given up when their platform says so.

Any number of processes may do it: a token is leased to the one that renews it, and what that one
writes counts only while nobody issued it anew.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.audit import SYSTEM, record
from accounts.database import transaction
from accounts.errors import VaultError
from accounts.token_use import died, let_go, unchosen
from accounts.tokens import Token, renew_later, renewed, take_to_renew
from accounts.vault import Vault
from ingest.providers.errors import ProviderError, Throttled, TokenDead, Transient
from ingest.providers.oauth import PATIENCE_SECONDS, OAuthProvider, in_time
from ingest.revocation import revoke

LEASE = timedelta(seconds=3 * PATIENCE_SECONDS)
"""Longer than a renewal may take: a refresh token that rotates must be used by one alone."""

CHOSEN_WITHIN = timedelta(hours=24)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)

_IDLE_SECONDS = 5.0
_TIDY_SECONDS = 60.0

log = structlog.get_logger(__name__)


async def keep_tokens_alive(
    control: AsyncEngine,
    vault: Vault,
    providers: Mapping[str, OAuthProvider],
    idle_seconds: float = _IDLE_SECONDS,
) -> None:
    """For ever: renew what is due, and end consents of which nobody chose an account."""
    upkeep = Upkeep(control, vault, providers)
    loop = asyncio.get_running_loop()
    tidy_at = loop.time()
    while True:
        try:
            if await upkeep.renew_one():
                continue
            if loop.time() >= tidy_at:
                tidy_at = loop.time() + _TIDY_SECONDS
                await upkeep.end_unchosen()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            detail = f"{type(error).__name__}: {error}"[:300]
            log.warning("tokens are out of reach", marker="[AUTH]", error=detail)
        except VaultError as error:
            # Its lease stays: the next turn takes another one.
            log.error("token does not open", marker="[AUTH]", error=str(error))  # noqa: TRY400
            continue
        except Exception:
            log.exception("upkeep of tokens broke", marker="[AUTH]")
        await asyncio.sleep(idle_seconds)


class Upkeep:
    """One process's hand in it."""

    def __init__(
        self, control: AsyncEngine, vault: Vault, providers: Mapping[str, OAuthProvider]
    ) -> None:
        self._control, self._vault = control, vault
        self._providers = {
            name: provider for name, provider in providers.items() if provider.is_configured
        }

    async def renew_one(self) -> bool:
        """Whether one was due; what came of it is written."""
        token = await take_to_renew(self._control, self._vault, LEASE, self._providers)
        if token is None:
            return False
        try:
            async with in_time():
                grant = await self._providers[token.provider].renew(token)
        except TokenDead as error:
            await self._give_up(token, error)
        except (Throttled, Transient) as error:
            await self._put_off(token, error)
        except ProviderError as error:
            if token.expires_at is None or token.expires_at > datetime.now(UTC):
                await self._put_off(token, error)
            else:
                await self._give_up(token, error)
        else:
            async with transaction(self._control, workspace_id=token.workspace_id) as db:
                held = await renewed(db, self._vault, token, grant)
            log.info("token renewed", marker="[AUTH]", provider=token.provider, in_time=held)
        return True

    async def end_unchosen(self) -> None:
        """Consents of which no account was chosen in a day are forgotten, and revoked."""
        for workspace_id, token_id in await unchosen(self._control, CHOSEN_WITHIN):
            async with transaction(self._control, workspace_id=workspace_id) as db:
                token = await let_go(db, self._vault, token_id)
                if token is None:
                    continue  # chosen from meanwhile
                told = {"provider": token.provider}
                await record(db, workspace_id, SYSTEM, "consent.forgotten", token_id, **told)
            await revoke(self._control, self._providers.get(token.provider), token, SYSTEM)

    async def _put_off(self, token: Token, error: ProviderError) -> None:
        """The pause doubles from one attempt to the next."""
        pause = min(FIRST_PAUSE * 2 ** min(token.renew_attempts - 1, 30), LONGEST_PAUSE)
        if isinstance(error, Throttled):
            pause = max(pause, timedelta(seconds=error.retry_after_seconds))
        log.warning(
            "token not renewed",
            marker="[AUTH]",
            provider=token.provider,
            reason=error.reason,
            error=str(error)[:300],
            again_in=pause.total_seconds(),
        )
        async with transaction(self._control, workspace_id=token.workspace_id) as db:
            await renew_later(db, token.token_id, datetime.now(UTC) + pause)

    async def _give_up(self, token: Token, error: ProviderError) -> None:
        """Only the person can mend it: its connections say so."""
        log.warning("token died", marker="[AUTH]", provider=token.provider, error=str(error)[:300])
        await died(
            self._control, token.workspace_id, token.token_id, token.issued_at, str(error)[:500]
        )
