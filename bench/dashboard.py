"""`GET /dashboard/unified` over 30 days, with the windows of ten million events behind it."""

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from bench.machine import Machine
from bench.polls import polls
from bench.preload import fill
from bench.results import Result, judged
from bench.stack import Stack, stack
from bench.workload import AdsShape

DAYS = 30
SHAPE = AdsShape(accounts=8, ads=150)
TWICE_A_DAY = range(720, 1441, 720)
EACH_FIVE_MINUTES = range(5, 1441, 5)
PER_SECOND = 50
SECONDS = 20
PATIENCE_SECONDS = 900
OK = 200
REFUSED_SECONDS = 10.0
PATH = "/dashboard/unified?timeframe=last_30_days"


async def dashboard(machine: Machine, runs: int) -> list[Result]:
    """Latency at 50 requests a second, and what a hundred times the events in it cost."""
    async with _read(machine, TWICE_A_DAY, day_each=2) as (house, fewer):
        few = await _one_by_one(house)
    async with _read(machine, EACH_FIVE_MINUTES, day_each=12) as (house, events):
        many = await _one_by_one(house)
        found = [await _at_fifty(house) for _ in range(runs)]
    note = f"{events:,} events of 1,200 ads × {DAYS} days behind it"
    growth = f"{events:,} events over {fewer:,} in the same windows, one request at a time"
    fifty = f"{note}; {PER_SECOND} requests/s for {SECONDS} s"
    return [
        judged("dashboard.p50", [p50 for p50, _ in found], "ms", at_most=25, note=fifty),
        judged("dashboard.p95", [p95 for _, p95 in found], "ms", at_most=100, note=fifty),
        judged("dashboard.growth", [many / few], "×", at_most=1.3, note=growth),
        judged("dashboard.alone", [many * 1000], "ms", note="one request at a time, median"),
    ]


@asynccontextmanager
async def _read(
    machine: Machine, minutes: Sequence[int], day_each: int
) -> AsyncGenerator[tuple[Stack, int]]:
    """A house whose ads were polled at these minutes of each day, today's until now."""
    now = datetime.now(UTC)
    so_far = now.hour * 60 + now.minute
    today = now.date()
    past = [today - timedelta(days=back) for back in range(DAYS - 1, 0, -1)]
    yesterday = today - timedelta(days=1)  # as open_from moves by itself
    async with stack(machine, yesterday) as house, house.worker():
        shape = replace(SHAPE, workspace_id=house.workspace_id)
        events = chain(
            polls(shape, past, minutes, day_each=day_each),
            polls(shape, [today], [each for each in minutes if each < so_far], day_each=day_each),
        )
        sent = await fill(machine, f"{house.prefix}ad-metrics", events)
        await house.until_passed(sent, PATIENCE_SECONDS)
        await house.analyze()
        yield house, sent


async def _one_by_one(house: Stack) -> float:
    """Median seconds of a request, alone."""
    await asyncio.sleep(2)
    took: list[float] = []
    for _ in range(150):
        began = time.perf_counter()
        answer = await house.client.get(PATH)
        answer.raise_for_status()
        took.append(time.perf_counter() - began)
    return statistics.median(took[50:])


async def _at_fifty(house: Stack) -> tuple[float, float]:
    """p50 and p95 in ms, from the instant at which each request was due."""
    took: list[float] = []

    async def ask(due: float) -> None:
        answer = await house.client.get(PATH)
        # One that is turned away counts as late as a client would have given up.
        late = REFUSED_SECONDS if answer.status_code != OK else 0.0
        took.append((time.perf_counter() - due + late) * 1000)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for nth in range(PER_SECOND * SECONDS):
            due = began + nth / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(ask(due))
    quantiles = statistics.quantiles(took, n=100)
    return quantiles[49], quantiles[94]
