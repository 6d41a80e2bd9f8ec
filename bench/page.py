"""`docs/performance.md`, written from `bench/results/latest.json`."""
# ruff: noqa: E501  # rows of a table cannot be broken

import json
from typing import Any

from bench.machine import PROJECT
from bench.results import LATEST

PAGE = PROJECT / "docs" / "performance.md"

_OPENING = """\
# Performance

Written by `make bench` from [bench/results/latest.json](../bench/results/latest.json). Bars are what
metricx owes; the rivals' code lies in `bench/rivals/`, each in an environment of its own.
"""

_HOW = """\
## What was measured, and how

Kafka, PostgreSQL, the engine and the load share the one machine named above. Topics are preloaded
with the same bytes for every engine (8 partitions, lz4 batches of 64 KB, as producers send them).
**The clock runs from the first record that the engine's job is handed until the commit that covers
the last one**, watched from outside every 20 ms: start-up is left out for all, warming up is not.
Order alternates from run to run; a ratio is of neighbouring runs; the table shows the median, and the
worst run. After each run the final rows are read from the engine's own store and summed up (how
many, how much, in which window, per level): they must be equal, or the run is void.

- **sum**: events of 211 bytes into 15-minute sums of spend, impressions and clicks per key; 25 per
  window, one in twenty two hours late. Ours: `bench/sum_windows.py`, a projection through the real
  transport and projector into PostgreSQL.
- **ads**: readings of all hours of an ad's day, polled each quarter-hour, into registers,
  quarter-hour, hour and day rows at ad, ad set, campaign and account level: `ad_windows` as it
  ships. A topic that lies ready is what a worker finds that was away, or a rebuild: it then folds
  many readings of an ad at once, which Kafka Streams does only in its cache. `ads.distinct` is the
  other end: every ad once in a chunk.
- **exactly_once.cost**: `sum` with and without locking, comparing and moving the offset row in the
  transaction. **.with_dedup**: the ids of all events are kept besides, by their minute, so that a
  repeated one counts once (`bench/sum_once.py`); the share is that of both.
- **freshness**: 240 ads, 5,000 readings a second; from handing an event to the producer until one
  client of `/live` holds a payload whose position covers it. API, worker, Kafka, PostgreSQL and
  the load generator run on the same cores. The first workload had 3,840 ads, which at that rate is
  more rows than this machine writes (8,050 ms at the median on a busy machine); it was cut to 240.
  A payload leaves at most each 200 ms, so that 100 ms of the median are the spacing's.
- **dashboard**: `/dashboard/unified`, last 30 days, signed in, through a real API process, behind
  which the real worker has folded a poll of every ad each five minutes of 30 days, and with each
  hour's last one a reading of the day's conversions. `.growth` compares that with two polls a day.
- **recovery**: kill -9 of the only worker under 5,000 events/s and a new process at once, until
  less than 5,000 events wait.

## Rivals, and how they were set

| engine | guarantee and store | settings |
| --- | --- | --- |
| metricx | exactly once, PostgreSQL 18 (fsync on, synchronous_commit off for the writer: rows and offsets vanish together and are replayed) | one worker process, four lanes, chunks of up to 20,000 |
| Kafka Streams 4.1.0 | exactly_once_v2, RocksDB with changelog | one process, 1 or 2 stream threads (the better one before the runs that count), commit.interval.ms 1000, 512 MB record cache, heap 2 GB, ParallelGC, lz4, batch.size 256 KB; `sum` in the DSL, `ads` in the Processor API with Jackson's streaming parser and compact binary rows; no repartition |
| faust-streaming 0.15.3 | exactly_once, tables in memory with changelogs | one worker, uvloop, commit interval 1 s, `stream_wait_empty` off, lz4; fewer keys of the same workload, and ours was given the same few |
"""


def write_page() -> None:
    """Write it to its place."""
    PAGE.write_text(page())


def page() -> str:
    """The page of the latest run."""
    latest: dict[str, Any] = json.loads(LATEST.read_text())
    machine, versions = latest["machine"], latest["versions"]
    lines = [
        _OPENING,
        (
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, "
            f"{machine['system']}. Python {versions['python']}, {versions['java']}, "
            f"Kafka {versions['kafka']}, PostgreSQL {versions['postgresql']}."
        ),
        "",
        "| name | value | bar | | worst run | spread | runs | commit, date, load | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_row(each) for each in sorted(latest["results"], key=_order)),
        "",
        "A bar that lies nearer than the spread of its runs is called near, and not failed. `load` is",
        "the machine's as a measure ended; the bench itself makes 1.5 to 4 of it.",
        "",
        _HOW,
    ]
    return "\n".join(lines)


def _order(result: dict[str, Any]) -> tuple[bool, str]:
    return result["bar"] is None, result["name"]


def _row(result: dict[str, Any]) -> str:
    verdict = {True: "holds", False: "missed", None: ""}[result["ok"]]
    if result["near"]:
        verdict += ", near"
    spread = f"{result['spread']:.0%}" if result["runs"] > 1 else ""
    when = f"{result['commit']}, {result['measured_at'][:10]}, {result['load']}"
    cells = [
        result["name"],
        f"{result['value']:,} {result['unit']}",
        result["bar"] or "",
        verdict,
        f"{result['worst']:,}",
        spread,
        str(result["runs"]),
        when,
        result["note"],
    ]
    return f"| {' | '.join(cells)} |"
