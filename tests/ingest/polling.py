"""A poller in this process, its workspace, and what it has done so far."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection, connect, connection_of, read_by
from accounts.database import engine, transaction
from accounts.poll_work import Piece, PieceState, enqueue, free, pieces_of
from accounts.tables.linked import connections, poll_work
from accounts.tokens import Grant, keep_token
from accounts.vault import Vault
from accounts.workspaces import add_workspace
from ingest.poller import run
from ingest.schedule import Policy
from sandbox.token import SANDBOX_TOKEN
from schemas.envelope import Envelope
from schemas.sync import Run, SyncRun
from schemas.topics import Topic
from tests.api.signing_in import key_ring
from tests.ingest.consenting import at
from tests.ingest.topic_content import content
from tests.sandbox.running import Sandbox
from tests.servers.databases import Database

NEVER = timedelta(days=1)
QUIET = Policy(today_every=NEVER, entities_every=NEVER, restate_every=NEVER, backfill_days=-1)
"""Entities and today are read once, and nothing else."""


@dataclass
class Polling:
    """One connection, and the servers that its poller works with."""

    bootstrap: str
    prefix: str
    database: Database
    sandbox: Sandbox
    account_id: str
    control: AsyncEngine
    workspace_id: UUID
    connection_id: UUID

    @asynccontextmanager
    async def running(self, policy: Policy, lease_seconds: float = 30) -> AsyncGenerator[None]:
        """A poller, until the end of the block; a defect of it fails the test."""
        stop = asyncio.Event()
        running = asyncio.create_task(
            run(
                kafka_bootstrap=self.bootstrap,
                topic_prefix=self.prefix,
                control_dsn=self.database.control,
                key_ring=key_ring,
                platforms=at(self.sandbox),
                policy=policy,
                schedule_seconds=0.2,
                lease_seconds=lease_seconds,
                stop=stop,
            )
        )
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await running

    async def enqueue(self, *pieces: Piece) -> None:
        """Ask for pieces, as the schedule does."""
        await enqueue(self.control, self.workspace_id, self.connection_id, pieces)

    async def pieces(self) -> dict[str, PieceState]:
        """Poll work as it stands."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            return {state.piece: state for state in await pieces_of(db, self.connection_id)}

    async def connection(self) -> Connection:
        """The connection as it stands."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            found = await connection_of(db, self.connection_id)
        assert found is not None
        return found

    async def connect_again(self, token: str = SANDBOX_TOKEN) -> None:
        """As by a consent: the connection is read by this token."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            vault, grant = Vault(key_ring), Grant(token)
            token_id = await keep_token(db, vault, self.workspace_id, "meta", "shop", grant, None)
            await read_by(db, self.connection_id, token_id)
            await free(db, self.connection_id)

    async def try_again(self) -> None:
        """The pause of a failing connection, and of its pieces, is over."""
        async with transaction(self.control, workspace_id=self.workspace_id) as db:
            await db.execute(update(connections).values(retry_at=func.now()))
            await db.execute(update(poll_work).values(due_at=func.now()))

    async def until(
        self, condition: Callable[[dict[str, PieceState]], bool], seconds: float = 40
    ) -> dict[str, PieceState]:
        """Wait for poll work to be so."""
        async with asyncio.timeout(seconds):
            while not condition(pieces := await self.pieces()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return pieces

    async def published(self, topic: Topic) -> list[Envelope]:
        """What lies in a topic."""
        return [each.event for each in await content(self.bootstrap, self.prefix, topic)]

    async def runs(self) -> list[Run]:
        """The sync runs that were told."""
        events = await self.published(Topic.SYNC_RUNS)
        return [event.body for event in events if isinstance(event, SyncRun)]


@asynccontextmanager
async def polling(
    bootstrap: str,
    prefix: str,
    database: Database,
    sandbox: Sandbox,
    *,
    token: str | None = SANDBOX_TOKEN,
) -> AsyncGenerator[Polling]:
    """A workspace with one connection to the sandbox's first account, whose zone is unknown."""
    account_id = sandbox.tell("health")["accounts"][0]["account_id"]
    control = engine(database.control)
    workspace_id = uuid4()
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_workspace(db, workspace_id, "Shop")
        token_id = None
        if token is not None:
            token_id = await keep_token(
                db, Vault(key_ring), workspace_id, "meta", "shop", Grant(token), None
            )
        connection_id = await connect(
            db,
            workspace_id,
            provider="meta",
            account_id=account_id,
            label="Shop",
            token_id=token_id,
        )
    try:
        yield Polling(
            bootstrap, prefix, database, sandbox, account_id, control, workspace_id, connection_id
        )
    finally:
        await control.dispose()


def all_done(*names: str) -> Callable[[dict[str, PieceState]], bool]:
    """These pieces were read."""
    return lambda pieces: all(name in pieces and pieces[name].state == "done" for name in names)


TODAY_READ = all_done("entities", "today.hours", "today.day")
