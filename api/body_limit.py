"""Refuses bodies that are too long: by their own word before a byte is read, else by count.

FastAPI's `max_body_size` would answer a declared length in plain text and past our headers, and
wrap the `receive` of streams, behind which `live/abort.py` must find the connection.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problem_responses import WhileReading, respond
from web.problems import BodyTooLarge

JSON_BYTES = 64 * 1024
MORE_BYTES: Mapping[str, int] = {
    # A user with three kinds of metadata, 8 KB each, and all their accounts elsewhere.
    "/webhooks/clerk": 256 * 1024,
}
"""Paths that take more than others, and how much."""

_BODILESS = {"GET", "HEAD", "OPTIONS"}  # nobody reads a body of theirs


class BodyLimit:
    """ASGI middleware: JSON is small, but for what a table names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a count on what it reads, or answer with the problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MORE_BYTES.get(scope["path"], JSON_BYTES)
        if _declared(scope) > most:
            await respond(scope, _too_large(most))(scope, receive, send)
        elif scope["method"] in _BODILESS:
            await self._app(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    """Raises once more than `most` bytes have come; what came before was given on."""
    taken = 0

    async def receive_counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise WhileReading(_too_large(most))
        return message

    return receive_counted


def _declared(scope: Scope) -> int:
    """What Content-Length says; the server has refused one that is no number."""
    return int(Headers(scope=scope).get("content-length", "0"))


def _too_large(most: int) -> BodyTooLarge:
    # Closed, for the sender may have any amount left to send.
    return BodyTooLarge(f"This path takes {most:,} bytes.", headers={"connection": "close"})
