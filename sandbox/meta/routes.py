"""Meta over HTTP: parameters from query, form or JSON; headers; and the faults on the way."""

import asyncio
import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from sandbox.clock import Clock
from sandbox.disturbed import HalfPage
from sandbox.faults import Fault, Faults
from sandbox.meta.call import Call
from sandbox.meta.errors import GraphError, bad_parameter, session_expired
from sandbox.meta.graph import Graph

_VERSION = re.compile(r"v(\d+)\.(\d+)")
_NEWEST, _OLDEST = 26, 25
_THROTTLES = {
    4: (1504022, "(#4) Application request limit reached"),
    17: (2446079, "(#17) User request limit reached"),
    32: (None, "(#32) Page request limit reached"),
    613: (1487742, "(#613) Calls to this api have exceeded the rate limit."),
    80000: (
        2446079,
        "(#80000) There have been too many calls from this ad-account. Wait a bit and try again.",
    ),
    80004: (
        2446079,
        "(#80004) There have been too many calls to this ad-account. Wait a bit and try again.",
    ),
}
_TROUBLES = {
    1: "An unknown error occurred",
    2: "(#2) Service temporarily unavailable",
}


class MetaRoutes:
    """Everything below /meta, as one endpoint."""

    def __init__(self, graph: Graph, clock: Clock, faults: Faults) -> None:
        self._graph, self._clock, self._faults = graph, clock, faults

    async def answer(self, request: Request) -> Response:
        """The answer to one HTTP request."""
        path = [part for part in request.path_params["path"].split("/") if part]
        version = path.pop(0) if path and _VERSION.fullmatch(path[0]) else f"v{_NEWEST}.0"
        fault = self._faults.take(f"{request.url.path}?{request.url.query}")
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        now = self._clock.now()
        if fault and (error := _error_of(fault, now)):
            minutes = fault.minutes if fault.kind == "throttle" else None
            answer = self._graph.refused(error, blocked_minutes=minutes)
        else:
            try:
                call = await _call(request, tuple(path), version)
            except GraphError as malformed:
                answer = self._graph.refused(malformed)
            else:
                answer = self._graph.answer(call, now)
        headers = {
            **answer.headers,
            "facebook-api-version": _served(version),
            "x-fb-trace-id": "Asbx",
            "x-fb-rev": "1",
            "date": format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True),
            "cache-control": "private, no-cache, no-store, must-revalidate",
        }
        response = HalfPage if fault and fault.kind == "half_page" else Response
        return response(
            answer.body,
            answer.status,
            headers,
            media_type="application/json; charset=UTF-8",
        )


async def _call(request: Request, path: tuple[str, ...], version: str) -> Call:
    # Of a parameter that is there twice the last counts: the SDK adds its token to `next` links.
    params = dict(request.query_params.multi_items())
    if request.method == "POST":
        params |= _body_params(request.headers.get("content-type", ""), await request.body())
    bearer = request.headers.get("authorization", "")
    token = bearer[7:] if bearer.lower().startswith("bearer ") else ""
    token = params.pop("access_token", token)
    base_url = f"{request.url.scheme}://{request.url.netloc}/meta/{version}"
    method = params.pop("method", request.method).upper()
    return Call(method, path, params, base_url, token)


def _body_params(content_type: str, body: bytes) -> dict[str, str]:
    if not content_type.startswith("application/json"):
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    try:
        told = json.loads(body or b"{}")
    except ValueError as malformed:
        raise bad_parameter("the request body must be valid JSON.") from malformed
    if not isinstance(told, dict):
        raise bad_parameter("the request body must be a JSON object.")
    return {
        str(key): value if isinstance(value, str) else json.dumps(value)
        for key, value in cast("dict[object, object]", told).items()
    }


def _served(version: str) -> str:
    """An expired version is answered by the oldest usable one, without a word."""
    match = _VERSION.fullmatch(version)
    major = int(match[1]) if match else _NEWEST
    return f"v{min(max(major, _OLDEST), _NEWEST)}.0"


def _error_of(fault: Fault, now: int) -> GraphError | None:
    """The error that a fault answers with; None for those that only disturb the way."""
    match fault.kind:
        case "throttle":
            subcode, message = _THROTTLES.get(fault.code, (None, f"(#{fault.code}) Throttled"))
            return GraphError(
                fault.code,
                fault.message or message,
                status=fault.status,
                subcode=fault.subcode or subcode,
                title="Too many calls",
                user_message="There have been too many calls. Wait a bit and try again.",
            )
        case "error":
            return GraphError(
                fault.code,
                fault.message or _TROUBLES.get(fault.code, f"(#{fault.code}) An error occurred"),
                status=fault.status,
                subcode=fault.subcode,
                transient=fault.code == 2,
            )
        case "expired_token":
            return session_expired(now - 3600, now, status=fault.status)
        case "slow" | "half_page":
            return None
