"""Everything that runs when metricx runs: topics, a database, the API, a user, workers."""

import asyncio
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import httpx2

from bench.engines.metricx import OPEN_FROM
from bench.engines.process import Engine
from bench.machine import DATA, Machine
from runtime.embedded.ports import kept_port
from runtime.migrate import Dsns
from runtime.topics import create_topics

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Stack:
    """A database and topics of its own, and a client that is signed in to the API."""

    machine: Machine
    dsns: Dsns
    prefix: str
    group: str
    client: httpx2.AsyncClient
    workspace_id: UUID
    auditor: "asyncpg.Connection[asyncpg.Record]"

    def worker(self) -> Engine:
        """A worker process of `ad_windows`; the same group each time."""
        argv = [sys.executable, "-m", "bench.worker", "ads", "--writer", self.dsns.writer]
        argv += ["--bootstrap", self.machine.bootstrap, "--prefix", self.prefix]
        return Engine([*argv, "--group", self.group], DATA / "worker.log")

    async def passed(self) -> int:
        """How many events of `ad-metrics` are in PostgreSQL."""
        query = "SELECT sum(next_offset)::bigint FROM processing.projection_offset"
        return await self.auditor.fetchval(f"{query} WHERE projection = 'ad_windows'") or 0

    async def analyze(self) -> None:
        """What autovacuum does within a minute of a bulk load: else plans are made blindly."""
        name = self.dsns.owner.rpartition("/")[2]
        superuser = await asyncpg.connect(self.machine.roles.of_database(name).superuser)
        await superuser.execute("VACUUM ANALYZE")
        await superuser.close()

    async def until_passed(self, count: int, seconds: float = 300) -> None:
        """Wait until so many are."""
        async with asyncio.timeout(seconds):
            while await self.passed() < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@asynccontextmanager
async def stack(machine: Machine, open_from: date = OPEN_FROM) -> AsyncGenerator[Stack]:
    """The API runs and somebody has signed up; no worker yet."""
    dsns = await machine.database(open_from)
    prefix = f"live{secrets.token_hex(3)}."
    await create_topics(machine.bootstrap, prefix)
    port = kept_port(DATA / "api-port")
    argv = [sys.executable, "-m", "bench.api", "--port", str(port)]
    argv += ["--reader", dsns.reader, "--control", dsns.control]
    async with AsyncExitStack() as held:
        held.push_async_callback(machine.drop, dsns)
        held.push_async_callback(machine.delete_topics, prefix)
        auditor = await asyncpg.connect(dsns.auditor)
        held.push_async_callback(auditor.close)
        await held.enter_async_context(Engine(argv, DATA / "api.log"))
        client = await held.enter_async_context(
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        )
        workspace_id = await _sign_up(client)
        group = f"{prefix}worker"
        yield Stack(machine, dsns, prefix, group, client, workspace_id, auditor)


async def _sign_up(client: httpx2.AsyncClient) -> UUID:
    async with asyncio.timeout(30):
        while True:
            try:
                await client.get("/health")
                break
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
    somebody = {"email": f"{secrets.token_hex(6)}@example.com", "password": secrets.token_hex(8)}
    answer = await client.post("/auth/register", json=somebody, headers=JSON)
    answer.raise_for_status()
    return UUID(answer.json()["workspace"]["id"])
