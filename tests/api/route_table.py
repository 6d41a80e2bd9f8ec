"""Every route of the application, hidden ones and mounts included, by method and path."""

import re

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from runtime.application import make_app
from tests.api.signing_in import PUBLIC_URL, SECRET, key_ring

NO_SERVER = "postgresql://nobody@127.0.0.1:1/none"


def route_table(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of each route, in order; a mount has the method GET.

    Not `app.routes` itself: there an included router is one entry that hides its routes.
    """
    return [
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in sorted(getattr(route, "methods", None) or {"GET"})
    ]


def hidden_from_openapi(app: FastAPI) -> list[tuple[str, str]]:
    """Those that the document does not show."""
    shown = {
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    return [each for each in route_table(app) if each not in shown]


def without_server() -> FastAPI:
    """An application that can be looked at, and answers what asks no database."""
    return make_app(
        reader_dsn=NO_SERVER,
        control_dsn=NO_SERVER,
        secret_key=SECRET,
        key_ring=key_ring,
        public_url=PUBLIC_URL,
    )


def filled(path: str) -> str:
    """A path that exists, for one with parameters: of a problem's code, say."""
    return re.sub(r"\{[^}]+\}", "not-found", path)
