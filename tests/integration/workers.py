"""Worker processes that a test may kill or freeze, and the keeper that starts them again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

HISTORY_GONE = 78
ROOT = Path(__file__).parents[2]


class Worker:
    """One worker that comes back when it dies, as the supervisor has it; not when it says 78.

    Each start is armed with the first of `failpoints` that is left; the last is armed with none.
    An armed one has a consumer group of its own, for Kafka waits ten seconds for the dead member
    of an old one; but every `keeps_group_every`th has that of the one before, with what Kafka
    knows of it.
    """

    def __init__(self, settings: Mapping[str, str], log: Path, *, restarts: bool = True) -> None:
        self.exits: list[int] = []
        self.pauses = 0
        self.is_frozen = False
        self.failpoints: list[str] = []
        self.keeps_group_every = 0
        self.groups: list[str] = []
        self._settings = dict(settings)
        self._log = log
        self._restarts = restarts
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and keep it."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> int:
        """SIGTERM, and no new one; its exit code."""
        self._restarts = False
        if self._keeper is None:
            return 0
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(20):
                await self._keeper
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._keeper
        return self.exits[-1]

    async def end(self) -> int:
        """The exit code of a worker that does not come back."""
        assert self._keeper is not None
        await asyncio.shield(self._keeper)
        return self.exits[-1]

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether there is a process now, frozen or not."""
        return self._process is not None and self._process.returncode is None

    async def died(self, times: int, within: float = 60) -> None:
        """Wait until it has ended so many times."""
        async with asyncio.timeout(within):
            while len(self.exits) < times:  # noqa: ASYNC110  # the keeper sets no event
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL."""
        self._signal(signal.SIGKILL)

    async def pause(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT when the time is over: a zombie wakes up."""
        self.pauses += self._signal(signal.SIGSTOP)
        self.is_frozen = True
        await asyncio.sleep(seconds)
        self._signal(signal.SIGCONT)
        self.is_frozen = False

    def _signal(self, number: signal.Signals) -> bool:
        """Whether there was a process to get it."""
        if self._process is not None and self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
                return True
        return False

    async def _spawn(self) -> None:
        environment = {**os.environ, **self._settings, "PYTHONPATH": str(ROOT)}
        if self.failpoints:
            environment["FAILPOINT"] = self.failpoints.pop(0)
            environment["GROUP"] = self._group(len(self.exits))
        self.groups.append(environment["GROUP"])
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.integration.worker_process",
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    def _group(self, life: int) -> str:
        """Of an armed life, the first of which is number 0."""
        every = self.keeps_group_every
        keeps = every > 0 and life % every == every - 1
        return f"{self._settings['GROUP']}-{life - keeps}"

    async def _keep(self) -> None:
        while self._process is not None:
            self.exits.append(await self._process.wait())
            if not self._restarts or self.exits[-1] == HISTORY_GONE:
                return
            await asyncio.sleep(0.3)
            await self._spawn()
