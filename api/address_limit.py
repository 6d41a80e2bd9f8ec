"""Refuses what comes too often from one address, before anything else is done with it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from web.limits import Limits
from web.problem_responses import respond
from web.problems import TooManyRequests

PAGES, PROBES = "/app", ("/health", "/ready")


class AddressLimit:
    """ASGI middleware. Files of the pages do not count: a page is many, and they cost little.

    Nor do probes: whoever waits for a start asks twenty times a second, and must hear the truth.
    """

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with the problem."""
        if scope["type"] == "http" and _counts(scope["path"]):
            try:
                self._limits.request(scope)
            except TooManyRequests as problem:
                await respond(scope, problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _counts(path: str) -> bool:
    return path != PAGES and not path.startswith(f"{PAGES}/") and path not in PROBES
