"""What must outlive a restart: one fsynced file of JSON lines."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]
"""A JSON object whose `kind` says what it is, like world, clock, spend, report or issued."""


class JournalBusy(RuntimeError):
    """Another process writes to the journal."""


class Journal:
    """An append-only list of records; whatever `append` returned from is on the disk."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / "journal.jsonl"
        self._file = path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            self._file.close()
            raise JournalBusy(f"{directory} is in use by another sandbox") from busy
        self._records = _read_and_mend(path)

    def append(self, record: Record) -> None:
        """Keep one record."""
        self._file.write(json.dumps(record, sort_keys=True).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._records.append(record)

    def records(self, *kinds: str) -> Iterator[Record]:
        """The records of some kinds, oldest first."""
        return (record for record in self._records if record["kind"] in kinds)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _read_and_mend(path: Path) -> list[Record]:
    """All whole records; a last line that a crash tore was never acknowledged, and is cut off."""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        with path.open("r+b") as file:
            file.truncate(len(whole))
            os.fsync(file.fileno())
    return [json.loads(line) for line in whole.splitlines()]
