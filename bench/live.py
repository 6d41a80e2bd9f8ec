"""Freshness and recovery: the whole house running, 5,000 readings a second."""

import asyncio
import time
from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from itertools import chain, count, islice

import httpx2
import msgspec

from bench.machine import Machine
from bench.results import Result, judged
from bench.stack import Stack, stack
from bench.steady import Steady
from bench.workload import DAY, AdsShape, Sent, ads_events

PER_SECOND = 5_000
FRESH_SECONDS = 30
WARM_SECONDS = 8
COMMIT_SECONDS = 0.2  # of the dead worker's last statement, which PostgreSQL may have had already
KILL_AFTER_SECONDS = 8
RECOVERY_SECONDS = 35


ACCOUNTS = 8
ADS = 30


def _records(house: Stack, seconds: int) -> list[Sent]:
    """Readings of 240 ads, day after day of quarter-hourly polls, played as fast as asked."""
    shape = AdsShape(ACCOUNTS, ADS, workspace_id=house.workspace_id)
    days = (DAY + timedelta(days=n) for n in count())
    readings = chain.from_iterable(ads_events(shape, day=day) for day in days)
    return list(islice(readings, seconds * PER_SECOND))


async def freshness(machine: Machine, runs: int) -> list[Result]:
    """From handing an event to the producer until an SSE client holds a payload that covers it."""
    found = [await _fresh(machine) for _ in range(runs)]
    note = f"{FRESH_SECONDS} s of {PER_SECOND:,} events/s of {ACCOUNTS * ADS} ads, one SSE client"
    return [
        judged("freshness.p50", [p50 for p50, _ in found], "ms", at_most=300, note=note),
        judged("freshness.p99", [p99 for _, p99 in found], "ms", at_most=1500, note=note),
    ]


async def _fresh(machine: Machine) -> tuple[float, float]:
    """p50 and p99 in ms of one run."""
    async with stack(machine) as house, house.worker():
        records = _records(house, WARM_SECONDS + FRESH_SECONDS)
        steady = Steady(machine.bootstrap, f"{house.prefix}ad-metrics", records, PER_SECOND)
        seen: dict[int, list[tuple[int, float]]] = defaultdict(list)
        watching = asyncio.create_task(_watch(house.client, seen))
        await asyncio.sleep(5)  # the worker joins its group
        began = time.time()
        await steady.run()
        await house.until_passed(len(records), 60)
        await asyncio.sleep(1)
        watching.cancel()
    latencies: list[float] = []
    for handed in steady.handed:
        if handed.at < began + WARM_SECONDS:
            continue
        payloads = seen[handed.partition]
        place = bisect_left(payloads, handed.next_offset, key=lambda each: each[0])
        latencies += [(payloads[place][1] - handed.at) * 1000] * handed.count
    latencies.sort()

    def at(share: float) -> float:
        return latencies[min(len(latencies) - 1, int(share * len(latencies)))]

    return at(0.5), at(0.99)


async def _watch(client: httpx2.AsyncClient, seen: dict[int, list[tuple[int, float]]]) -> None:
    """Note for each partition when a payload came that holds a further position."""
    async with client.stream("GET", "/live") as answer:
        answer.raise_for_status()
        buffer = ""
        async for text in answer.aiter_text():
            at = time.time()
            *events, buffer = (buffer + text).split("\n\n")
            for event in events:
                for line in event.split("\n"):
                    if line.startswith("data: "):
                        _note(seen, msgspec.json.decode(line[6:])["position"], at)


def _note(seen: dict[int, list[tuple[int, float]]], position: str, at: float) -> None:
    for part in position.split(","):
        name, _, offset = part.partition("=")
        projection, _, place = name.partition("/")
        if projection.startswith("ad_windows.") and place.startswith("ad-metrics/"):
            track = seen[int(place.rpartition("/")[2])]
            if not track or track[-1][0] < int(offset):
                track.append((int(offset), at))


async def recovery(machine: Machine, runs: int) -> list[Result]:
    """kill -9 of the only worker; a new one is started at once, as the supervisor does."""
    seconds = [await _recovered(machine) for _ in range(runs)]
    note = "kill -9 under 5,000 events/s, a new process at once; lag under 1 s of data"
    return [judged("recovery.seconds", seconds, "s", at_most=20, note=note)]


async def _recovered(machine: Machine) -> float:
    async with stack(machine) as house:
        records = _records(house, RECOVERY_SECONDS)
        steady = Steady(machine.bootstrap, f"{house.prefix}ad-metrics", records, PER_SECOND)
        async with house.worker() as first:
            sending = asyncio.create_task(steady.run())
            await asyncio.sleep(KILL_AFTER_SECONDS)
            first.process.kill()
            killed = time.monotonic()
        await asyncio.sleep(COMMIT_SECONDS)
        stood = await house.passed()
        async with house.worker():
            # Just after the kill little is behind yet: what counts is what the new one passes.
            at = stood
            while at == stood or steady.sent - at > PER_SECOND:
                await asyncio.sleep(0.05)
                at = await house.passed()
            seconds = time.monotonic() - killed
            sending.cancel()
        return seconds
