"""Users whose token comes before any webhook told of them: Clerk is asked once."""

import asyncio
from collections import OrderedDict
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.clerk.client import BackendApi
from accounts.clerk.mirror import take
from accounts.clerk.users import state_of
from accounts.database import transaction

UNKNOWN_SECONDS = 30.0
_PATIENCE_SECONDS = 5.0
_MOST_UNKNOWN = 10_000


class Strangers:
    """Takes in users at first sight; one per process."""

    def __init__(self, control: AsyncEngine, api: BackendApi | None, *, is_demo: bool) -> None:
        """Without `api` only webhooks bring users."""
        self._control = control
        self._api = api
        self._is_demo = is_demo
        self._unknown: OrderedDict[str, float] = OrderedDict()  # until when Clerk is not asked
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def meet(self, clerk_id: str) -> None:
        """The user is mirrored, if Clerk has them. ClerkAway or TimeoutError if it does not say."""
        if self._api is None or self._unknown.get(clerk_id, 0) > monotonic():
            return
        task = self._asking.get(clerk_id)
        if task is None:
            task = asyncio.create_task(self._ask(self._api, clerk_id), name="clerk user")
            self._asking[clerk_id] = task
            task.add_done_callback(lambda _: self._asking.pop(clerk_id, None))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await asyncio.shield(task)  # it goes on for those who come later

    async def _ask(self, api: BackendApi, clerk_id: str) -> None:
        user = await api.user(clerk_id)
        if user is None:
            self._unknown[clerk_id] = monotonic() + UNKNOWN_SECONDS
            while len(self._unknown) > _MOST_UNKNOWN:
                self._unknown.popitem(last=False)
            return
        async with transaction(self._control) as db:
            await take(db, state_of(user), is_demo=self._is_demo)
