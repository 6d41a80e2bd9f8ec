"""`GET /dashboard/unified` over 30 days, with the windows of ten million events behind it."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench.machine import Machine
from bench.preload import fill
from bench.results import Result, judged
from bench.stack import Stack, stack
from bench.workload import AdsShape, Sent, whole_day_reading

DAYS = 30
SHAPE = AdsShape(accounts=4, ads=300)
PER_SECOND = 50
SECONDS = 20
OK = 200
REFUSED_SECONDS = 10.0
PATH = "/dashboard/unified?timeframe=last_30_days"
NOTE = (
    "1,200 ads × 30 days: the windows of 10.4 M readings (one each five minutes), made from fewer "
    "reads of whole days by the real worker"
)


async def dashboard(machine: Machine, runs: int) -> list[Result]:
    """Latency at 50 requests a second, and what further readings of the same windows cost."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)  # as it moves by itself
    async with stack(machine, yesterday) as house, house.worker():
        passed = await _read_all(machine, house, 0, known_after_days=0)
        few = await _one_by_one(house)
        for after in (1, 2, 3):
            passed = await _read_all(machine, house, passed, known_after_days=after)
        many = await _one_by_one(house)
        found = [await _at_fifty(house) for _ in range(min(runs, 3))]
    note = f"{NOTE}; {PER_SECOND} requests/s for {SECONDS} s"
    growth = f"{passed:,} events over {passed // 4:,} in the same windows, one request at a time"
    return [
        judged("dashboard.p50", [p50 for p50, _ in found], "ms", at_most=25, note=note),
        judged("dashboard.p95", [p95 for _, p95 in found], "ms", at_most=100, note=note),
        judged("dashboard.growth", [many / few], "×", at_most=1.3, note=growth),
        judged("dashboard.alone", [many * 1000], "ms", note="one request at a time, median"),
    ]


async def _read_all(machine: Machine, house: Stack, passed: int, *, known_after_days: int) -> int:
    """One read of every ad's every day; how many events are in PostgreSQL then."""
    sent = await fill(machine, f"{house.prefix}ad-metrics", _reads(house, known_after_days))
    await house.until_passed(passed + sent)
    return passed + sent


def _reads(house: Stack, known_after_days: int) -> Iterator[Sent]:
    random = Random(known_after_days)
    today = datetime.now(UTC).date()
    for back in range(DAYS):
        day: date = today - timedelta(days=back)
        observed_at = datetime(day.year, day.month, day.day, 23, 50, tzinfo=UTC)
        observed_at += timedelta(days=known_after_days)
        for account in range(SHAPE.accounts):
            for ad in range(SHAPE.ads):
                yield whole_day_reading(
                    SHAPE, house.workspace_id, account, ad, day, observed_at, random
                )


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
