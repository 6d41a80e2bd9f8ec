"""Kafka is killed and comes back, while one edge accepts, one is killed, and one publishes."""

import asyncio
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ingest.publisher import Publisher
from schemas.topics import Topic
from tests.ingest.asked import asked
from tests.ingest.edge import Edge
from tests.ingest.own_kafka import OwnKafka
from tests.ingest.topic_content import Lying, content

ROOT = Path(__file__).parents[2]
DOWN_SECONDS = 3.5  # longer than it takes to find a producer stuck
BACK_SECONDS = 40.0


@dataclass
class Outage:
    """What was answered meanwhile, and what lies in the topic afterwards."""

    edge: Edge
    spooled: int  # at the end of the outage
    published: UUID
    by_the_killed: set[UUID]
    left_behind: list[str]  # in the spool folder of the killed process
    lying: list[Lying]

    @property
    def in_the_topic(self) -> set[UUID]:
        """Every event that is there, however often."""
        return {each.event.event_id for each in self.lying}


async def outage(kafka: OwnKafka, prefix: str, folder: Path) -> Outage:
    """Some fifteen seconds in which nothing may be lost."""
    spool, journal = folder / "killed", folder / "journal"
    async with Publisher(
        kafka.bootstrap, prefix, spool_folder=folder / "spool", stuck_after_seconds=2
    ) as publisher:
        edge = Edge(publisher)
        edge.open()
        await until(lambda: len(edge.all_accepted) > 50)
        await kafka.kill()
        doomed = _process(kafka.bootstrap, prefix, spool, journal)
        event = asked()
        publishing = asyncio.create_task(publisher.publish(event))
        await asyncio.sleep(DOWN_SECONDS)
        await until(lambda: journal.exists() and journal.stat().st_size > 20 * 37)
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
        spooled = publisher.spooled
        await kafka.start()
        heir = _process(kafka.bootstrap, prefix, spool, "drain")
        await until(lambda: publisher.spooled == 0 and publishing.done())
        await edge.close()
        await until(lambda: publisher.spooled == 0 and heir.poll() == 0)
    lines = journal.read_text().splitlines()
    return Outage(
        edge,
        spooled,
        event.event_id,
        {UUID(line) for line in lines if len(line) == 36},
        sorted(path.name for path in spool.iterdir()),
        await content(kafka.bootstrap, prefix, Topic.SYNC_REQUESTS),
    )


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it, but not for ever."""
    async with asyncio.timeout(BACK_SECONDS):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def first_seen(lying: list[Lying]) -> dict[UUID, list[UUID]]:
    """Each workspace's events in the order in which they first lie in their partition."""
    found: defaultdict[UUID, dict[UUID, None]] = defaultdict(dict)
    for each in sorted(lying, key=lambda each: (each.partition, each.offset)):
        found[each.event.workspace_id].setdefault(each.event.event_id)
    return {workspace: list(events) for workspace, events in found.items()}


def _process(
    bootstrap: str, prefix: str, spool: Path, journal: Path | str
) -> subprocess.Popen[bytes]:
    module = "tests.ingest.edge_process"
    return subprocess.Popen(
        [sys.executable, "-m", module, bootstrap, prefix, str(spool), str(journal)], cwd=ROOT
    )
