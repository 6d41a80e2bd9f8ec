"""Mends what webhooks missed: the mirror is compared with Clerk's whole list of users."""

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.clerk.client import BackendApi
from accounts.clerk.mirror import Change, forget, take
from accounts.clerk.users import state_of
from accounts.database import transaction
from accounts.tables.people import clerk_users


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair found and did."""

    seen: int = 0  # users that Clerk listed
    created: int = 0
    updated: int = 0
    deleted: int = 0

    def plus(self, change: Change) -> "Repaired":
        """One change more."""
        if change == "unchanged":
            return self
        return replace(self, **{change: getattr(self, change) + 1})


class Repair:
    """Repairs, one at a time; one per process."""

    def __init__(self, control: AsyncEngine, api: BackendApi, *, is_demo: bool) -> None:
        self._control = control
        self._api = api
        self._is_demo = is_demo
        self._running: asyncio.Task[Repaired] | None = None

    async def run(self) -> Repaired:
        """A whole repair; whoever asks while one runs gets its result. Raises ClerkAway."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="clerk repair")
        return await asyncio.shield(self._running)

    async def _run(self) -> Repaired:
        """Webhooks may come meanwhile: the newer word counts, whoever brings it.

        Only who was mirrored before the list was read can be missing from it, and whoever is
        missing is asked for by name: pages shift while people come and go.
        """
        known = await self._known()
        listed: set[str] = set()
        result = Repaired()
        async for page in self._api.users():
            for state in map(state_of, page):
                listed.add(state.clerk_id)
                if known.get(state.clerk_id, -1) < state.updated_ms:
                    async with transaction(self._control) as db:
                        change = await take(db, state, is_demo=self._is_demo)
                    result = result.plus(change)
        for clerk_id in sorted(known.keys() - listed):
            if await self._api.user(clerk_id) is None:
                async with transaction(self._control) as db:
                    result = result.plus(await forget(db, clerk_id, known[clerk_id]))
        return replace(result, seen=len(listed))

    async def _known(self) -> dict[str, int]:
        """How new what we know of each user is, the deleted ones left out."""
        alive = select(clerk_users.c.clerk_id, clerk_users.c.updated_ms).where(
            clerk_users.c.is_deleted.is_(False)
        )
        async with transaction(self._control) as db:
            return {row.clerk_id: row.updated_ms for row in await db.execute(alive)}
