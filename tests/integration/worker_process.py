"""A worker as a process of its own: what `metricx worker` runs, with a fault built in if asked.

Settings come from the environment: BOOTSTRAP, PREFIX, GROUP, WRITER, CHUNK, FAILPOINT, MUTANT and
CLOCK.
"""

import os
import sys

import processors.failpoints as failpoints
import processors.worker as worker


def main() -> int:
    """Run until told to stop; the worker's own exit code."""
    if mutant := os.environ.get("MUTANT"):
        from tests.chaos.mutants import MUTANTS

        MUTANTS[mutant]()
    if clock := os.environ.get("CLOCK"):
        from tests.chaos.clocks import inject

        inject(clock)
    failpoints.arm(os.environ.get("FAILPOINT"))
    return worker.run(
        bootstrap=os.environ["BOOTSTRAP"],
        topic_prefix=os.environ["PREFIX"],
        group=os.environ["GROUP"],
        writer_dsn=os.environ["WRITER"],
        chunk_records=int(os.environ["CHUNK"]),
    )


if __name__ == "__main__":
    sys.exit(main())
