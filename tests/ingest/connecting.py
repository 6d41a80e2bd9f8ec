"""People who connect accounts: the application over a database, browsers, and the platforms."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx2
from fastapi import FastAPI
from sqlalchemy import Update, delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection, connection_of
from accounts.database import engine, transaction
from accounts.tables.people import audit_log
from accounts.tables.vault import tokens
from tests.api.signing_in import JSON, application, client, new_user
from tests.ingest.consenting import SHOP, at, decide
from tests.sandbox.running import Sandbox
from tests.servers.databases import Database


@dataclass
class Person:
    """Somebody with a browser, signed in."""

    http: httpx2.AsyncClient
    user: dict[str, str]
    user_id: UUID
    workspace_id: UUID

    async def start(self, provider: str, **what: Any) -> str:
        """The page's address."""
        if provider == "shopify":
            what.setdefault("shop", SHOP)
        answer = await self.http.post(f"/auth/{provider}/start", json=what)
        assert answer.status_code == 200, answer.text
        return answer.json()["authorize_url"]

    async def consent(
        self, sandbox: Sandbox, provider: str = "meta", **what: Any
    ) -> dict[str, str]:
        """What they are told after they approved."""
        return await self.back(provider, decide(sandbox, await self.start(provider, **what)))

    async def back(self, provider: str, answer: Mapping[str, str]) -> dict[str, str]:
        """What the page of connections is told when the platform sends them back."""
        reply = await self.http.get(f"/auth/{provider}/callback", params=dict(answer))
        assert reply.status_code == 303, reply.text
        to = urlsplit(reply.headers["location"])
        assert (to.scheme, to.netloc, to.path) == ("", "", "/app/connections")
        return dict(parse_qsl(to.query))


@dataclass
class Scene:
    """The application, its database seen by an auditor, and the platforms."""

    app: FastAPI
    sandbox: Sandbox
    control: AsyncEngine
    auditor: AsyncEngine
    superuser: AsyncEngine
    held: AsyncExitStack

    async def person(self, user: dict[str, str] | None = None) -> Person:
        """Somebody new; or the one of these credentials, in another session."""
        http = await self.held.enter_async_context(client(self.app))
        http.headers.update(JSON)
        path = "/auth/login" if user else "/auth/register"
        user = user or new_user()
        answer = await http.post(path, json={name: user[name] for name in ("email", "password")})
        assert answer.status_code in (200, 201), answer.text
        me = answer.json()
        return Person(http, user, UUID(me["user"]["id"]), UUID(me["workspace"]["id"]))

    async def change(self, statement: Update) -> None:
        """What no role of ours may do."""
        async with self.superuser.begin() as db:
            await db.execute(statement)

    async def kept(self) -> int:
        """Tokens in all workspaces."""
        async with self.auditor.connect() as db:
            return (await db.execute(select(func.count()).select_from(tokens))).scalar_one()

    def exchanged(self, provider: str) -> int:
        """Access tokens that a platform gave out so far."""
        told = self.sandbox.tell("tokens")["tokens"]
        return sum(one["provider"] == provider for one in told)

    async def connection(self, workspace_id: UUID, connection_id: UUID) -> Connection:
        """A connection as it stands."""
        async with transaction(self.control, workspace_id=workspace_id) as db:
            found = await connection_of(db, connection_id)
        assert found is not None
        return found

    async def forget_all(self) -> None:
        """No workspace has a token any more."""
        async with self.superuser.begin() as db:
            await db.execute(delete(tokens))

    async def changes(self, workspace_id: UUID) -> list[str]:
        """The log of changes, oldest first."""
        async with self.auditor.connect() as db:
            query = select(audit_log.c.action).where(audit_log.c.workspace_id == workspace_id)
            return list((await db.execute(query.order_by(audit_log.c.at))).scalars())

    def live(self, provider: str) -> int:
        """Tokens that the platform would still take."""
        told = self.sandbox.tell("tokens")["tokens"]
        return sum(one["provider"] == provider and one["state"] == "live" for one in told)


@asynccontextmanager
async def scene_of(database: Database, sandbox: Sandbox) -> AsyncGenerator[Scene]:
    """A process of the API whose platforms are the sandbox, no fault pending."""
    sandbox.http.delete("/admin/faults")
    control, auditor = engine(database.control), engine(database.auditor)
    superuser = engine(database.superuser)
    async with AsyncExitStack() as held:
        app = await held.enter_async_context(application(database, platforms=at(sandbox)))
        yield Scene(app, sandbox, control, auditor, superuser, held)
    for each in (control, auditor, superuser):
        await each.dispose()
