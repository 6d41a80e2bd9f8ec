"""How a person, or the system, asks a running command to end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from runtime.supervisor import Supervisor

T = TypeVar("T")


class Stopped(Exception):
    """Somebody asked for the end."""


class Signals:
    """SIGINT, SIGTERM and SIGHUP: the first ends the work, a second one kills what still stops."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(each, self._on_signal)

    async def unless_asked(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result; Stopped if a signal comes first, an error if a process is gone."""
        working = asyncio.ensure_future(work)
        asking = asyncio.ensure_future(self._asked.wait())
        failed = self._supervisor.failed
        try:
            await asyncio.wait({working, asking, failed}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            if failed.done():
                raise failed.result()
            raise Stopped
        finally:
            working.cancel()
            asking.cancel()
            await asyncio.wait({working, asking})

    async def wait(self, meanwhile: Coroutine[Any, Any, None] | None = None) -> None:
        """Stay until somebody asks for the end; an error if a process is gone for good.

        `meanwhile` is something that is to be done once and may take long.
        """
        try:
            if meanwhile:
                await self.unless_asked(meanwhile)
            await self.unless_asked(asyncio.Event().wait())
        except Stopped:
            return

    def no_more_waiting(self) -> None:
        """The end has begun; from here on a signal means: at once."""
        self._asked.set()

    def _on_signal(self) -> None:
        if self._asked.is_set():
            self._supervisor.kill()
        self._asked.set()
