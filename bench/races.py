"""metricx against other engines on the same preloaded topics, in alternating order."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import NamedTuple

from bench.engines import faust, java, metricx
from bench.engines.race import Race
from bench.machine import Machine
from bench.preload import preload
from bench.results import Result, judged
from bench.workload import AdsShape, Sent, SumShape, ads_events, sum_events

SUM = SumShape(events=1_000_000)
COST = SumShape(events=3_000_000)
ADS = AdsShape(accounts=16)
# Faust takes one event at a time: the same workloads, but fewer keys.
FAUST_SUM = SumShape(events=20_000)
FAUST_ADS = AdsShape(accounts=8, ads=12, polls=24)

Runner = Callable[[], Awaitable[Race]]


class Bars(NamedTuple):
    """What is owed against each rival."""

    kafka_streams: float
    faust: float


BARS = {"sum": Bars(0.9, 8), "ads": Bars(1.5, 10)}


async def against_kafka_streams(machine: Machine, job: str, runs: int) -> list[Result]:
    """One worker process of each, on the whole workload."""
    topic, records = await _preloaded(machine, job, "full", _whole(job))
    classpath = java.build()
    threads = await _better_threads(machine, job, topic, records, classpath)
    races = await _alternating(
        {
            "metricx": lambda: metricx.run(machine, job, topic, records),
            "kafka_streams": lambda: java.run(
                machine, job, topic, records, classpath=classpath, threads=threads
            ),
        },
        runs,
    )
    await machine.delete_topics(topic)
    note = f"{records:,} events; Kafka Streams with {threads} thread{'s'[: threads - 1]}"
    ratios = _ratios(races, "kafka_streams", lambda race: race.per_second)
    warm = _ratios(races, "kafka_streams", lambda race: race.warm_per_second)
    bar = BARS[job].kafka_streams
    return [
        judged(f"{job}.vs_kafka_streams", ratios, "×", at_least=bar, note=note),
        judged(f"{job}.vs_kafka_streams.warm", warm, "×", note="second half of the events alone"),
        *_rates(job, races, ("metricx", "kafka_streams"), note),
    ]


async def against_faust(machine: Machine, job: str, runs: int) -> list[Result]:
    """The usual Faust, on fewer keys; ours is given the same few."""
    topic, records = await _preloaded(machine, job, "few", _few(job))
    python = faust.build()
    races = await _alternating(
        {
            "metricx": lambda: metricx.run(machine, job, topic, records),
            "faust": lambda: faust.run(machine, job, topic, records, python=python),
        },
        runs,
    )
    await machine.delete_topics(topic)
    note = f"{records:,} events; Faust with {faust.GUARANTEE}"
    ratios = _ratios(races, "faust", lambda race: race.per_second)
    return [
        judged(f"{job}.vs_faust", ratios, "×", at_least=BARS[job].faust, note=note),
        *_rates(job, races, ("faust",), note),
    ]


async def _better_threads(
    machine: Machine, job: str, topic: str, records: int, classpath: str
) -> int:
    """Kafka Streams' better number of threads on this machine, found before the runs that count."""
    found: dict[int, float] = {}
    for threads in (1, 2):
        race = await java.run(machine, job, topic, records, classpath=classpath, threads=threads)
        found[threads] = race.per_second
        print(f"  kafka_streams, {threads} thread(s): {race.per_second:,.0f}/s", flush=True)
    return max(found, key=lambda threads: found[threads])


async def _alternating(engines: Mapping[str, Runner], runs: int) -> dict[str, list[Race]]:
    """Each engine `runs` times, the order turned round each time; all must find the same rows."""
    races: dict[str, list[Race]] = {name: [] for name in engines}
    order = list(engines)
    for _ in range(runs):
        for name in order:
            race = await engines[name]()
            races[name].append(race)
            print(f"  {name}: {race.per_second:,.0f}/s, rows {_short(race)}", flush=True)
        order.reverse()
    totals = [race.totals for race in itertools.chain(*races.values())]
    if any(each != totals[0] for each in totals):
        raise RuntimeError("void: the engines' final rows differ; see the totals above")
    print("  all final rows are equal", flush=True)
    return races


def _ratios(
    races: Mapping[str, list[Race]], rival: str, rate: Callable[[Race], float]
) -> list[float]:
    return [rate(a) / rate(b) for a, b in zip(races["metricx"], races[rival], strict=True)]


def _rates(
    job: str, races: Mapping[str, list[Race]], names: Iterable[str], note: str
) -> list[Result]:
    return [
        judged(f"{job}.{name}", [race.per_second for race in races[name]], "events/s", note=note)
        for name in names
    ]


def _short(race: Race) -> str:
    return " ".join(str(race.totals).split())[:120]


def _whole(job: str) -> Iterable[Sent]:
    return sum_events(SUM) if job == "sum" else ads_events(ADS)


def _few(job: str) -> Iterable[Sent]:
    return sum_events(FAUST_SUM) if job == "sum" else ads_events(FAUST_ADS)


async def _preloaded(
    machine: Machine, job: str, size: str, records: Iterable[Sent]
) -> tuple[str, int]:
    topic = f"bench.{job}.{size}.ad-metrics"
    return topic, await preload(machine, topic, records)


async def exactly_once(machine: Machine, runs: int) -> list[Result]:
    """What the offset row, and besides it the ids of all events, take of the throughput."""
    topic, records = await _preloaded(machine, "sum", "cost", sum_events(COST))
    races = await _alternating_freely(
        {
            "bare": lambda: metricx.run(machine, "sum", topic, records, bare=True),
            "exactly_once": lambda: metricx.run(machine, "sum", topic, records),
            "with_dedup": lambda: metricx.run(machine, "sum-once", topic, records),
        },
        runs,
    )
    await machine.delete_topics(topic)
    note = f"{records:,} events of `sum`; share of the throughput without an offset row"

    def costs(name: str) -> list[float]:
        pairs = zip(races[name], races["bare"], strict=True)
        return [1 - race.per_second / bare.per_second for race, bare in pairs]

    return [
        judged("exactly_once.cost", costs("exactly_once"), "share", at_most=0.10, note=note),
        judged("exactly_once.with_dedup", costs("with_dedup"), "share", at_most=0.25, note=note),
        *(
            judged(f"exactly_once.{name}.rate", [r.per_second for r in races[name]], "events/s")
            for name in races
        ),
    ]


async def _alternating_freely(engines: Mapping[str, Runner], runs: int) -> dict[str, list[Race]]:
    """The same, for one that writes rows of another kind."""
    races: dict[str, list[Race]] = {name: [] for name in engines}
    order = list(engines)
    for _ in range(runs):
        for name in order:
            races[name].append(await engines[name]())
            print(f"  {name}: {races[name][-1].per_second:,.0f}/s", flush=True)
        order.reverse()
    return races
