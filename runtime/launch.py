"""How a child process is started so that it never outlives the process that started it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypedDict

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_forking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forking")


class Identity(TypedDict, total=False):
    """Whose rights a child gets; empty: ours."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Launch:
    """A command with all that its process needs; the same for a test and the supervisor."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict[str, str])  # added to our own
    cwd: Path | None = None
    user: int | None = None  # uid and gid to run as; None: ours
    stop_signal: signal.Signals = signal.SIGTERM  # asks for a graceful end
    death_signal: signal.Signals = signal.SIGKILL  # sent by the kernel when we die

    def environment(self) -> dict[str, str]:
        """Our environment with the additions of this command."""
        return {**os.environ, **self.env}

    def popen(self, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """The started process, its stdout and stderr in `output`."""
        # The kernel counts the thread that forked as the parent: it must live as long as we do.
        return _forking.submit(self._fork, output).result()

    def _fork(self, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            list(self.argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.cwd,
            env=self.environment(),
            # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop in order.
            start_new_session=True,
            preexec_fn=die_with_parent(self.death_signal),
            **identity(self.user),
        )


def identity(user: int | None) -> Identity:
    """The keyword arguments by which subprocess runs a child as `user`."""
    return Identity() if user is None else Identity(user=user, group=user, extra_groups=[])


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child calls between fork and exec so that the kernel ends it when we die.

    Linux alone has this; elsewhere a killed parent leaves its children, and the next start
    finds their lock files and says so. The kernel clears the wish when credentials change,
    so it must come after setuid, where subprocess calls it.
    """
    parent = os.getpid()

    def tie() -> None:
        if sys.platform != "linux":
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # we died in between
            os._exit(1)

    return tie
