"""Meta's Graph API over HTTP: authorised requests, pages, and retries that obey its throttles."""

import asyncio
import hashlib
import hmac
import random
import re
from collections.abc import AsyncIterator, Mapping
from typing import Generic, TypeVar

import httpx2
import msgspec
import structlog

from ingest.providers.errors import ProviderError, Throttled, TooMuchData, Transient, Unreadable
from ingest.providers.meta.graph_errors import GraphError, raised_for
from ingest.providers.meta.throttle import UNTOLD_PAUSE_SECONDS, Gates, pauses

ATTEMPTS = 4
_PATIENCE_SECONDS = 15.0
"""A pause up to this is waited out in place; a longer one gives the piece of work back."""

REQUEST_SECONDS = 120.0
"""For a whole answer: one that comes byte by byte would never meet a limit between bytes."""

SMALLEST_PAGE = 25

_ERROR = re.compile(rb'\s*\{\s*"error"\s*:')

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 8.0

T = TypeVar("T")

log = structlog.get_logger(__name__)


class _Failure(msgspec.Struct, frozen=True):
    error: GraphError | None = None


class Cursors(msgspec.Struct, frozen=True):
    """Where a page ends."""

    after: str | None = None


class Paging(msgspec.Struct, frozen=True):
    """`next` holds the token: only whether it is there is ever looked at."""

    cursors: Cursors | None = None
    next: str | None = None


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list."""

    data: list[T]
    paging: Paging | None = None

    @property
    def after(self) -> str | None:
        """The cursor of the next page; None on the last, though a cursor is sent there too."""
        if self.paging is None or self.paging.next is None:
            return None
        if self.paging.cursors is None or not self.paging.cursors.after:
            raise Unreadable("a page has a successor but no cursor")
        return self.paging.cursors.after


class GraphClient:
    """Requests with one access token, through gates that others of the app and account share."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        base_url: str,
        token: str,
        *,
        app_secret: str | None,
        gates: Gates,
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._headers = {"authorization": f"Bearer {token}"}
        self._proof = appsecret_proof(app_secret, token) if app_secret else None
        self._gates = gates
        self._request_seconds = request_seconds

    async def get(self, path: str, params: Mapping[str, str], shape: type[T]) -> T:
        """The reply to GET, in this shape; raises ProviderError when nothing helped."""
        for attempt in range(1, ATTEMPTS + 1):
            await self._pass_gates()
            try:
                return decoded(await self._once(path, params), shape)
            except Transient as error:
                if attempt == ATTEMPTS:
                    raise
                log.info("retried", marker="[SYNC]", path=path, attempt=attempt, error=str(error))
                await asyncio.sleep(_pause_seconds(attempt))
            except Throttled as error:
                # The gates have shut for as long as it asks: a short pause passes there.
                if attempt == ATTEMPTS or error.retry_after_seconds > _PATIENCE_SECONDS:
                    raise
        raise AssertionError("unreachable")

    async def pages(
        self, path: str, params: Mapping[str, str], row: type[T], limit: int
    ) -> AsyncIterator[list[T]]:
        """Every page in turn. Where one would be too large, it and the rest come smaller."""
        after: str | None = None
        while True:
            asked = {**params, "limit": str(limit)} | ({"after": after} if after else {})
            try:
                page = await self.get(path, asked, Page[row])
            except TooMuchData:
                if limit <= SMALLEST_PAGE:
                    raise
                limit = max(SMALLEST_PAGE, limit // 4)
                continue
            yield page.data
            if (following := page.after) is None:
                return
            if following == after:
                raise Unreadable(f"{path} repeats the cursor of its page")
            after = following

    async def _pass_gates(self) -> None:
        while wait := self._gates.closed_seconds():
            if wait > _PATIENCE_SECONDS:
                raise Throttled("Meta's allowance is nearly spent", wait)
            await asyncio.sleep(wait)

    async def _once(self, path: str, params: Mapping[str, str]) -> bytes:
        proof = {"appsecret_proof": self._proof} if self._proof else {}
        try:
            async with asyncio.timeout(self._request_seconds):
                reply = await self._http.get(
                    f"{self._base_url}/{path}", params={**params, **proof}, headers=self._headers
                )
        except TimeoutError as error:
            raise Transient(f"{path}: no whole answer in {self._request_seconds} s") from error
        except httpx2.RequestError as error:
            # Never the request itself: its URL may hold the proof.
            raise Transient(f"{path}: {type(error).__name__} {error}") from error
        waits = pauses(reply.headers)
        self._gates.shut(waits)
        error = error_of(reply, max(waits.values(), default=None))
        if isinstance(error, Throttled):
            self._gates.shut({error.scope: error.retry_after_seconds})
        if error is not None:
            raise error
        return reply.content


def appsecret_proof(app_secret: str, token: str) -> str:
    """Shows that the caller knows the app's secret: HMAC-SHA256 of the token, in hex."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def error_of(reply: httpx2.Response, wait: float | None) -> ProviderError | None:
    """What went wrong, if anything; an error can come with HTTP 200."""
    if reply.is_success and not _ERROR.match(reply.content):
        return None
    try:
        error = msgspec.json.decode(reply.content, type=_Failure).error
    except msgspec.MsgspecError:
        error = None
    if error is not None:
        return raised_for(error, reply.status_code, wait)
    if reply.status_code == 429:
        return Throttled("HTTP 429", wait or UNTOLD_PAUSE_SECONDS)
    if reply.status_code >= 500:
        return Transient(f"HTTP {reply.status_code} without a Graph error")
    return Unreadable(f"HTTP {reply.status_code} without a Graph error")


def decoded(content: bytes, shape: type[T]) -> T:
    """A reply in this shape; Unreadable if it has another."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(f"{error}") from error


def _pause_seconds(attempt: int) -> float:
    """Doubling, with jitter, so that many pollers do not come back at once."""
    longest = min(_FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), _LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1.0)
