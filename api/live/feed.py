"""What one workspace's watchers get: one payload for all of them, at most one in 200 ms."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from api.live import dates
from api.live.client import Client
from api.live.messages import Change, Payload, merged
from readmodels.queries.elapsed import known_zone
from readmodels.queries.freshness import freshness_of_all
from readmodels.queries.positions import Position, Standing, position, standing
from readmodels.queries.reading import reading
from readmodels.queries.today import today_totals

SPACING_SECONDS = 0.2
RETRY_SECONDS = 1.0
MOST_CHANGES = 200
OTHERS_MAY_WAIT = timedelta(seconds=10)  # as long as heartbeats lie apart
TODAYS_PROJECTION = "ad_windows"  # whose figures a page shows up to today
log = structlog.get_logger(__name__)


class Feed:
    """Reads in one REPEATABLE READ transaction, so that a position covers its figures exactly."""

    def __init__(self, reader: AsyncEngine, workspace_id: UUID, zone: str) -> None:
        self.workspace_id = workspace_id
        self.zone = zone
        self.clients: set[Client] = set()
        self.joining = 0
        self._reader = reader
        self._last: Payload | None = None
        self._lock = asyncio.Lock()  # nobody joins between a payload's read and its sending
        self._news = asyncio.Event()
        self._changes: list[Change] = []
        self._must_resync = False
        self._task: asyncio.Task[None] | None = None

    @property
    def read_at(self) -> datetime:
        """When the last payload was read; before the first, as if it had been long ago."""
        return self._last.at if self._last else datetime.min.replace(tzinfo=UTC)

    def is_due(self, position: Position) -> bool:
        """Whether to read again, though nobody told of a change.

        At once where a date turned, a topic was made anew or another version is served. Events of
        other workspaces move the position all the time: for that alone it has time.
        """
        last, now = self._last, dates.utc_now()
        if last is None:  # somebody joins, and reads
            return False
        if last.is_over(now) or last.position.keys() != position.keys():
            return True
        match standing(last.position, position):
            case Standing.EQUAL:
                return False
            case Standing.BEHIND:
                return now - last.at >= OTHERS_MAY_WAIT
            case _:
                return True

    async def join(self, client: Client, at: Position | None) -> None:
        """Add a watcher who has got to `at`, and tell it what it has missed.

        Raises what the database raises; the client is then no watcher.
        """
        async with self._lock:
            last = self._last
            if last is None or last.is_over(dates.utc_now()):
                last = await self._read([])
            found = standing(at, last.position)
            if found is Standing.AHEAD:  # of us, or only of our last payload?
                last = await self._read([])
                found = standing(at, last.position)
            self._last = self._last or last  # those who watch were not told of a newer one yet
            if found is Standing.AHEAD:
                client.send(last.reset)
            if found is not Standing.EQUAL:
                client.send(last.snapshot)
            self.clients.add(client)
        if self._task is None:
            self._task = asyncio.create_task(self._publish(), name=f"feed {self.workspace_id}")

    def tell(self, changes: Iterable[Change]) -> None:
        """These things changed; watchers hear of it within the spacing."""
        self._changes.extend(changes)
        if len(self._changes) > MOST_CHANGES:
            self._changes = merged(self._changes)
        self._news.set()

    def resync(self) -> None:
        """Notifications may have been missed: anything may have changed."""
        self._must_resync = True
        self._news.set()

    def look(self) -> None:
        """Read again, though nobody told of a change."""
        self._news.set()

    def send(self, message: bytes) -> None:
        """The same bytes to every watcher; those who are too slow are let go."""
        slow = [client for client in self.clients if not client.send(message)]
        self.clients.difference_update(slow)
        if slow:
            log.info("Slow watchers dropped", marker="[LIVE]", clients=len(slow))

    def stop(self) -> None:
        """Nobody watches any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _publish(self) -> None:
        while True:
            await self._news.wait()
            started = monotonic()
            try:
                await self._publish_once()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("Live payload not read", marker="[LIVE]", error=repr(error))
                self.resync()
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(max(0.0, SPACING_SECONDS - (monotonic() - started)))

    async def _publish_once(self) -> None:
        async with self._lock:
            self._news.clear()
            changes, self._changes = merged(self._changes), []
            resync, self._must_resync = self._must_resync, False
            before = self._last
            self._last = payload = await self._read(changes, before)
            found = standing(before.position, payload.position) if before else Standing.UNKNOWN
            if found is Standing.AHEAD:
                self.send(payload.reset)
            if found is Standing.AHEAD or resync or (before and payload.is_unexplained_by(before)):
                self.send(payload.snapshot)
            elif payload.changed or found is not Standing.EQUAL:
                self.send(payload.change)

    async def _read(self, changes: list[Change], before: Payload | None = None) -> Payload:
        """What is so now; a date that began since the payload before counts as changed."""
        now = dates.utc_now()
        async with reading(self._reader, self.workspace_id) as db:
            at = await position(db)
            today = await today_totals(db, self.zone, now)
            accounts = await freshness_of_all(db)
        zones = {self.zone, *(known_zone(each.zone, self.zone) for each in accounts)}
        shown = dates.dates(zones, now)
        begun = shown.begun_since(before.dates) if before else ()
        turned = [Change(TODAYS_PROJECTION, days=begun)] if begun else []
        return Payload(at, now, shown, today, [*changes, *turned])
