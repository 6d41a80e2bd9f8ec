"""The one Kafka and the one PostgreSQL of a test run."""

import os

from runtime.embedded import KafkaServer, PostgresServer
from tests.servers.databases import Databases
from tests.servers.places import run_directory


class SharedServers:
    """Started when first asked for.

    METRICX_TEST_KAFKA (bootstrap) and METRICX_TEST_POSTGRES (superuser's DSN) name servers that
    run already; then none is started and none is stopped.
    """

    def __init__(self) -> None:
        self._kafka: KafkaServer | None = None
        self._postgres: PostgresServer | None = None

    def kafka_bootstrap(self) -> str:
        """Kafka's address."""
        if named := os.environ.get("METRICX_TEST_KAFKA"):
            return named
        if self._kafka is None:
            self._kafka = KafkaServer(run_directory() / "kafka")
            self._kafka.start()
        return self._kafka.bootstrap

    def databases(self) -> Databases:
        """Makes databases in the run's PostgreSQL."""
        if named := os.environ.get("METRICX_TEST_POSTGRES"):
            return Databases(named)
        if self._postgres is None:
            # No fsync: what these tests kill is never this server, and its data ends with the run.
            settings = {"fsync": "off"}
            self._postgres = PostgresServer(run_directory() / "postgres", settings=settings)
            self._postgres.start()
        return Databases(self._postgres.dsn())

    def close(self) -> None:
        """End what was started."""
        for server in (self._kafka, self._postgres):
            if server is not None:
                server.kill()
