"""Our own engine: one worker process, the real transport and projector, down to PostgreSQL."""

import json
import secrets
import sys
from datetime import date

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bench.engines.process import Engine
from bench.engines.race import Race, until_committed
from bench.machine import DATA, Machine
from bench.worker import JOBS
from readmodels.versions import _create_table  # pyright: ignore[reportPrivateUsage]
from runtime.migrate import Dsns

OPEN_FROM = date(2026, 1, 1)


async def run(machine: Machine, job: str, topic: str, records: int, *, bare: bool = False) -> Race:
    """Fold a preloaded topic into a new database; `topic` ends with `ad-metrics`."""
    dsns = await machine.database(OPEN_FROM)
    try:
        if job != "ads":
            await _make_tables(dsns, job)
        return await _run(machine, dsns, job, topic, records, bare)
    finally:
        await machine.drop(dsns)


async def _run(
    machine: Machine, dsns: Dsns, job: str, topic: str, records: int, bare: bool
) -> Race:
    argv = [sys.executable, "-m", "bench.worker", job, "--bootstrap", machine.bootstrap]
    argv += ["--prefix", topic.removesuffix("ad-metrics"), "--records", str(records)]
    argv += ["--group", f"bench-{secrets.token_hex(4)}", "--writer", dsns.writer]
    connection = await asyncpg.connect(dsns.auditor)
    name = JOBS[job].name

    async def position() -> int:
        query = "SELECT sum(next_offset)::bigint FROM processing.projection_offset"
        return await connection.fetchval(f"{query} WHERE projection = $1", name) or 0

    try:
        async with Engine([*argv, *(["--bare"] if bare else [])], DATA / f"{job}.log") as engine:
            if bare:
                seconds = int(await engine.said("last")) - int(await engine.said("first"))
                return Race(records, seconds / 1000, {})
            track = await until_committed(records, position, lambda: engine.is_alive)
            first = int(await engine.said("first")) / 1000
        totals = json.loads(await connection.fetchval(_TOTALS[job]))
        return Race(records, track[-1][0] - first, totals, track)
    finally:
        await connection.close()


async def _make_tables(dsns: Dsns, job: str) -> None:
    """A bench projection's tables; they hold no workspace, so no policy either."""
    projection = JOBS[job]
    url = make_url(dsns.owner).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url)
    async with engine.begin() as owner:
        await owner.exec_driver_sql(f"CREATE SCHEMA {projection.schema}")
        for table in projection.tables:
            await owner.run_sync(_create_table, projection.schema, table)
        everyone = "metricx_writer, metricx_auditor"
        await owner.exec_driver_sql(f"GRANT USAGE ON SCHEMA {projection.schema} TO {everyone}")
        tables = f"ALL TABLES IN SCHEMA {projection.schema}"
        await owner.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE ON {tables} TO {everyone}")
    await engine.dispose()


def _sum_totals(table: str) -> str:
    return f"""
        SELECT json_build_object('rows', count(*), 'spend', sum(spend_micros),
            'impressions', sum(impressions), 'clicks', sum(clicks),
            'placed', sum(spend_micros * ((extract(epoch FROM starts_at)::bigint / 900) % 1000)))
        FROM {table}"""


_TOTALS = {
    "sum": _sum_totals("sum_windows_v1.sum_window"),
    "sum-once": _sum_totals("sum_windows_once_v1.sum_window"),
    "ads": """
        SELECT json_build_object('days', (
            SELECT json_object_agg(level, figures) FROM (
                SELECT level, json_build_array(count(*), sum(spend_micros), sum(impressions),
                    sum(clicks), sum(link_clicks)) AS figures
                FROM readmodels.ad_day GROUP BY level) d),
        'hours', (
            SELECT json_object_agg(level, figures) FROM (
                SELECT level, json_build_array(count(*),
                    sum(spend_micros * label), sum(impressions * label), sum(clicks * label),
                    sum(link_clicks * label)) AS figures
                FROM readmodels.ad_hour GROUP BY level) h),
        'quarters', (
            SELECT json_object_agg(level, figures) FROM (
                SELECT level, json_build_array(count(*), sum(spend_micros * n),
                    sum(impressions * n), sum(clicks * n), sum(link_clicks * n)) AS figures
                FROM (SELECT *, (extract(epoch FROM starts_at)::bigint / 900) % 1000 AS n
                    FROM readmodels.ad_quarter_hour) q GROUP BY level) q))""",
}
"""Sums by which rows of different engines are compared: how many, how much, and where it lies."""
