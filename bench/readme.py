"""The ratios in `README.md` and what became of the bars, from `bench/results/latest.json`."""

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
_BARS = re.compile(r"(<!-- bars -->\n).*?(<!-- end of bars -->)", re.DOTALL)


def table() -> str:
    """A row for each rival and workload; one that was not measured says so."""
    measured = {each["name"]: each for each in _results()}
    rows = [
        f"| {rival} | {workload} | {_told(measured.get(name))} |"
        for name, (rival, workload) in _RATIOS.items()
    ]
    head = "| against | workload | metricx is |\n| --- | --- | --- |"
    return "\n".join([head, *rows]) + "\n"


def bars() -> str:
    """How many bars hold and how many of them narrowly; each that is missed, and by how much."""
    owed = [each for each in _results() if each["bar"] is not None]
    held = [each for each in owed if each["ok"]]
    near = sum(each["near"] for each in held)
    missed = [
        f"`{each['name']}` ({each['value']:,} {each['unit']}, owed {each['bar']})"
        for each in owed
        if not each["ok"]
    ]
    return (
        f"- **{len(held)} of {len(owed)} bars hold**, {near} of these by less than their runs"
        f" differ; missed: {', '.join(missed) or 'none'}.\n"
    )


def write_readme() -> None:
    """What stands between its marks, as the latest run says."""
    text = _TABLE.sub(lambda found: f"{found[1]}{table()}{found[2]}", README.read_text())
    README.write_text(_BARS.sub(lambda found: f"{found[1]}{bars()}{found[2]}", text))


def _results() -> list[dict[str, Any]]:
    return json.loads(LATEST.read_text())["results"]


def _told(result: dict[str, Any] | None) -> str:
    if result is None:
        return "not measured yet"
    runs = result["runs"]
    worst = f", {result['worst']:,.3g} × in the worst of {runs} runs" if runs > 1 else ", one run"
    verdict = "holds" if result["ok"] else "misses"
    near = ", narrowly" if result["near"] else ""
    return (
        f"**{result['value']:,.3g} ×** as fast{worst}; {verdict} its bar of {result['bar']}{near}"
    )


if __name__ == "__main__":
    write_readme()
