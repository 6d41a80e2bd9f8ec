"""`metricx migrate` on a PostgreSQL and a Kafka that hold nothing yet, as compose.yaml runs it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from runtime.migrate import Dsns
from tests.servers.databases import Database
from tests.servers.topics import in_own_loop

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def absent_database(empty_database: Database) -> Iterator[Dsns]:
    """DSNs of a database that nobody has made; dropped at the end."""
    name = f"t_{secrets.token_hex(6)}"
    yield empty_database.dsns.of_database(name)
    in_own_loop(_ask(empty_database.superuser, f"drop database if exists {name} with (force)"))


def test_migrate_makes_roles_database_tables_and_topics(
    absent_database: Dsns, empty_database: Database, kafka_bootstrap: str, topic_prefix: str
) -> None:
    """With the superuser's DSN set it needs no administrator, and finds nothing to do again."""
    settings = {
        "METRICX_POSTGRES__SUPERUSER": empty_database.superuser,
        "METRICX_POSTGRES__OWNER": absent_database.owner,
        "METRICX_POSTGRES__WRITER": absent_database.writer,
        "METRICX_POSTGRES__CONTROL": absent_database.control,
        "METRICX_POSTGRES__READER": absent_database.reader,
        "METRICX_POSTGRES__AUDITOR": absent_database.auditor,
        "METRICX_KAFKA__BOOTSTRAP": kafka_bootstrap,
        "METRICX_KAFKA__TOPIC_PREFIX": topic_prefix,
    }
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-m", "runtime", "migrate"],
            cwd=PROJECT,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        assert "Up to date." in said.stdout
    assert in_own_loop(_ask(absent_database.reader, "select count(*) from readmodels.ad_day")) == 0


async def _ask(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
