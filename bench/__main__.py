"""`python -m bench [NAME…] [--runs N]`: measure, judge, write the results and their page."""

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from bench import races
from bench.dashboard import dashboard
from bench.distinct import distinct
from bench.live import freshness, recovery
from bench.machine import Machine, machine
from bench.page import write_page
from bench.readme import write_readme
from bench.results import Result, machine_facts, write

Measure = Callable[[Machine, int], Coroutine[Any, Any, list[Result]]]

MEASURES: dict[str, Measure] = {
    "ads.vs_kafka_streams": lambda m, runs: races.against_kafka_streams(m, "ads", runs),
    "sum.vs_kafka_streams": lambda m, runs: races.against_kafka_streams(m, "sum", runs),
    "exactly_once": races.exactly_once,
    "freshness": freshness,
    "dashboard": dashboard,
    "recovery": recovery,
    "ads.vs_faust": lambda m, runs: races.against_faust(m, "ads", runs),
    "sum.vs_faust": lambda m, runs: races.against_faust(m, "sum", runs),
    "ads.distinct": distinct,
}


def main() -> int:
    """0 if every bar holds or is nearer than the spread."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    names = asked.names or list(MEASURES)
    if unknown := set(names) - MEASURES.keys():
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    facts = machine_facts()
    results: list[Result] = []
    broken: list[str] = []
    for name in names:
        began = time.monotonic()
        print(f"{name} …", flush=True)
        try:
            with machine() as both:
                found = asyncio.run(MEASURES[name](both, asked.runs))
        except Exception:
            traceback.print_exc()
            broken.append(name)
            continue
        for each in found:
            print(_line(each), flush=True)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
        results += found
        write(found, facts)
        write_page()
        write_readme()
    missed = [each.name for each in results if each.ok is False and not each.near]
    for name in (*missed, *broken):
        print(f"{'broken' if name in broken else 'missed'}: {name}", file=sys.stderr)
    return 1 if missed or broken else 0


def _line(result: Result) -> str:
    verdict = {True: "holds", False: "missed", None: ""}[result.ok]
    bar = f"bar {result.bar}" if result.bar else ""
    return f"  {result.name}: {result.value:,} {result.unit} {bar} {verdict}"


if __name__ == "__main__":
    sys.exit(main())
