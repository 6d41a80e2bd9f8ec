"""One watcher: a bounded queue of shared bytes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from uuid import UUID

from accounts.audit import Actor
from api.live.messages import RETRY

MOST_WAITING = 32  # messages; six seconds of changes, or five minutes of heartbeats


class Client:
    """Gets every message in order, or is dropped: who misses one must start again."""

    __slots__ = ("_is_closed", "_messages", "_waker", "credential", "watcher", "workspace_id")

    def __init__(self, workspace_id: UUID, watcher: Actor, credential: str) -> None:
        self.workspace_id = workspace_id
        self.watcher = watcher
        self.credential = credential
        self._messages: deque[bytes] = deque()
        self._waker: asyncio.Future[None] | None = None
        self._is_closed = False

    def send(self, message: bytes) -> bool:
        """Queue a message; False, and closed, if too many wait already."""
        if self._is_closed:
            return False
        if len(self._messages) >= MOST_WAITING:
            self._messages.clear()
            self.close()
            return False
        self._messages.append(message)
        self._wake()
        return True

    def close(self) -> None:
        """What is queued is still sent, then the stream ends."""
        self._is_closed = True
        self._wake()

    async def messages(self) -> AsyncIterator[bytes]:
        """The stream's chunks, until it is closed."""
        yield RETRY
        while True:
            while self._messages:
                # One write for all that wait: a client that fell behind catches up at once.
                waiting = b"".join(self._messages)
                self._messages.clear()
                yield waiting
            if self._is_closed:
                return
            self._waker = asyncio.get_running_loop().create_future()
            await self._waker

    def _wake(self) -> None:
        if self._waker is not None and not self._waker.done():
            self._waker.set_result(None)
