"""Replies of platforms that speak OAuth and HTTP by the book, as values or errors of our tree."""

from typing import TypeVar

import httpx2
import msgspec

from ingest.providers.errors import (
    ProviderError,
    Rejected,
    Throttled,
    TokenDead,
    Transient,
    Unreadable,
)

UNTOLD_PAUSE_SECONDS = 60.0
_LONGEST_WORDS = 300

T = TypeVar("T")


class _Refusal(msgspec.Struct, frozen=True):
    """RFC 6749, 5.2."""

    error: str
    error_description: str = ""


async def sent(http: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response:
    """The reply, whatever it says; Transient if there is none."""
    try:
        return await http.send(request)
    except httpx2.RequestError as error:
        # Never the request itself: it may hold a secret.
        raise Transient(f"{request.url.host}: {type(error).__name__}") from error


def granted(reply: httpx2.Response, shape: type[T], *, dead: frozenset[str]) -> T:
    """What a token endpoint gave; `dead` are the errors by which it says that a consent ended."""
    if reply.is_success:
        return decoded(reply, shape)
    try:
        said = msgspec.json.decode(reply.content, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise failure(reply, "no words of OAuth") from None
    words = f"{said.error}: {said.error_description}"
    if reply.status_code < 500 and said.error in dead:
        raise TokenDead(words[:_LONGEST_WORDS])
    raise failure(reply, words)


def failure(reply: httpx2.Response, words: str) -> ProviderError:
    """The error that a status stands for."""
    said = f"HTTP {reply.status_code}: {words}"[:_LONGEST_WORDS]
    if reply.status_code == 429:
        return Throttled(said, _seconds(reply.headers.get("retry-after")))
    if reply.status_code >= 500 or reply.is_redirect:
        return Transient(said)
    return Rejected(said)


def decoded(reply: httpx2.Response, shape: type[T]) -> T:
    """The body in this shape."""
    try:
        return msgspec.json.decode(reply.content, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(f"{error}") from error


def _seconds(told: str | None) -> float:
    try:
        return max(float(told or ""), 1.0)
    except ValueError:
        return UNTOLD_PAUSE_SECONDS
