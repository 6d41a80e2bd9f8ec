"""A Kafka and a PostgreSQL that one test owns and may kill."""

import shutil
from dataclasses import dataclass

from runtime.embedded import KafkaServer, PostgresServer
from tests.servers.databases import Databases


@dataclass
class Pair:
    """Both servers run from `start` to `close`; between, a test does with them what it likes."""

    kafka: KafkaServer
    postgres: PostgresServer

    def start(self) -> None:
        """Start both."""
        self.postgres.start()
        self.kafka.start()

    def databases(self) -> Databases:
        """Makes databases in this pair's PostgreSQL."""
        return Databases(self.postgres.dsn())

    def close(self) -> None:
        """End both and forget their data."""
        for server in (self.kafka, self.postgres):
            server.kill()
            shutil.rmtree(server.data, ignore_errors=True)
