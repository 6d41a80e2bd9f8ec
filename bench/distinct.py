"""`ads` where nothing can be folded together: every reading of a chunk is of another ad."""

from bench.engines import metricx
from bench.machine import Machine
from bench.preload import preload
from bench.results import Result, judged
from bench.workload import AdsShape, ads_events

SHAPE = AdsShape(accounts=64, ads=300, polls=2)


async def distinct(machine: Machine, runs: int) -> list[Result]:
    """How many readings a second a worker keeps up with if no ad comes twice in a chunk."""
    topic = "bench.distinct.ad-metrics"
    records = await preload(machine, topic, ads_events(SHAPE))
    races = [await metricx.run(machine, "ads", topic, records) for _ in range(runs)]
    note = f"{records:,} readings of {SHAPE.accounts * SHAPE.ads:,} ads, two of each"
    return [judged("ads.distinct", [race.per_second for race in races], "events/s", note=note)]
