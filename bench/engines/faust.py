"""The usual Faust: one worker, Tables with changelogs, in an environment of its own."""

import hashlib
import json
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from bench.engines.process import Engine
from bench.engines.race import Race, until_committed
from bench.machine import DATA, PROJECT, STATE, Machine
from bench.workload import PARTITIONS

SOURCES = PROJECT / "bench" / "rivals" / "faust"
GUARANTEE = "exactly_once"
TABLES = {"sum": ("sums",), "ads": ("newest", "known", "glimpses", "days", "quarters")}


def build() -> Path:
    """The rival's own virtual environment, by its own lock; its Python."""
    lock = SOURCES / "requirements.lock"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    folder = STATE / f"faust-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
        subprocess.run(venv, check=True)
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        pip += ["--disable-pip-version-check", "--require-hashes", "--no-deps"]
        subprocess.run([*pip, "--only-binary=:all:", "-r", str(lock)], check=True)
        (folder / "ready").touch()
    return python


async def run(
    machine: Machine,
    job: str,
    topic: str,
    records: int,
    *,
    python: Path,
    guarantee: str = GUARANTEE,
) -> Race:
    """Work off a preloaded topic into Tables and their changelogs."""
    name = f"faust-{secrets.token_hex(5)}"
    state = DATA / name
    argv = [str(python), str(SOURCES / f"{job}_job.py"), topic, name, machine.bootstrap]
    for table in TABLES[job]:  # made ahead: Faust's leader asks for them, but may read too early
        changelog = f"{name}-{table}-changelog"
        await machine.make_topic(changelog, PARTITIONS, **{"cleanup.policy": "compact"})
    admin = AIOKafkaAdminClient(bootstrap_servers=machine.bootstrap)
    await admin.start()

    async def position() -> int:
        found = await admin.list_consumer_group_offsets(name)
        return sum(max(0, each.offset) for tp, each in found.items() if tp.topic == topic)

    try:
        environment = {"PYTHONPATH": f"{PROJECT}:{SOURCES}"}
        log = DATA / f"faust-{job}.log"
        async with Engine([*argv, guarantee, str(state)], log, environment) as engine:
            await engine.said("first")
            track = await until_committed(records, position, lambda: engine.is_alive)
            first = int(await engine.said("first")) / 1000
            await engine.ask("totals")
            totals = json.loads(await engine.said("totals"))
        return Race(records, track[-1][0] - first, totals, track)
    finally:
        await admin.close()
        await machine.delete_topics(name)
        shutil.rmtree(state, ignore_errors=True)
