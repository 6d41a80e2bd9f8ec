"""One topic, one database and the workers between them, for tests of the transport."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from readmodels.versions import create_version
from schemas.codec import encode
from schemas.envelope import deterministic_id
from schemas.sync import Asked, SyncRequested
from schemas.topics import Topic
from tests.contract.recording import projection
from tests.servers.databases import Database
from tests.servers.topics import in_own_loop

TOPIC = Topic.SYNC_REQUESTS
_ROOT = Path(__file__).parents[2]
_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
_SPACE = UUID(int=7)


class House:
    """What a test does with Kafka, PostgreSQL and the workers."""

    def __init__(self, bootstrap: str, prefix: str, database: Database, logs: Path) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.database = database
        self._logs = logs
        self._workers: list[subprocess.Popen[bytes]] = []
        self._made = 0
        in_own_loop(_create_tables(database.owner))

    def produce(self, count: int, partitions: range = range(TOPIC.partitions)) -> None:
        """So many events more, dealt out to the partitions in turn."""
        events = [_event(self._made + i) for i in range(count)]
        self._made += count
        in_own_loop(_produce(self.bootstrap, TOPIC.physical(self.prefix), events, partitions))

    def start(self, *, compiled: bool = True, **arguments: Any) -> "subprocess.Popen[bytes]":
        """A worker; by default of this house's group, and with Faust's compiled streams."""
        given = {
            "bootstrap": self.bootstrap,
            "topic_prefix": self.prefix,
            "group": f"{self.prefix}workers",
            "writer_dsn": self.database.writer,
            **arguments,
        }
        log = (self._logs / f"worker-{len(self._workers)}.log").open("wb")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.contract.worker_process", json.dumps(given)],
            cwd=_ROOT,
            stderr=log,
            stdout=log,
            env=os.environ | ({} if compiled else {"NO_CYTHON": "1"}),
        )
        self._workers.append(worker)
        return worker

    def log_of(self, worker: "subprocess.Popen[bytes]") -> str:
        """What the worker has said so far."""
        return (self._logs / f"worker-{self._workers.index(worker)}.log").read_text()

    def query(self, sql: str, *arguments: object) -> list[Any]:
        """Rows of the database, seen by its superuser."""
        return in_own_loop(_query(self.database.superuser, sql, arguments))

    def await_offsets(self, total: int, seconds: float = 25) -> float:
        """Wait until the offsets add up to `total`; how long that took."""
        return self.await_query(
            "select sum(next_offset) from processing.projection_offset", total, seconds
        )

    def await_query(self, sql: str, value: object, seconds: float = 25) -> float:
        """Wait until the query's one value is this."""
        began = time.monotonic()
        while (found := self.query(sql)[0][0]) != value:
            waited = time.monotonic() - began
            said = "\n".join(self.log_of(worker)[-4000:] for worker in self._workers)
            assert waited < seconds, f"{sql}: {found} instead of {value}\n{said}"
            time.sleep(0.1)
        return time.monotonic() - began

    def await_exit(self, worker: "subprocess.Popen[bytes]", seconds: float = 20) -> int:
        """The code with which the worker ends by itself."""
        try:
            return worker.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end: {self.log_of(worker)[-6000:]}") from None

    def stop(self, worker: "subprocess.Popen[bytes]") -> int:
        """Ask it to stop; its exit code."""
        worker.send_signal(signal.SIGTERM)
        return self.await_exit(worker)

    def close(self) -> None:
        """Leave no worker behind."""
        for worker in self._workers:
            worker.kill()
            worker.wait()


@contextmanager
def open_house(bootstrap: str, prefix: str, database: Database, logs: Path) -> Generator[House]:
    """A house with the topic and the recording projection's tables in it."""
    house = House(bootstrap, prefix, database, logs)
    try:
        yield house
    finally:
        house.close()


def _event(number: int) -> bytes:
    return encode(
        SyncRequested(
            v=1,
            event_id=deterministic_id("asked", number),
            workspace_id=_SPACE,
            occurred_at=_AT,
            recorded_at=_AT,
            source="meta",
            body=Asked(
                provider="meta",
                connection_id=_SPACE,
                account_id="1",
                piece=str(number),
                requested_at=_AT,
                requested_by="test",
            ),
        )
    )


async def _produce(bootstrap: str, topic: str, values: list[bytes], partitions: range) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", compression_type="lz4", linger_ms=5
    ) as producer:
        for i, value in enumerate(values):
            partition = partitions[i % len(partitions)]
            await producer.send(topic, value, key=b"key", partition=partition)


async def _query(dsn: str, sql: str, arguments: tuple[object, ...]) -> list[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(sql, *arguments)
    finally:
        await connection.close()


async def _create_tables(owner: str) -> None:
    def create(connection: Connection) -> None:
        create_version(connection, projection.schema, projection.tables)

    engine = create_async_engine(make_url(owner).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(create)
    finally:
        await engine.dispose()
