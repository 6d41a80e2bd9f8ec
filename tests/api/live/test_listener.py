"""The listening connection while PostgreSQL is away and after."""

import asyncio

import asyncpg
import pytest
from structlog.testing import capture_logs

import api.live.listener as listeners
from api.live.listener import Listener
from tests.servers.databases import Database

TRIES = 20


async def test_a_long_absence_is_told_once_and_so_is_its_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line each second would bury what else the log says of an outage."""
    monkeypatch.setattr(listeners, "TICK_SECONDS", 0.02)
    gaps = 0
    positions = asyncio.Event()

    def count_gap() -> None:
        nonlocal gaps
        gaps += 1

    listener = Listener(
        database.reader,
        on_notification=lambda _: None,
        on_position=lambda _: positions.set(),
        on_gap=count_gap,
    )
    with capture_logs() as lines:
        await _let_in(database, False)
        listener.start()
        await asyncio.sleep(TRIES * listeners.TICK_SECONDS)
        assert (listener.is_alive, gaps) == (False, 0)
        await _let_in(database, True)
        async with asyncio.timeout(10):
            await positions.wait()
        await listener.stop()
    assert [line["event"] for line in lines] == [
        "Listener lost its connection",
        "Listener is connected again",
    ]
    assert gaps == 1


async def _let_in(database: Database, anybody: bool) -> None:
    superuser = await asyncpg.connect(database.dsns.of_database("postgres").superuser)
    await superuser.execute(f'ALTER DATABASE "{database.name}" ALLOW_CONNECTIONS {anybody}')
    await superuser.close()
