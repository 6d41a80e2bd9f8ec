"""A Kafka and a PostgreSQL of the bench's own, and what each run needs of them."""

import asyncio
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from runtime.embedded import KafkaServer, PostgresServer
from runtime.migrate import Dsns, create_database, migrate, prepare_roles

PROJECT = Path(__file__).resolve().parents[1]
STATE = PROJECT / ".metricx" / "bench"
"""What may be kept between runs: the rivals' builds and environments."""

DATA = STATE / "data"
"""The servers' data: made anew by each run of the bench, removed at its end."""


@dataclass(frozen=True)
class Machine:
    """Both servers, running."""

    kafka: KafkaServer
    postgres: PostgresServer
    roles: Dsns

    @property
    def bootstrap(self) -> str:
        """What a Kafka client connects to."""
        return self.kafka.bootstrap

    async def database(self, open_from: date) -> Dsns:
        """A migrated database, new and empty, whose quarter-hours are kept from this date on."""
        superuser = self.roles.superuser
        assert superuser is not None
        name = f"b_{secrets.token_hex(5)}"
        await create_database(superuser, name)
        dsns = self.roles.of_database(name)
        await migrate(dsns.owner)
        owner = await asyncpg.connect(dsns.owner)
        await owner.execute("UPDATE processing.open_from SET day = $1", open_from)
        await owner.close()
        return dsns

    async def drop(self, dsns: Dsns) -> None:
        """Remove a database, and write out what it left behind: the next run owes nothing."""
        superuser = await asyncpg.connect(self.roles.superuser)
        name = dsns.owner.rpartition("/")[2]
        await superuser.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await superuser.execute("CHECKPOINT")
        await superuser.close()

    async def make_topic(self, name: str, partitions: int, **configs: str) -> None:
        """An empty topic."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.create_topics(
                [NewTopic(name, partitions, 1, topic_configs={"retention.ms": "-1", **configs})]
            )
            for _ in range(100):  # until the broker leads every partition
                [found] = await admin.describe_topics([name])
                leaders = [each["leader"] for each in found["partitions"]]
                if len(leaders) == partitions and min(leaders) >= 0:
                    break
                await asyncio.sleep(0.05)
        finally:
            await admin.close()

    async def delete_topics(self, prefix: str) -> None:
        """Remove all topics of this prefix."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            doomed = [name for name in await admin.list_topics() if name.startswith(prefix)]
            if doomed:
                await admin.delete_topics(doomed)
        finally:
            await admin.close()


@contextmanager
def machine(data: Path = DATA) -> Generator[Machine]:
    """Both servers on fresh data, durable settings as everywhere else; gone at the end."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    STATE.mkdir(parents=True, exist_ok=True)
    kafka = KafkaServer(data / "kafka", heap_mb=768)
    postgres = PostgresServer(data / "postgres", shared_buffers="512MB")
    try:
        postgres.start()
        kafka.start()
        roles = asyncio.run(prepare_roles(postgres.dsn(), secrets.token_urlsafe(12)))
        yield Machine(kafka, postgres, roles)
    finally:
        kafka.stop()
        postgres.stop()
        shutil.rmtree(data, ignore_errors=True)
