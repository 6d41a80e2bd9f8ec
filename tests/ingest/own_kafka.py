"""A Kafka that a test may kill and pause while its event loop runs on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runtime.embedded import KafkaServer


class OwnKafka:
    """Servers end with the thread that started them, so one thread lives as long as this."""

    def __init__(self, data: Path) -> None:
        self._server = KafkaServer(data)
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._thread.submit(self._server.start).result()

    @property
    def bootstrap(self) -> str:
        """The same address after each restart."""
        return self._server.bootstrap

    async def kill(self) -> None:
        """kill -9."""
        await self._in_thread(self._server.kill)

    async def start(self) -> None:
        """It answers when this returns."""
        await self._in_thread(self._server.start)

    def pause(self) -> None:
        """SIGSTOP."""
        self._server.pause()

    def resume(self) -> None:
        """SIGCONT."""
        self._server.resume()

    def close(self) -> None:
        """It is gone, and its thread too."""
        self._thread.submit(self._server.kill).result()
        self._thread.shutdown()

    async def _in_thread(self, order: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, order)
