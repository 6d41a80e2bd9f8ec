"""Clerk's Backend API: one user, all users, and the end of a session there."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TypeVar
from urllib.parse import quote

import httpx2
import msgspec
import structlog

from accounts.clerk.errors import ClerkAway
from accounts.clerk.users import ClerkUser

API_VERSION = "2026-05-12"
PAGE = 100
ATTEMPTS = 4
PATIENCE_SECONDS = 15
"""A pause up to this is waited out; a longer one is told to whoever asked."""

REQUEST_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.25

T = TypeVar("T")

log = structlog.get_logger(__name__)


class BackendApi:
    """Requests with the installation's secret key. All raise ClerkAway when nothing helped."""

    def __init__(self, http: httpx2.AsyncClient, api_url: str, secret_key: str) -> None:
        self._http = http
        self._url = f"{api_url}/v1"
        self._headers = {
            "authorization": f"Bearer {secret_key}",
            "clerk-api-version": API_VERSION,
        }

    async def user(self, clerk_id: str) -> ClerkUser | None:
        """The user as they are now; None if Clerk has none of this id."""
        reply = await self._asked("GET", f"/users/{quote(clerk_id, safe='')}")
        return None if reply.status_code == 404 else _decoded(reply, ClerkUser)

    async def users(self) -> AsyncIterator[list[ClerkUser]]:
        """Every user, page by page.

        Whoever is deleted meanwhile moves the rest up, so a user may be passed over: that one is
        not in the list does not prove that Clerk has lost them.
        """
        offset = 0
        while True:
            params = {"limit": str(PAGE), "offset": str(offset)}
            page = _decoded(await self._asked("GET", "/users", params), list[ClerkUser])
            yield page
            offset += len(page)
            if len(page) < PAGE:
                return

    async def end_session(self, session_id: str) -> None:
        """The session is over at Clerk, too; one that it does not know is."""
        await self._asked("POST", f"/sessions/{quote(session_id, safe='')}/revoke")

    async def _asked(
        self, method: str, path: str, params: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """An answer of 2xx or 404. Others are asked for again, as Retry-After says."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    reply = await self._http.request(
                        method, self._url + path, params=params, headers=self._headers
                    )
            except (httpx2.HTTPError, TimeoutError) as error:
                why, pause = type(error).__name__, _FIRST_PAUSE_SECONDS * 2**attempt
            else:
                if reply.is_success or reply.status_code == 404:
                    return reply
                if reply.status_code < 500 and reply.status_code != 429:
                    raise ClerkAway(f"Clerk refuses with {reply.status_code}.", 60)
                why, pause = str(reply.status_code), _pause_seconds(reply, attempt)
            if attempt == ATTEMPTS or pause > PATIENCE_SECONDS:
                raise ClerkAway(f"Clerk does not answer: {why}.", max(1, round(pause)))
            log.info("Asking Clerk again", marker="[AUTH]", path=path, why=why, pause=pause)
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")


def _pause_seconds(reply: httpx2.Response, attempt: int) -> float:
    """What Retry-After says in seconds, else twice as long each time."""
    told = reply.headers.get("retry-after", "")
    return float(told) if told.isdecimal() else _FIRST_PAUSE_SECONDS * 2**attempt


def _decoded(reply: httpx2.Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(reply.content, type=shape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ClerkAway(f"Clerk's answer cannot be read: {error}") from None
