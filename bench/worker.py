"""`python -m bench.worker JOB …`: a real worker of one projection, which says when it began.

It prints `first MILLIS` as it is handed its first chunk. `--bare` leaves out the offset row: what
is then faster is the price of exactly-once.
"""

import argparse
import sys
import time
from typing import Any
from unittest.mock import patch

from bench.sum_once import sum_windows_once
from bench.sum_windows import sum_windows
from processors import worker
from processors.chunk import Chunk
from processors.projection import Projection
from processors.projections.ad_windows import projection as ad_windows
from processors.projector import Outcome, Projector
from processors.tx import Tx

JOBS: dict[str, Projection[Any, Any]] = {
    "sum": sum_windows,
    "sum-once": sum_windows_once,
    "ads": ad_windows,
}


class TimedProjector(Projector):
    """The projector, which tells when it is handed its first chunk and, if asked, when its last."""

    begun = False
    records_left = 0

    async def project(self, chunk: Chunk) -> Outcome:
        """As the real one."""
        if not TimedProjector.begun:
            TimedProjector.begun = True
            say("first")
        outcome = await super().project(chunk)
        TimedProjector.records_left -= len(chunk.records)
        if TimedProjector.records_left == 0:
            say("last")
        return outcome


class BareProjector(TimedProjector):
    """The same writes, in a transaction too, but no offset row is locked, compared or moved."""

    async def _attempt(self, projection: Projection[Any, Any], chunk: Chunk) -> Outcome:
        async with self._transaction(projection) as tx:
            await self._fold_only(tx, projection, chunk)
        return Outcome.APPLIED

    async def _fold_only(self, tx: Tx, projection: Projection[Any, Any], chunk: Chunk) -> None:
        state = await projection.load(tx, chunk)
        await projection.apply(tx, projection.fold(chunk, state).delta)


def say(what: str) -> None:
    """An instant, for the bench that started this process."""
    print(what, time.time_ns() // 1_000_000, flush=True)


def main() -> int:
    """Work until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--writer", required=True)
    parser.add_argument("--records", type=int, default=0)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--chunk", type=int)
    asked = parser.parse_args()
    TimedProjector.records_left = asked.records
    # Without offsets nothing seems committed: the look for vanished commits would read again.
    look_seconds = 1e9 if asked.bare else worker.LOOK_SECONDS
    with (
        patch.object(worker, "Projector", BareProjector if asked.bare else TimedProjector),
        patch.object(worker, "LOOK_SECONDS", look_seconds),
    ):
        return worker.run(
            bootstrap=asked.bootstrap,
            topic_prefix=asked.prefix,
            group=asked.group,
            writer_dsn=asked.writer,
            projections=[JOBS[asked.job]],
            **({"chunk_records": asked.chunk} if asked.chunk else {}),
            closes_dates=False,
        )


if __name__ == "__main__":
    sys.exit(main())
