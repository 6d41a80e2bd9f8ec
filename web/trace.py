"""A trace id for each request: in its log lines, in its problems and in its answer."""

import re
import secrets

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-trace-id"
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Trace:
    """ASGI middleware: takes the id of a W3C `traceparent`, or makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its id in `scope["state"]` and in structlog's context."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        trace_id = trace_id_of(scope)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = trace_id
            await send(message)

        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            await self._app(scope, receive, send_with_id)


def trace_id_of(scope: Scope) -> str:
    """The request's trace id; the same each time it is asked for."""
    state = scope.setdefault("state", {})
    if "trace_id" not in state:
        sent = _TRACEPARENT.match(Headers(scope=scope).get("traceparent", ""))
        zero = "0" * 32
        found = sent.group(1) if sent and sent.group(1) != zero else secrets.token_hex(16)
        state["trace_id"] = found
    return state["trace_id"]
