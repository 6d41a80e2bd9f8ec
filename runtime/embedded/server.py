"""The life of one embedded server: start, ready, stop, kill -9, pause.

`metricx up` and `metricx demo` take `prepare` and `is_ready` alone: there the supervisor looks
after the process. The rest is for what has no supervisor: `python -m runtime.embedded`, tests and
bench.
"""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from runtime.errors import MetricxError
from runtime.family import family, tell, wait_gone
from runtime.launch import Launch

_POLL_SECONDS = 0.05


class ServerError(MetricxError):
    """An embedded server could not be prepared or started."""

    def __init__(self, wrong: str, remedy: str = "Its data directory holds its log.") -> None:
        super().__init__(wrong, remedy)


class Server(ABC):
    """One server with its own data directory, owned by the process that made it."""

    name: str
    ready_within_seconds = 60.0

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.log = self.data / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._stop_signal = signal.SIGTERM

    @abstractmethod
    def prepare(self) -> Launch:
        """Make the data directory if there is none; the command that starts the server."""

    @abstractmethod
    def is_ready(self) -> bool:
        """True once the server answers a client's first request."""

    @property
    def pid(self) -> int | None:
        """The server's process id; None while it is stopped."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process is not None and running else None

    def start(self) -> None:
        """Start the server and return when it is ready."""
        if self.pid is not None:
            return
        launch = self.prepare()
        self._stop_signal = launch.stop_signal
        with self.log.open("ab") as log:
            self._process = launch.popen(log)
        try:
            self.wait_ready()
        except BaseException:
            self.kill()
            raise

    def wait_ready(self) -> None:
        """Return when the server is ready; raise if it ends or takes too long."""
        deadline = time.monotonic() + self.ready_within_seconds
        while not self.is_ready():
            if self.pid is None:
                raise ServerError(f"{self.name} ended while starting:\n{self.last_words()}")
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{self.name} was not ready after {self.ready_within_seconds:.0f} s:\n"
                    f"{self.last_words()}"
                )
            time.sleep(_POLL_SECONDS)
        if self.pid is None:  # another server answered on our port
            raise ServerError(f"{self.name} ended while starting:\n{self.last_words()}")

    def stop(self, within_seconds: float = 10.0) -> None:
        """Ask for a graceful end, and kill what has not ended in time."""
        process = self._process
        if process is None or self.pid is None:
            return
        self.resume()
        process.send_signal(self._stop_signal)
        try:
            process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """kill -9 of the server with every process it made; returns when all are gone."""
        process = self._process
        if process is None or self.pid is None:
            return
        members = family(process.pid)
        tell(members, signal.SIGKILL)
        process.wait()
        wait_gone(members, within_seconds=10)

    def pause(self) -> None:
        """SIGSTOP: sockets stay open and nothing answers."""
        if self.pid is not None:
            tell(family(self.pid), signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT, after `pause`."""
        if self.pid is not None:
            tell(family(self.pid)[::-1], signal.SIGCONT)

    def last_words(self, lines: int = 15) -> str:
        """The end of the server's log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"
