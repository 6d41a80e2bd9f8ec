"""What an installation makes for itself and must find again: passwords and the secret key."""

import json
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runtime.errors import NotWritable


@contextmanager
def writing(folder: Path) -> Generator[None]:
    """What fails in here is the disk's doing: NotWritable says so in one line."""
    try:
        yield
    except OSError as error:
        raise NotWritable(
            f"Nothing can be kept in {folder}: {error.strerror or error}.",
            "Set METRICX_DATA_DIR to a directory of this user's own, on a disk with room.",
        ) from error


def write_whole(file: Path, value: Any) -> None:
    """The value as JSON, mode 0600; a reader sees the old file or the new one, never a part."""
    with writing(file.parent):
        _write_whole(file, value)


def _write_whole(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as text:
        json.dump(value, text, indent=2)
        text.write("\n")
        text.flush()
        os.fsync(descriptor)
    new.replace(file)


class KeptSecrets:
    """Secrets by name in one file; each is made when first asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str, *, length: int = 24) -> str:
        """The secret of this name, the same at every start."""
        known: dict[str, str] = {}
        if self._file.exists():
            known = json.loads(self._file.read_text())
        if name not in known:
            known[name] = secrets.token_urlsafe(length)
            write_whole(self._file, known)
        return known[name]
