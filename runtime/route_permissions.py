"""Which action each route is: found in what it depends on, so that no second list can be wrong."""

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from accounts.permissions import Action
from web.callers import found_in

WITHOUT_WORKSPACE = {
    ("POST", "/auth/register"): "signs up",
    ("POST", "/auth/login"): "signs in",
    ("POST", "/auth/logout"): "ends the caller's own session, if there is one",
    ("GET", "/auth/mode"): "how people sign in here, for the page of whoever has not",
    ("POST", "/webhooks/clerk"): "is signed by Clerk, and by nobody who is signed in",
    ("GET", "/auth/me"): "the caller themselves, wherever they act",
    ("PATCH", "/auth/me"): "the caller themselves, wherever they act",
    ("POST", "/auth/password"): "the caller's own password",
    ("GET", "/auth/sessions"): "the caller's own sessions",
    ("DELETE", "/auth/sessions"): "the caller's own sessions",
    ("DELETE", "/auth/sessions/{session_id}"): "the caller's own sessions",
    ("GET", "/auth/{provider}/callback"): "asks for the role that began it, and says no by a page",
    ("GET", "/workspaces"): "the caller's own workspaces",
    ("POST", "/workspaces"): "makes a workspace, which the caller owns",
    ("POST", "/workspaces/{workspace_id}/enter"): "the caller's own session; members alone may",
    ("POST", "/workspaces/invitations/preview"): "whoever has the link may look",
    ("POST", "/workspaces/invitations/accept"): "joins a workspace in which one had no role",
    ("GET", "/health"): "a probe, which says nothing of anybody",
    ("GET", "/ready"): "a probe, which says nothing of anybody",
    ("GET", "/problems"): "what each problem means",
    ("GET", "/problems/page.css"): "what each problem means",
    ("GET", "/problems/{code}"): "what each problem means",
    ("GET", "/openapi.json"): "what the API is",
    ("HEAD", "/openapi.json"): "what the API is",
    ("GET", "/app"): "the pages, which hold no data",
    ("GET", "/"): "leads to the pages",
}
"""Routes that ask for no role, each with its reason: public, or about the caller alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A route, and the actions that its caller must be allowed."""

    method: str
    path: str
    actions: frozenset[Action]


def asked(app: FastAPI) -> list[Asked]:
    """Every route of the application, in order; a mount has the method GET."""
    found: list[Asked] = []
    for route in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        actions = frozenset(each.action for each in (found_in(dependant) if dependant else ()))
        methods: set[str] = getattr(route, "methods", None) or {"GET"}
        found += [Asked(method, str(route.path), actions) for method in sorted(methods)]
    return found
