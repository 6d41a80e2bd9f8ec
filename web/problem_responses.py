"""Turns failures into problem responses, and tells OpenAPI so."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

import asyncpg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import (
    MEDIA_TYPE,
    NO_PAGE,
    BodyTooLarge,
    FieldError,
    Internal,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    ProblemDetails,
    TooManyRequests,
    Unavailable,
    Unreadable,
    problems,
)
from web.trace import HEADER, trace_id_of

log = structlog.get_logger(__name__)

# Cancelled by a deadline, no lock in time, shut down, out of resources: worth another try.
_PASSING_SQLSTATES = ("57014", "55P03", "57P01", "57P02", "57P03", "53", "08", "40001", "40P01")

_KNOWN: Mapping[int, type[Problem]] = {
    kind.status: kind for kind in (Unreadable, NotFound, MethodNotAllowed, InvalidRequest)
}


class WhileReading(HTTPException):
    """A problem met while a body is read, where FastAPI takes anything else for a bad body."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status)
        self.problem = problem


def install(app: FastAPI) -> None:
    """Make every failure of the application a problem, on the wire and in its OpenAPI.

    Comes before any other middleware is added: those stand in front of it.
    """
    app.add_exception_handler(Problem, _own)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for passing in (PoolTimeout, ConnectionError, TimeoutError, asyncpg.PostgresConnectionError):
        app.add_exception_handler(passing, _unavailable)
    app.add_exception_handler(asyncpg.CannotConnectNowError, _unavailable)
    app.add_exception_handler(DBAPIError, _database)
    app.add_middleware(_Defects)
    _describe(app)


def respond(scope: Scope, problem: Problem) -> Response:
    """The problem as an answer to this request; for middleware, which stands before handlers."""
    trace_id = trace_id_of(scope)
    details = ProblemDetails(
        type=problem.type,
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=scope["path"],
        code=problem.code,
        errors=problem.errors,
        trace_id=trace_id,
    )
    return JSONResponse(
        details.model_dump(),
        status_code=problem.status,
        headers={"cache-control": "no-store", HEADER: trace_id, **problem.headers},
        media_type=MEDIA_TYPE,
    )


class _Defects:
    """Innermost ASGI middleware: what no handler expects is answered behind all other layers.

    Starlette's own place for it lies in front of them, so its answer would lack their headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an answer that has begun is cut off by the error."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            if has_begun:
                raise
            answer = await _internal(Request(scope), error)
            await answer(scope, receive, send)


async def _own(request: Request, error: Exception) -> Response:
    return respond(request.scope, cast(Problem, error))


async def _invalid(request: Request, error: Exception) -> Response:
    found = cast(RequestValidationError, error).errors()
    return respond(request.scope, InvalidRequest(errors=field_errors(found)))


def field_errors(found: Sequence[Any]) -> list[FieldError]:
    """pydantic's findings, without the input: it may be a password."""
    return [
        FieldError(
            pointer="".join(f"/{_escaped(part)}" for part in each["loc"]),
            code=str(each["type"]),
            message=_message(each),
        )
        for each in found
    ]


def _message(found: Any) -> str:
    """What a validator of ours says in its own words, before which pydantic puts its own."""
    own = found.get("ctx", {}).get("error") if found["type"] == "value_error" else None
    return str(own or found["msg"])


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


async def _http(request: Request, error: Exception) -> Response:
    """What Starlette itself raises: no such path, no such method, a body that is no JSON."""
    if isinstance(error, WhileReading):
        return respond(request.scope, error.problem)
    raised = cast(HTTPException, error)
    kind = _KNOWN.get(raised.status_code) or _anonymous(raised.status_code)
    return respond(request.scope, kind(headers=raised.headers))


@lru_cache(maxsize=64)
def _anonymous(status: int) -> type[Problem]:
    """A problem for a status that no type of ours names: it has no page."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "The request cannot be served"
    named = {"status": status, "code": f"http-{status}", "title": title}
    kind = type("Anonymous", (Problem,), named)
    kind.type = NO_PAGE
    return kind


async def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("Dependency unavailable", path=request.url.path, error=repr(error))
    return respond(request.scope, Unavailable(headers={"retry-after": "1"}))


async def _database(request: Request, error: Exception) -> Response:
    failed = cast(DBAPIError, error)
    sqlstate = str(getattr(failed.orig, "sqlstate", None) or "")
    if failed.connection_invalidated or sqlstate.startswith(_PASSING_SQLSTATES):
        return await _unavailable(request, error)
    return await _internal(request, error)


async def _internal(request: Request, error: Exception) -> Response:
    """Nothing of the error leaves the house but the id under which the log has it."""
    log.error("Unexpected error", path=request.url.path, exc_info=error)
    return respond(request.scope, Internal())


def _describe(app: FastAPI) -> None:
    """Add to OpenAPI the problem schema and what any body may meet, for FastAPI's own 422."""
    publish = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(publish())
        return app.openapi_schema

    app.openapi = described  # pyright: ignore[reportAttributeAccessIssue]


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        components.pop(unused, None)
    details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    components.update(details.pop("$defs", {}))
    components["ProblemDetails"] = details
    too_large, invalid = problems(BodyTooLarge)[413], problems(InvalidRequest)[422]
    too_many = problems(TooManyRequests)[429]
    paths: dict[str, dict[str, dict[str, Any]]] = schema.get("paths", {})
    for path in paths.values():
        for operation in path.values():
            responses = operation.get("responses", {})
            if "application/json" in responses.get("422", {}).get("content", {}):
                responses["422"] = invalid
            if "requestBody" in operation:
                responses.setdefault("413", too_large)
            responses.setdefault("429", too_many)
    return schema
