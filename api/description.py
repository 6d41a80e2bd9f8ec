"""Says in OpenAPI what FastAPI cannot derive: cookie, API keys, and the stream's schema."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from accounts.permissions import SCOPES, Action
from accounts.session import COOKIE
from web.callers import found_in

_PUBLIC = {
    "register",
    "login",
    "previewInvitation",
    "readAuthMode",
    "receiveClerkWebhook",
    "readHealth",
    "readReadiness",
}
_COOKIE = {
    "type": "apiKey",
    "in": "cookie",
    "name": COOKIE,
    "description": "Set by `POST /auth/login`: `Bearer <jwt>`, HTTP-only, 7 days.",
}


_KEY = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "mx_live_…",
    "description": "An API key of the workspace, made under Settings.",
}


def describe(app: FastAPI) -> None:
    """Mend the document that the application publishes."""
    publish = app.openapi

    def described() -> dict[str, Any]:
        document = publish()
        document["components"]["securitySchemes"] = {"session": _COOKIE, "key": _KEY}
        open_to_keys = set(_open_to_keys(app))
        for path in document["paths"].values():
            for operation in path.values():
                _mend(operation, by_key=operation["operationId"] in open_to_keys)
        return document

    app.openapi = described  # pyright: ignore[reportAttributeAccessIssue]


def _open_to_keys(app: FastAPI) -> Iterator[str]:
    """Operations that a scope of API keys allows."""
    of_keys = frozenset[Action]().union(*SCOPES.values())
    for route in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        for guard in found_in(dependant) if dependant else ():
            if guard.by_key and guard.action in of_keys:
                yield str(getattr(route, "operation_id", ""))


def _mend(operation: dict[str, Any], *, by_key: bool) -> None:
    if operation["operationId"] not in _PUBLIC:
        operation["security"] = [{"session": []}, *([{"key": []}] if by_key else [])]
    for response in operation["responses"].values():
        stream = response.get("content", {}).get("text/event-stream", {})
        if "$ref" in stream.get("schema", {}):
            # The events' data; FastAPI adds that a stream is a string.
            stream["schema"].pop("type", None)
