"""One supervisor per data directory."""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from runtime.errors import AlreadyRunning
from runtime.kept import writing


@contextmanager
def data_lock(data: Path, command: str) -> Generator["LockFile"]:
    """Hold the directory; AlreadyRunning if another process does. The kernel frees a dead one's."""
    with writing(data):
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "lock").open("a+")
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already(file, data) from None
        held = LockFile(file, command)
        held.tell(url=None)
        yield held
        file.truncate(0)


class LockFile:
    """Says who holds the directory."""

    def __init__(self, file: IO[str], command: str) -> None:
        self._file = file
        self._command = command

    def tell(self, url: str | None) -> None:
        """Write down where this one can be reached."""
        self._file.seek(0)
        self._file.truncate(0)
        json.dump({"command": self._command, "pid": os.getpid(), "url": url}, self._file)
        self._file.flush()


def _already(file: IO[str], data: Path) -> AlreadyRunning:
    file.seek(0)
    try:
        holder = json.load(file)
    except ValueError:
        holder = {"command": "up", "pid": "unknown", "url": None}
    where = f" at {holder['url']}" if holder["url"] else ""
    return AlreadyRunning(
        f"`metricx {holder['command']}` runs already on {data}{where} (process {holder['pid']}).",
        "Use that one, stop it with Ctrl-C, or set METRICX_DATA_DIR to another directory.",
    )
