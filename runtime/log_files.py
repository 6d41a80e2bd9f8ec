"""Where the supervisor puts what its processes say: one file each, of bounded size."""

from pathlib import Path

_MOST_BYTES = 10_000_000


class LogFile:
    """Appends lines; at 10 MB the file becomes `NAME.log.1` and a new one begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")

    def write(self, line: bytes) -> None:
        """One line, without its end."""
        self._file.write(line + b"\n")
        self._file.flush()
        if self._file.tell() > _MOST_BYTES:
            self._file.close()
            self.path.replace(self.path.with_suffix(".log.1"))
            self._file = self.path.open("ab")

    def last_words(self, lines: int = 12) -> str:
        """The end of the file."""
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            file.seek(max(0, size - 8_192))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])

    def close(self) -> None:
        """Nothing is written any more."""
        self._file.close()
