"""Refuses writes that another site made a browser send (Fetch-Metadata, then Origin).

A request with neither `Sec-Fetch-Site` nor `Origin` comes from no browser and is let through: it
carries only the cookies that its sender chose. Every write with a body must say that it is JSON,
which a plain form cannot say.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from web.problem_responses import respond
from web.problems import Problem

_READS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class CrossSiteWrite(Problem):
    """The browser says, by Sec-Fetch-Site or Origin, that another site sent this."""

    status, code, title = 403, "cross-site-write", "Writes from other sites are refused"
    meaning = (
        "By what the browser says, another site sent this. Such writes are refused, so that no "
        "site can act in your name."
    )
    remedy = (
        "Do it in metricx itself. Pages that are served from elsewhere must be allowed by whoever "
        "runs metricx."
    )


class NotJson(Problem):
    """A body that is not declared as application/json."""

    status, code, title = 403, "not-json", "Writes must be sent as application/json"
    meaning = "The body was not declared as JSON. A form of another site could send it, too."
    remedy = "Set the header Content-Type: application/json."


class CrossSiteGuard:
    """ASGI middleware in front of every route."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        public_url: str,
        cors_origins: Collection[str] = (),
    ) -> None:
        """`cors_origins` may write, too."""
        self._app = app
        self._origins = {_origin(url) for url in (public_url, *cors_origins)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with the problem."""
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await respond(scope, problem)(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        if scope["method"] in _READS:
            return None
        headers = Headers(scope=scope)
        if not self._is_ours(headers):
            return CrossSiteWrite("Send this from the application itself, or from no browser.")
        if _has_body(headers) and _media_type(headers) != "application/json":
            return NotJson("Set Content-Type: application/json.")
        return None

    def _is_ours(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site in ("same-origin", "none"):
            return True
        if origin is None:
            return site is None  # neither header: no browser
        if _origin(origin) in self._origins:
            return True
        # An old browser says only Origin; ours if it is the host that was asked.
        return site is None and urlsplit(origin).netloc == headers.get("host", "").lower()


def _origin(url: str) -> str:
    """Scheme, host and port; a URL's path and a trailing slash do not matter."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
