"""Ends a worker that makes no progress although there is something to do."""

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import structlog

from processors import broker

log = structlog.get_logger(__name__)

EXIT_STUCK = 70
TICK_SECONDS = 1.0
PATIENCE_TICKS = 30
STALE_LAG_SECONDS = 10.0


class Watchdog(threading.Thread):
    """Counts its own ticks without a sign of life; after 30 in a row the process ends with 70.

    A sign is missing when the event loop does not turn, or when no attempt ended (a failed one is
    life: restarting does not mend a database) although events wait, or although Kafka answers
    others while it does not tell this worker how many wait. While Kafka answers nobody there is
    nothing to do but wait. A machine that slept counts as one tick.
    """

    def __init__(
        self, brokers: Sequence[broker.Address], *, patience_ticks: int = PATIENCE_TICKS
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._brokers = brokers
        self._patience = patience_ticks
        self._ended = threading.Event()
        self._attempts = self._seen_attempts = 0
        self._turns = self._seen_turns = 0
        self._lag = 0
        self._lag_known_at = monotonic()
        self._without: dict[str, int] = {}

    def attempt_ended(self) -> None:
        """A transaction of a chunk, or the reading of an offset, came to an end, good or bad."""
        self._attempts += 1

    def loop_turned(self) -> None:
        """The event loop is alive."""
        self._turns += 1

    def lag_is(self, events: int) -> None:
        """So many events are in Kafka and not yet in PostgreSQL."""
        self._lag = events
        self._lag_known_at = monotonic()

    def stop(self) -> None:
        """Watch no longer."""
        self._ended.set()

    async def feed(self, lag: Callable[[], Awaitable[int]]) -> None:
        """Keep telling that the event loop turns, and how many events wait, as far as one knows."""
        while True:
            self.loop_turned()
            try:
                async with asyncio.timeout(STALE_LAG_SECONDS / 2):
                    self.lag_is(await lag())
            except Exception as error:
                log.debug("lag unknown", marker="[WORKER]", error=repr(error))
            await asyncio.sleep(TICK_SECONDS)

    def tick(self) -> str | None:
        """Look for signs of life since the last tick; why there is no hope, once there is none."""
        turned, moved = self._turns != self._seen_turns, self._attempts != self._seen_attempts
        self._seen_turns, self._seen_attempts = self._turns, self._attempts
        self._count("the event loop does not turn", not turned)
        self._count("events wait and no attempt ended", not moved and self._something_to_do())
        return next((why for why, ticks in self._without.items() if ticks >= self._patience), None)

    def run(self) -> None:
        """The thread's body."""
        while not self._ended.wait(TICK_SECONDS):
            if why := self.tick():
                ago = round(monotonic() - self._lag_known_at)
                log.critical(
                    "no progress: ending",
                    marker="[WORKER]",
                    why=why,
                    lag=self._lag,
                    lag_known_seconds_ago=ago,
                )
                _dump_and_exit()

    def _count(self, why: str, missing: bool) -> None:
        self._without[why] = self._without.get(why, 0) + 1 if missing else 0

    def _something_to_do(self) -> bool:
        """Whether events wait. What was known before Kafka went away says nothing of today."""
        if monotonic() - self._lag_known_at <= STALE_LAG_SECONDS:
            return self._lag > 0
        return broker.answers(self._brokers)


def _dump_and_exit() -> None:
    """Write what every thread is doing, and end at once: the supervisor starts a new process."""
    faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
    sys.stderr.flush()
    os._exit(EXIT_STUCK)
