"""`python -m tests.runtime.bumped COMMAND`: metricx after an update that raises a version.

The fold is the old one, only slow; it is the tables and offsets of its own that matter here.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import processors.projections.ad_windows as ad_windows
import runtime.stack as stack
from processors.chunk import Chunk
from processors.tx import Tx
from runtime.cli import app
from runtime.launch import Launch

_OLD = ad_windows.projection
VERSION = _OLD.version + 1
_CHUNK_SECONDS = 3.0  # so that readers come while it is being filled; a writer may idle for 5


async def _load(tx: Tx, chunk: Chunk) -> Any:
    await asyncio.sleep(_CHUNK_SECONDS)
    return await _OLD.load(tx, chunk)


def _command(name: str, env: Mapping[str, str]) -> Callable[[], Launch]:
    return lambda: Launch(argv=[sys.executable, "-m", "tests.runtime.bumped", name], env=env)


if __name__ == "__main__":
    ad_windows.projection = replace(_OLD, version=VERSION, load=_load)
    stack._command = _command  # its processes are of the same update
    app()
