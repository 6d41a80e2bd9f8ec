"""A way to a server that can fall silent: connections stay open, and nothing comes through."""

import asyncio
import contextlib
import threading
from types import TracebackType
from typing import Self

from sqlalchemy import make_url


class SilentProxy:
    """Stands before the server of a DSN; `silence` stops every byte in both directions."""

    def __init__(self, dsn: str) -> None:
        self._url = make_url(dsn)
        self._loop = asyncio.new_event_loop()
        self._speaks = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self.dsn = ""

    def silence(self) -> None:
        """From now on nothing is heard."""
        self._loop.call_soon_threadsafe(self._speaks.clear)

    def __enter__(self) -> Self:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result()
        port = server.sockets[0].getsockname()[1]
        self.dsn = self._url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _serve(self) -> asyncio.Server:
        self._speaks.set()
        return await asyncio.start_server(self._connect, "127.0.0.1", 0)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._url.host, self._url.port)
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pump(source, target))
            self._tasks.add(task)

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                await self._speaks.wait()
                target.write(data)
                await target.drain()
        target.close()
