"""Says in OpenAPI what FastAPI cannot derive: the session cookie, and the stream's schema."""

from typing import Any

from fastapi import FastAPI

from accounts.session import COOKIE

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


def describe(app: FastAPI) -> None:
    """Mend the document that the application publishes."""
    publish = app.openapi

    def described() -> dict[str, Any]:
        document = publish()
        document["components"]["securitySchemes"] = {"session": _COOKIE}
        for path in document["paths"].values():
            for operation in path.values():
                _mend(operation)
        return document

    app.openapi = described  # pyright: ignore[reportAttributeAccessIssue]


def _mend(operation: dict[str, Any]) -> None:
    if operation["operationId"] not in _PUBLIC:
        operation["security"] = [{"session": []}]
    for response in operation["responses"].values():
        stream = response.get("content", {}).get("text/event-stream", {})
        if "$ref" in stream.get("schema", {}):
            # The events' data; FastAPI adds that a stream is a string.
            stream["schema"].pop("type", None)
