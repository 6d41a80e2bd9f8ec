"""Which process may touch a spool folder: the one that holds the lock on its `owner` file."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

_LOCK = "owner"


@dataclass(frozen=True, slots=True)
class Ownership:
    """A folder and the lock that the kernel takes back when this process ends, kill -9 too."""

    folder: Path
    descriptor: int

    def release(self, *, remove: bool) -> None:
        """Give the folder up; remove: it holds no record and goes too."""
        with _alone(self.folder.parent):
            if remove:
                (self.folder / _LOCK).unlink(missing_ok=True)
                if not any(self.folder.iterdir()):
                    self.folder.rmdir()
            os.close(self.descriptor)


def own_new(root: Path) -> Ownership:
    """A new, empty folder of this process."""
    with _alone(root):
        folder = root / uuid4().hex
        folder.mkdir(mode=0o700)
        sync_folder(root)
        if (owned := _take(folder)) is None:
            raise BlockingIOError(f"the lock of a new folder is held: {folder.name}")
        return owned


def adopt_ownerless(root: Path) -> list[Ownership]:
    """Every folder whose process is gone, oldest first; none of a live process."""
    with _alone(root):
        folders = sorted(
            (path for path in root.iterdir() if path.is_dir()),
            key=lambda path: (path.stat().st_ctime_ns, path.name),
        )
        return [owned for folder in folders if (owned := _take(folder)) is not None]


def sync_folder(folder: Path) -> None:
    """The names of the files in it are on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take(folder: Path) -> Ownership | None:
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return Ownership(folder, descriptor)


@contextmanager
def _alone(root: Path) -> Generator[None]:
    """Making, taking and removing folders never overlap between processes."""
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
