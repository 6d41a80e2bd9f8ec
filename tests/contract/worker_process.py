"""A worker that projects into `recording`: `python -m tests.contract.worker_process JSON`."""

import json
import logging
import sys
import time
from dataclasses import replace
from typing import Any

from processors.chunk import Chunk
from processors.projection import Folded
from processors.worker import run
from tests.contract.recording import Rows, fold, projection


def stuck(_chunk: Chunk, _state: None) -> Folded[Rows]:
    """A fold that never comes back, and lets nobody else have the event loop."""
    time.sleep(3600)
    raise AssertionError


def main(arguments: dict[str, Any]) -> int:
    """Run until told to stop; `stuck` makes the fold hang."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    chosen = stuck if arguments.pop("stuck", False) else fold
    return run(projections=[replace(projection, fold=chosen)], **arguments)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
