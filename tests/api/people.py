"""Members of workspaces, signed in over HTTP, without the cost of a password."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI

from accounts.database import transaction
from accounts.permissions import Role
from accounts.session import COOKIE
from tests.accounts.team import joined, new_user, new_workspace
from tests.api.signing_in import PUBLIC_URL, client


@dataclass(frozen=True)
class Person:
    """Somebody with a browser."""

    id: UUID
    http: httpx2.AsyncClient

    async def me(self) -> Any:
        """What `GET /auth/me` answers."""
        return (await self.http.get("/auth/me")).json()


@dataclass(frozen=True)
class Team:
    """A workspace with one member of each role, each of whom acts there."""

    workspace_id: UUID
    owner: Person
    admin: Person
    viewer: Person

    def of(self, role: Role) -> Person:
        """The member with this role."""
        return {Role.OWNER: self.owner, Role.ADMIN: self.admin, Role.VIEWER: self.viewer}[role]


async def cookie_of(app: FastAPI, user_id: UUID, workspace_id: UUID | None) -> str:
    """The cookie of a new session that acts there."""
    async with transaction(app.state.control_engine, user_id=user_id) as db:
        return await app.state.sessions.open(db, user_id, workspace_id)


@asynccontextmanager
async def signed_in(
    app: FastAPI, user_id: UUID, workspace_id: UUID | None
) -> AsyncGenerator[Person]:
    """A browser with a session of this user."""
    cookie = await cookie_of(app, user_id, workspace_id)
    async with client(app) as http:
        # Where the application's own cookies go, so that a new one replaces it.
        http.cookies.set(COOKIE, f'"{cookie}"', domain=f"{PUBLIC_URL.partition('//')[2]}.local")
        yield Person(user_id, http)


@asynccontextmanager
async def team(app: FastAPI) -> AsyncGenerator[Team]:
    """A new workspace with an owner, an admin and a viewer."""
    control = app.state.control_engine
    owner = await new_user(control, "Olga Owner")
    workspace_id = await new_workspace(control, owner)
    admin = await joined(control, workspace_id, Role.ADMIN, "Adam Admin")
    viewer = await joined(control, workspace_id, Role.VIEWER, "Vera Viewer")
    async with (
        signed_in(app, owner, workspace_id) as first,
        signed_in(app, admin, workspace_id) as second,
        signed_in(app, viewer, workspace_id) as third,
    ):
        yield Team(workspace_id, first, second, third)


@asynccontextmanager
async def stranger(app: FastAPI) -> AsyncGenerator[tuple[Person, UUID]]:
    """Somebody with a workspace of their own, and that workspace."""
    control = app.state.control_engine
    user_id = await new_user(control, "Sven Stranger")
    workspace_id = await new_workspace(control, user_id, "Elsewhere")
    async with signed_in(app, user_id, workspace_id) as person:
        yield person, workspace_id


def code(answer: httpx2.Response) -> tuple[int, str | None]:
    """Status, and the problem's code."""
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if is_problem else None
