"""`metricx status`: processes, servers and projections in three tables."""

import json
from pathlib import Path
from typing import Any

import httpx2
import psutil
from rich.console import Console
from rich.table import Table

from accounts.database import engine
from runtime.addresses import at, known_in
from runtime.errors import NotConfigured
from runtime.positions import Reach
from runtime.progress import look
from runtime.reaching import reaching_postgres
from runtime.settings import Settings


async def status(settings: Settings, console: Console) -> int:
    """Print what is known; 0 if all is well, else 1."""
    data = settings.data_dir.absolute()
    running = _running(data)
    known = known_in(data) if running else None
    settings = at(settings, known) if known else settings
    well = _processes(running, data, console)
    well = await _readiness(settings, console) and well
    well = await _projections(settings, console) and well
    return 0 if well else 1


def _running(data: Path) -> list[dict[str, Any]]:
    """The processes of the supervisor that holds this data directory; empty if there is none."""
    states: list[dict[str, Any]] = _read(data / "processes.json") or []
    # A supervisor that was killed leaves the file, and none of its processes.
    return states if any(_lives(state["pid"]) for state in states) else []


def _processes(states: list[dict[str, Any]], data: Path, console: Console) -> bool:
    """Print them; whether all are ready."""
    if not states:
        console.print(f"No `metricx up` or `metricx demo` runs on {data}: start one.")
        return False
    table = Table("process", "state", "pid", "restarts", "since")
    for state in states:
        cells = (state["name"], state["state"], state["pid"], state["restarts"], state["since"])
        table.add_row(*(str(cell) for cell in cells))
    console.print(table)
    return all(state["state"] == "ready" for state in states)


async def _readiness(settings: Settings, console: Console) -> bool:
    """What the API says of itself."""
    url = f"{settings.url()}/ready"
    try:
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(url)
    except httpx2.HTTPError as error:
        console.print(f"{url}: no answer ({type(error).__name__})")
        return False
    console.print(f"{url}: {answer.status_code} {answer.text[:200]}", highlight=False)
    return answer.status_code == 200


async def _projections(settings: Settings, console: Console) -> bool:
    """How far each is behind, what it refused, and which version readers see."""
    try:
        dsn, bootstrap = settings.dsn("auditor"), settings.kafka_bootstrap()
    except NotConfigured as missing:
        console.print(f"Projections: {missing.wrong} {missing.remedy}")
        return False
    auditor = engine(dsn, pool_size=1)
    try:
        async with Reach(auditor, bootstrap, settings.kafka.topic_prefix) as reach:
            with reaching_postgres(dsn):
                found = await look(reach)
    finally:
        await auditor.dispose()
    table = Table("projection", "topic", "events", "behind", "dead letters")
    for (projection, topic), counts in found.sums().items():
        table.add_row(projection, topic, *(f"{count:,}" for count in counts))
    console.print(table)
    for wrong in found.amiss():
        console.print(wrong, highlight=False)
    return not found.amiss()


def _lives(pid: int | None) -> bool:
    return pid is not None and psutil.pid_exists(pid)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
