"""A demo that nobody starts for some days, told by the shop's clock and the pollers' own books."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from runtime.embedded import PostgresServer
from runtime.stack import DATABASE
from tests.sandbox.running import running
from tests.servers.demo import RunningDemo

AWAY = timedelta(days=3)

_LAST_READ_LONG_AGO = """
    UPDATE control.poll_work SET cursor = jsonb_build_object(
        'observed_at', (cursor->>'observed_at')::timestamptz - $1::interval,
        'last_day', ((cursor->>'last_day')::date - $1::interval)::date)
    WHERE reason = 'today' AND done_at IS NOT NULL
"""


def set_back(demo: RunningDemo) -> None:
    """Before its first start: the shop has only come to the day on which it will be left."""
    _hold(demo, datetime.now(UTC) - AWAY)


async def leave_alone(demo: RunningDemo) -> list[date]:
    """Between two starts: the days pass in the shop, and in what its pollers know of them.

    The clock then stands, so that the truth does. Returns the dates that were missed, the one of
    the leaving among them and the one of the coming back not.
    """
    today = date.fromisoformat(_hold(demo, datetime.now(UTC))["accounts"][0]["today"])
    server = PostgresServer(demo.data / "postgres")
    server.start()
    try:
        connection = await asyncpg.connect(server.dsn(DATABASE))
        assert await connection.execute(_LAST_READ_LONG_AGO, AWAY) == "UPDATE 2"
        await connection.close()
    finally:
        server.stop()
    return [today - timedelta(days=back) for back in range(AWAY.days, 0, -1)]


def _hold(demo: RunningDemo, at: datetime) -> dict[str, Any]:
    arguments = ("--seed", "7", "--days", str(demo.days))
    with running(demo.data / "sandbox", *arguments) as sandbox:
        sandbox.order("clock", action="hold", at=at.isoformat(timespec="seconds"))
        return sandbox.tell("health")


async def spend_by_day(demo: RunningDemo) -> dict[date, int]:
    """What the read models hold, in micros."""
    rows = await ask(
        demo,
        "SELECT day, sum(spend_micros)::bigint AS spend FROM readmodels.ad_day"
        " WHERE level = 'account' GROUP BY 1",
    )
    return {row["day"]: row["spend"] for row in rows}


async def ask(demo: RunningDemo, query: str) -> list[asyncpg.Record]:
    """As the auditor that demo.json names."""
    connection = await asyncpg.connect(json.loads(demo.described.read_text())["postgres"])
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()
