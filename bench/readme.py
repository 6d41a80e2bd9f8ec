"""The ratios in `README.md`, written from `bench/results/latest.json`."""

import json
import re
from typing import Any

from bench.machine import PROJECT
from bench.results import LATEST

README = PROJECT / "README.md"

_RATIOS = {
    "sum.vs_kafka_streams": ("Kafka Streams", "quarter-hour sums per key"),
    "ads.vs_kafka_streams": ("Kafka Streams", "ad windows, as they ship"),
    "sum.vs_faust": ("Faust", "quarter-hour sums per key"),
    "ads.vs_faust": ("Faust", "ad windows, as they ship"),
}
_TABLE = re.compile(r"(<!-- ratios -->\n).*?(<!-- end of ratios -->)", re.DOTALL)


def table() -> str:
    """A row for each rival and workload; one that was not measured says so."""
    latest = json.loads(LATEST.read_text())
    measured: dict[str, dict[str, Any]] = {each["name"]: each for each in latest["results"]}
    rows = [
        f"| {rival} | {workload} | {_told(measured.get(name))} |"
        for name, (rival, workload) in _RATIOS.items()
    ]
    head = "| against | workload | metricx is |\n| --- | --- | --- |"
    return "\n".join([head, *rows]) + "\n"


def write_table() -> None:
    """The table between its two marks, as the latest run says."""
    README.write_text(
        _TABLE.sub(lambda found: f"{found[1]}{table()}{found[2]}", README.read_text())
    )


def _told(result: dict[str, Any] | None) -> str:
    if result is None:
        return "not measured yet"
    runs = result["runs"]
    worst = f", {result['worst']:,.3g} × in the worst of {runs} runs" if runs > 1 else ", one run"
    verdict = "holds" if result["ok"] else "is near" if result["near"] else "misses"
    return f"**{result['value']:,.3g} ×** as fast{worst}; {verdict} its bar of {result['bar']}"


if __name__ == "__main__":
    write_table()
