"""Starts processes in stages, keeps them running, and stops them in reverse."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from runtime.errors import HistoryGone, MetricxError, NotStarted
from runtime.family import family, tell
from runtime.launch import Launch, die_with_parent, identity
from runtime.log_files import LogFile
from runtime.losses import Losses

log = structlog.get_logger(__name__)

STOP_SECONDS = 12.0
"""All processes have ended this long after `stop` began, gracefully or not."""

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 15.0
_HEALTHY_SECONDS = 60.0  # a process that ran this long is restarted without delay again
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Process:
    """What is to run, how one knows that it does, and what its exit codes mean."""

    name: str
    launch: Callable[[], Launch]  # called in a thread at every start; may prepare for seconds
    ready: Callable[[], Awaitable[bool]] | None = None
    ready_line: bytes = b""  # where nothing can be asked: what a line of its log then holds
    ready_within_seconds: float = 60.0
    stop_within_seconds: float = 5.0
    final_codes: Mapping[int, str] = field(default_factory=dict[int, str])  # code: the remedy


@dataclass
class State:
    """How a process is doing, as `metricx status` shows it."""

    name: str
    state: str = "waiting"  # waiting, starting, ready, restarting, stopped, ended
    pid: int | None = None
    restarts: int = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC))


class Supervisor:
    """Owns its processes: none of them outlives it, even if it is killed."""

    def __init__(
        self,
        logs: Path,
        *,
        echo: Callable[[str, bytes], None] = lambda _name, _line: None,
        on_change: Callable[[list[State]], None] = lambda _states: None,
    ) -> None:
        self._logs = logs
        self._echo = echo
        self._on_change = on_change
        self._stages: list[list[_Member]] = []
        self._starting: list[asyncio.Task[None]] = []
        self.losses = Losses()
        self.failed: asyncio.Future[MetricxError] = asyncio.get_running_loop().create_future()

    @property
    def states(self) -> list[State]:
        """All processes, in the order of their start."""
        return [member.state for stage in self._stages for member in stage]

    async def start(self, *processes: Process) -> None:
        """Start one stage; returns when all of it is ready. NotStarted if one is not in time."""
        stage = [
            _Member(process, LogFile(self._logs / f"{process.name}.log"), self)
            for process in processes
        ]
        self._stages.append(stage)
        starting = [asyncio.create_task(member.start()) for member in stage]
        self._starting += starting
        try:
            await asyncio.gather(*starting)
        finally:  # where one failed, none of the others may go on
            await _give_up(starting)

    async def stop(self) -> None:
        """End all, the last stage first, within STOP_SECONDS."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + STOP_SECONDS
        await _give_up(self._starting)  # what still prepares would be started after us
        while self._stages:
            stage = self._stages.pop()
            # What stands below gets its share of the time too.
            left = deadline - loop.time() - 2.0 * len(self._stages)
            await asyncio.gather(*(member.stop(max(left, 0.5)) for member in stage))

    def kill(self) -> None:
        """End all at once; `stop` then only tidies up."""
        for stage in self._stages:
            for member in stage:
                member.kill()

    def member_changed(self) -> None:
        """A state moved."""
        with self.losses.of("the state of processes"):
            self._on_change(self.states)

    def member_said(self, name: str, line: bytes) -> None:
        """A process wrote a line."""
        with self.losses.of("the screen"):
            self._echo(name, line)

    def member_gone(self, error: MetricxError) -> None:
        """A process ended for good."""
        if not self.failed.done():
            self.failed.set_result(error)


class _Member:
    """One process of a supervisor."""

    def __init__(self, process: Process, file: LogFile, supervisor: Supervisor) -> None:
        self.state = State(process.name)
        self._process = process
        self._file = file
        self._supervisor = supervisor
        self._child: asyncio.subprocess.Process | None = None
        self._stop_signal = signal.SIGTERM
        self._keeping: asyncio.Task[None] | None = None
        self._stopping = False
        self._said_ready = False

    async def start(self) -> None:
        """Start, wait until ready, and keep it running from then on."""
        reading = await self._spawn()
        await self._until_ready()
        self._keeping = asyncio.create_task(self._keep(reading), name=f"keep {self.state.name}")

    async def stop(self, within_seconds: float) -> None:
        """Ask for the end, then kill."""
        self._stopping = True
        child = self._child
        if child is not None and child.returncode is None:
            child.send_signal(signal.SIGCONT)  # a paused process could not answer
            child.send_signal(self._stop_signal)
            patience = min(within_seconds, self._process.stop_within_seconds)
            try:
                await asyncio.wait_for(child.wait(), patience)
            except TimeoutError:
                log.warning("killed: it did not stop in time", marker="[UP]", name=self.state.name)
                self.kill()
                await child.wait()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
        self._move("stopped")
        self._file.close()

    def kill(self) -> None:
        """SIGKILL to the process and all that it started."""
        if self._child is not None and self._child.returncode is None:
            tell(family(self._child.pid), signal.SIGKILL)

    async def _keep(self, reading: "asyncio.Task[None]") -> None:
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE_SECONDS
        while True:
            started = loop.time()
            code = await self._ended(reading)
            if self._stopping:
                return
            if code in self._process.final_codes:
                self._move("ended")
                self._supervisor.member_gone(self._final(code))
                return
            if loop.time() - started > _HEALTHY_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            self._move("restarting")
            log.warning(
                "ended, and is started again",
                marker="[UP]",
                name=self.state.name,
                code=code,
                pause_seconds=pause,
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            self.state.restarts += 1
            reading = await self._again()

    async def _again(self) -> "asyncio.Task[None]":
        """Spawn until that works; a process that is not ready in time is ended, and so on."""
        while True:
            try:
                reading = await self._spawn()
            except Exception:
                log.exception("cannot be started", marker="[UP]", name=self.state.name)
                await asyncio.sleep(_LONGEST_PAUSE_SECONDS)
                continue
            try:
                await self._until_ready()
            except MetricxError as error:
                log.warning(error.wrong, marker="[UP]", name=self.state.name)
                self.kill()
            return reading

    async def _spawn(self) -> "asyncio.Task[None]":
        self._move("starting")
        self._said_ready = False
        launch = await asyncio.to_thread(self._process.launch)
        self._stop_signal = launch.stop_signal
        self._child = await asyncio.create_subprocess_exec(
            *launch.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=launch.cwd,
            env=launch.environment(),
            # Ctrl-C in the terminal reaches us alone, and we stop in order.
            start_new_session=True,
            preexec_fn=die_with_parent(launch.death_signal),
            **identity(launch.user),
        )
        self.state.pid = self._child.pid
        return asyncio.create_task(self._read(self._child), name=f"read {self.state.name}")

    async def _until_ready(self) -> None:
        child, process = self._child, self._process
        deadline = asyncio.get_running_loop().time() + process.ready_within_seconds
        while not await self._is_ready():
            if child is None or child.returncode is not None:
                await asyncio.sleep(_POLL_SECONDS)  # its last lines are on their way
                code = 1 if child is None or child.returncode is None else child.returncode
                if code in process.final_codes:
                    raise self._final(code)
                raise self._not_started(f"ended with code {code} while starting")
            if asyncio.get_running_loop().time() > deadline:
                raise self._not_started(f"was not ready in {process.ready_within_seconds:.0f} s")
            await asyncio.sleep(_POLL_SECONDS)
        self._move("ready")

    async def _is_ready(self) -> bool:
        if self._process.ready_line and not self._said_ready:
            return False
        return self._process.ready is None or await self._process.ready()

    async def _ended(self, reading: "asyncio.Task[None]") -> int:
        child = self._child
        code = await child.wait() if child is not None else 1
        # What it started may hold the pipe open; its own lines are read by then.
        await asyncio.wait({reading}, timeout=0.5)
        reading.cancel()
        return code

    async def _read(self, child: asyncio.subprocess.Process) -> None:
        pipe = child.stdout
        if pipe is None:
            return
        begun = b""
        while part := await pipe.read(65_536):
            *lines, begun = (begun + part).split(b"\n")
            for line in lines:
                self._say(line)
        if begun:
            self._say(begun)

    def _say(self, line: bytes) -> None:
        if self._process.ready_line and self._process.ready_line in line:
            self._said_ready = True
        with self._supervisor.losses.of(f"the log of {self.state.name}"):
            self._file.write(line)
        self._supervisor.member_said(self.state.name, line)

    def _move(self, state: str) -> None:
        if state in {"stopped", "ended", "restarting"}:
            self.state.pid = None
        self.state.state, self.state.since = state, datetime.now(UTC)
        self._supervisor.member_changed()

    def _not_started(self, how: str) -> NotStarted:
        return NotStarted(
            f"{self.state.name} {how}. Its last words:\n{self._file.last_words()}\n",
            f"All of them are in {self._file.path}.",
        )

    def _final(self, code: int) -> MetricxError:
        wrong = f"{self.state.name} ended with code {code}; {self._file.path} says why."
        kind = HistoryGone if code == HistoryGone.exit_code else NotStarted
        return kind(wrong, self._process.final_codes[code])


async def _give_up(tasks: Collection["asyncio.Task[None]"]) -> None:
    """Return when all of them are over."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
