"""A child process whose lines of output are kept: `first MILLIS`, `totals {…}` and the rest."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from bench.machine import PROJECT


class Engine:
    """Start it with `async with`; it is ended, and at last killed, on the way out."""

    def __init__(
        self, argv: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._argv = argv
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self._said: dict[str, asyncio.Future[str]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._errors: IO[bytes] | None = None

    async def __aenter__(self) -> Self:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._errors = self._log.open("ab")
        self._process = await asyncio.create_subprocess_exec(
            *self._argv, stdin=PIPE, stdout=PIPE, stderr=self._errors, cwd=PROJECT,
            env=self._environment, limit=1 << 20,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        process = self.process
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 20)
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._reading:
            await self._reading
        if self._errors:
            self._errors.close()

    @property
    def process(self) -> Process:
        """The process; only while it is entered."""
        assert self._process is not None
        return self._process

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.returncode is None

    async def said(self, word: str, within: float = 240.0) -> str:
        """What stood after this word at the start of a line, once there is such a line."""
        async with asyncio.timeout(within):
            return await self._line(word)

    async def ask(self, line: str) -> None:
        """Write a line to its input."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    def _line(self, word: str) -> "asyncio.Future[str]":
        return self._said.setdefault(word, asyncio.get_running_loop().create_future())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for raw in self.process.stdout:
            word, _, rest = raw.decode(errors="replace").strip().partition(" ")
            line = self._line(word)
            if not line.done():
                line.set_result(rest)
        for line in self._said.values():
            if not line.done():
                line.set_exception(RuntimeError(f"it ended; see {self._log}"))
                line.exception()
