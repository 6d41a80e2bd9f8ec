"""The live feed of a process: who watches which workspace, and until when they may."""

import asyncio
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.api_keys import PREFIX, ApiKeys
from accounts.audit import Actor
from accounts.session import Sessions, Workspace
from api.live.client import Client
from api.live.feed import Feed
from api.live.listener import Listener
from api.live.messages import HEARTBEAT, changes_in
from readmodels.queries.positions import Partition, read

HEARTBEAT_SECONDS = 10.0
SESSION_CHECK_SECONDS = 20.0
MOST_LOOKS_A_SECOND = 50  # feeds that read again though nobody told of a change
MOST_STREAMS = 5_000
MOST_STREAMS_OF_A_USER = 200  # or of an API key
log = structlog.get_logger(__name__)


class Full(Exception):
    """No more streams in this process, or for this user."""


class Hub:
    """One per process; an async context manager that owns the listener and the feeds."""

    def __init__(
        self,
        *,
        reader: AsyncEngine,
        listen_dsn: str,
        sessions: Sessions,
        api_keys: ApiKeys,
    ) -> None:
        self._reader = reader
        self._sessions = sessions
        self._api_keys = api_keys
        self._feeds: dict[UUID, Feed] = {}
        self._of_watcher: Counter[Actor] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self.listener = Listener(
            listen_dsn,
            on_notification=self._notified,
            on_position=self._compare,
            on_gap=self._resync,
        )

    @property
    def streams(self) -> int:
        """How many are open."""
        return self._of_watcher.total()

    async def __aenter__(self) -> Self:
        self.listener.start()
        self._tasks = [
            asyncio.create_task(self._beat(), name="heartbeats"),
            asyncio.create_task(self._check_sessions(), name="live sessions"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close_streams()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.listener.stop()

    async def join(
        self, watcher: Actor, workspace: Workspace, credential: str, last_event_id: str | None
    ) -> Client:
        """A new stream of the workspace for a user or a key; the caller must `leave` with it.

        Raises Full.
        """
        if self.streams >= MOST_STREAMS:
            raise Full
        if self._of_watcher[watcher] >= MOST_STREAMS_OF_A_USER:
            raise Full
        client = Client(workspace.id, watcher, credential)
        feed = self._feeds.get(workspace.id)
        if feed is None:
            feed = self._feeds[workspace.id] = Feed(self._reader, workspace.id, workspace.zone)
        feed.zone = workspace.zone
        self._of_watcher[watcher] += 1
        feed.joining += 1
        try:
            await feed.join(client, read(last_event_id))
        except BaseException:
            feed.joining -= 1
            self.leave(client)
            raise
        feed.joining -= 1
        return client

    def leave(self, client: Client) -> None:
        """The watcher is gone; with the last one of a workspace, its feed."""
        client.close()
        self._of_watcher[client.watcher] -= 1
        if self._of_watcher[client.watcher] <= 0:
            del self._of_watcher[client.watcher]
        feed = self._feeds.get(client.workspace_id)
        if feed is None:
            return
        feed.clients.discard(client)
        if not feed.clients and not feed.joining:
            feed.stop()
            del self._feeds[client.workspace_id]

    def close_streams(self) -> None:
        """Every stream ends; browsers connect again, and find the process that serves then."""
        for feed in list(self._feeds.values()):
            for client in feed.clients:
                client.close()

    def _notified(self, payload: str) -> None:
        named = changes_in(payload)
        if named is None:
            self._resync()
            return
        for workspace, changes in named.items():
            feed = self._feeds.get(workspace)
            if feed is not None:
                feed.tell(changes)

    def _compare(self, position: dict[Partition, int]) -> None:
        """Feeds whose last payload holds no longer read again, each second the oldest of them."""
        due = [feed for feed in self._feeds.values() if feed.is_due(position)]
        for feed in sorted(due, key=lambda feed: feed.read_at)[:MOST_LOOKS_A_SECOND]:
            feed.look()

    def _resync(self) -> None:
        for feed in self._feeds.values():
            feed.resync()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for feed in list(self._feeds.values()):
                feed.send(HEARTBEAT)

    async def _check_sessions(self) -> None:
        while True:
            await asyncio.sleep(SESSION_CHECK_SECONDS)
            watched = [client for feed in self._feeds.values() for client in feed.clients]
            by_credential: dict[str, list[Client]] = {}
            for client in watched:
                by_credential.setdefault(client.credential, []).append(client)
            for credential, clients in by_credential.items():
                await self._check_session(credential, clients)

    async def _check_session(self, credential: str, clients: list[Client]) -> None:
        known = self._api_keys if credential.startswith(PREFIX) else self._sessions
        try:
            session = await known.check(credential)
        except Exception as error:
            # Who cannot be checked is not let stay: it comes back when it can be.
            log.warning("Session not checked", marker="[LIVE]", error=repr(error))
            session = None
        allowed = session.workspace.id if session and session.workspace else None
        for client in clients:
            if client.workspace_id != allowed:
                client.close()
