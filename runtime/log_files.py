"""Where the supervisor puts what its processes say: one file each, of bounded size."""

from io import FileIO
from pathlib import Path

_MOST_BYTES = 10_000_000


class LogFile:
    """Appends lines; at 10 MB the file becomes `NAME.log.1` and a new one begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._open()

    def write(self, line: bytes) -> None:
        """One line, without its end."""
        if self._file.closed:  # the disk had no room for a new one
            self._file = self._open()
        self._file.write(line + b"\n")
        if self._file.tell() > _MOST_BYTES:
            self._file.close()
            self.path.replace(self.path.with_suffix(".log.1"))
            self._file = self._open()

    def last_words(self, lines: int = 12) -> str:
        """The end of the file."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, self.path.stat().st_size - 8_192))
                return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
        except OSError as error:  # somebody removed it
            return f"(cannot be read: {error.strerror})"

    def close(self) -> None:
        """Nothing is written any more."""
        self._file.close()

    def _open(self) -> FileIO:
        # Unbuffered: what a full disk did not take must not come back when the file is closed.
        return self.path.open("ab", buffering=0)
