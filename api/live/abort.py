"""Cuts a connection off at once: closing one waits for a peer that reads no more."""

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

_KEY = "metricx.abort"


class Abortable:
    """ASGI middleware that must stand first: it knows the server's own `send`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with a way to its transport."""
        scope[_KEY] = send
        await self._app(scope, receive, send)


def abort(scope: Scope) -> bool:
    """Drop the request's connection with what it still holds; False if the server has no way to.

    uvicorn's `send` is a method of an object with the transport; a test holds it to that.
    """
    cycle: Any = getattr(scope.get(_KEY), "__self__", None)
    transport: Any = getattr(cycle, "transport", None)
    if transport is None:
        return False
    transport.abort()
    return True
