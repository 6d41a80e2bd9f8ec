"""Ending tokens at their platform, once nobody here reads by them."""

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.audit import Actor, record
from accounts.database import transaction
from accounts.token_use import is_kept_elsewhere
from accounts.tokens import Token
from ingest.providers.errors import ProviderError
from ingest.providers.oauth import OAuthProvider, in_time

log = structlog.get_logger(__name__)


async def revoke(
    control: AsyncEngine, provider: OAuthProvider | None, token: Token, actor: Actor
) -> None:
    """It ends there as it ended here; the log of changes says so, or why not.

    Not where the same person's consent serves another connection: theirs would end, too.
    """
    if await is_kept_elsewhere(control, token):
        return
    try:
        if provider is None or not provider.is_configured:
            failed = "its app is not set up any more"
        else:
            async with in_time():
                await provider.revoke(token)
            failed = None
    except ProviderError as error:
        failed = error.reason
        log.warning(
            "token not revoked", marker="[AUTH]", provider=token.provider, error=str(error)[:300]
        )
    action = "token.not-revoked" if failed else "token.revoked"
    details = {"provider": token.provider, **({"reason": failed} if failed else {})}
    async with transaction(control, workspace_id=token.workspace_id) as db:
        await record(db, token.workspace_id, actor, action, token.token_id, **details)
