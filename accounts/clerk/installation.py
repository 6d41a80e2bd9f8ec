"""All of Clerk that one process holds, made once from the settings."""

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.clerk.client import BackendApi
from accounts.clerk.events import UserGone
from accounts.clerk.keys import SigningKeys
from accounts.clerk.mirror import forget, take
from accounts.clerk.repair import Repair
from accounts.clerk.sessions import ClerkSessions
from accounts.clerk.settings import ClerkSettings
from accounts.clerk.strangers import Strangers
from accounts.clerk.users import UserState
from accounts.clerk.verify import Verifier
from accounts.database import transaction
from accounts.deliveries import is_first, purge

SOURCE = "clerk"


class Clerk:
    """Clerk's sessions, its users and its repairs; `close` it at the end."""

    def __init__(
        self, settings: ClerkSettings, control: AsyncEngine, secret_key: str, *, is_demo: bool
    ) -> None:
        """`is_demo`: workspaces of new users are marked as demo data."""
        self._http = httpx2.AsyncClient(follow_redirects=False, timeout=5)
        self._control = control
        self._is_demo = is_demo
        api = None
        if settings.secret_key:
            api = BackendApi(self._http, settings.api_url, settings.secret_key)
        self.settings = settings
        self.verifier = Verifier(SigningKeys(self._http, settings.issuer), settings)
        self.sessions = ClerkSessions(
            control,
            secret_key,
            verifier=self.verifier,
            strangers=Strangers(control, api, is_demo=is_demo),
            api=api,
        )
        self.repair = Repair(control, api, is_demo=is_demo) if api else None

    async def receive(self, event: UserState | UserGone, delivery_id: str, body: bytes) -> None:
        """The effect of a delivery that was signed, once."""
        async with transaction(self._control) as db:
            if not await is_first(db, SOURCE, delivery_id, body):
                return
            if isinstance(event, UserGone):
                await forget(db, event.clerk_id, event.deleted_ms)
            else:
                await take(db, event, is_demo=self._is_demo)
            await purge(db)  # after the lock that each change takes: two never meet in it

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
