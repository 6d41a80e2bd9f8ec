"""A whole plant for one test: topics, a database, workers, a producer, and the verdict."""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaProducer

from tests.integration.workers import Worker
from tests.oracle.lag import BehindError, caught_up
from tests.oracle.rows import Expected
from tests.oracle.verdict import assert_equals_oracle
from tests.servers.databases import Database
from tests.streams.events import Message

SETTLE_SECONDS = 60.0
CHUNK_RECORDS = 500
BATCH_RECORDS = 100
"""More than a batch of 16 KB, uncompressed, holds of our events; chunks end with a batch."""


class Plant:
    """Events go in at `produce`; `verdict` waits until the rows stand and asks the oracle."""

    def __init__(self, bootstrap: str, prefix: str, database: Database, logs: Path) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.database = database
        self.workers: list[Worker] = []
        self._chunk_records = 1
        self._logs = logs

    async def worker(
        self, *, restarts: bool = True, failpoints: Iterable[str] = (), **settings: str
    ) -> Worker:
        """Start one more worker of the group."""
        common = {
            "BOOTSTRAP": self.bootstrap,
            "PREFIX": self.prefix,
            "GROUP": f"{self.prefix}workers",
            "WRITER": self.database.writer,
            "CHUNK": str(CHUNK_RECORDS),
            **settings,
        }
        self._chunk_records = max(self._chunk_records, int(common["CHUNK"]))
        log = self._logs / f"worker-{len(self.workers)}.log"
        made = Worker(common, log, restarts=restarts)
        made.failpoints = list(failpoints)
        self.workers.append(made)
        await made.start()
        return made

    async def produce(self, messages: Iterable[Message], per_second: float = 0) -> int:
        """Send and await every acknowledgement; how many were sent. 0 a second: at once."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True,
            compression_type="lz4", linger_ms=5, max_request_size=1_016_384,
        )  # fmt: skip
        sent: list[asyncio.Future[object]] = []
        began = time.monotonic()
        async with producer:
            for message in messages:
                ahead = len(sent) / per_second - (time.monotonic() - began) if per_second else 0
                if ahead > 0.02:
                    await asyncio.sleep(ahead)
                sent.append(
                    await producer.send(
                        f"{self.prefix}{message.topic}", message.value, message.key,
                        message.partition,
                    )
                )  # fmt: skip
            await asyncio.gather(*sent)
        return len(sent)

    async def verdict(self, within: float = SETTLE_SECONDS) -> Expected:
        """Lag is 0 within the time, without anybody's help, and all rows are the oracle's."""
        await self.settled(within)
        most = self._chunk_records + BATCH_RECORDS
        return await assert_equals_oracle(self.bootstrap, self.prefix, self.database.auditor, most)

    async def settled(self, within: float = SETTLE_SECONDS) -> None:
        """Wait until every projection stands at the end of every partition that holds events."""
        try:
            await caught_up(self.bootstrap, self.prefix, self.database.auditor, within)
        except BehindError as error:
            logs = "\n".join(self._tail(path) for path in sorted(self._logs.glob("*.log")))
            raise BehindError(f"{error}\n{logs}") from error

    async def position(self) -> int:
        """How many records the projections have passed together."""
        connection = await asyncpg.connect(self.database.auditor, timeout=10)
        try:
            query = "SELECT coalesce(sum(next_offset), 0)::bigint FROM processing.projection_offset"
            return await connection.fetchval(query)
        finally:
            await connection.close()

    async def passed(self, records: int, within: float = SETTLE_SECONDS) -> None:
        """Wait until the projections have passed so many records."""
        async with asyncio.timeout(within):
            while await self.position() < records:  # noqa: ASYNC110  # a server is asked
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """End all workers."""
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    def log_of(self, worker: int) -> str:
        """What a worker has said."""
        return (self._logs / f"worker-{worker}.log").read_text(errors="replace")

    @staticmethod
    def _tail(log: Path) -> str:
        return f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-30:])
