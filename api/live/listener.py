"""The process's one LISTEN connection, which also compares positions each second."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, cast

import asyncpg
import structlog

from readmodels.queries.positions import Partition

CHANNEL = "metricx_changes"
TICK_SECONDS = 1.0
DEAD_AFTER_SECONDS = 5.0
_POSITIONS = """
    SELECT at.projection, at.version, at.topic, at.partition, at.next_offset
    FROM processing.projection_offset at
    JOIN processing.serving USING (projection, version)
"""
log = structlog.get_logger(__name__)


class Listener:
    """Calls back for each notification, each second's position, and each gap between connections.

    asyncpg has no stubs; what it hands over is typed here.
    """

    def __init__(
        self,
        dsn: str,
        *,
        on_notification: Callable[[str], None],
        on_position: Callable[[dict[Partition, int]], None],
        on_gap: Callable[[], None],
    ) -> None:
        self._dsn = dsn
        self._on_notification = on_notification
        self._on_position = on_position
        self._on_gap = on_gap
        self._heard_at = -DEAD_AFTER_SECONDS
        self._lost = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether PostgreSQL answered on the listening connection lately."""
        return monotonic() - self._heard_at < DEAD_AFTER_SECONDS

    def start(self) -> None:
        """Connect, and connect again whenever the connection is lost."""
        self._task = asyncio.create_task(self._run(), name="listener")

    async def stop(self) -> None:
        """Let go of the connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                if not self._lost:  # said once, however long PostgreSQL is away
                    log.warning("Listener lost its connection", marker="[LIVE]", error=repr(error))
                self._lost = True
            await asyncio.sleep(TICK_SECONDS)

    async def _listen(self) -> None:
        connection: Any = await cast(Any, asyncpg).connect(
            self._dsn,
            timeout=5,
            command_timeout=3,
            server_settings={"application_name": "metricx api listener"},
        )
        try:
            await connection.add_listener(CHANNEL, self._notified)
            if self._lost:
                log.info("Listener is connected again", marker="[LIVE]")
            self._lost = False
            # What was said while nobody listened is lost: all watchers must look again.
            self._on_gap()
            while True:
                rows = await connection.fetch(_POSITIONS)
                self._heard_at = monotonic()
                self._on_position(
                    {
                        (f"{projection}.v{version}", topic, partition): offset
                        for projection, version, topic, partition, offset in rows
                    }
                )
                await asyncio.sleep(TICK_SECONDS)
        finally:
            connection.terminate()

    def _notified(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        try:
            self._on_notification(str(payload))
        except Exception:
            log.exception(
                "Notification not understood", marker="[LIVE]", payload=str(payload)[:200]
            )
            self._on_gap()
