"""An edge in a process of its own, to be killed: `python -m tests.ingest.edge_process …`.

Arguments: bootstrap, topic prefix, spool folder, journal. Each accepted event's id is in the
journal, on the disk, before the next one is asked for. With `drain` as journal it accepts
nothing and ends when its spool, adopted ones included, is empty.
"""

import asyncio
import os
import sys
from pathlib import Path

from ingest.publisher import Publisher
from tests.ingest.asked import asked


async def main(bootstrap: str, prefix: str, spool: str, journal: str) -> None:
    """Accept for ever, or drain."""
    async with Publisher(bootstrap, prefix, spool_folder=Path(spool)) as publisher:
        if journal == "drain":
            while publisher.spooled:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            return
        descriptor = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        while True:
            event = asked()
            await publisher.accept(event)
            os.write(descriptor, f"{event.event_id}\n".encode())
            os.fsync(descriptor)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
