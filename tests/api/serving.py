"""The application on a real port, with its lifespan, and a reader of its stream."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import msgspec
import uvicorn
from fastapi import FastAPI

from runtime.application import make_app
from tests.api.signing_in import JSON, PUBLIC_URL, SECRET, key_ring, new_user
from tests.servers.databases import Database


@dataclass
class Event:
    """One event of the stream; a comment has the name "comment"."""

    name: str
    id: str = ""
    data: Any = None


class Stream:
    """What arrives, as it arrives; None is its end."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()

    async def pump(self, chunks: AsyncIterator[str]) -> None:
        """Read until the server ends the stream."""
        buffer = ""
        try:
            async for chunk in chunks:
                *texts, buffer = (buffer + chunk).split("\n\n")
                for text in texts:
                    self._events.put_nowait(_event(text))
        except httpx2.TransportError:
            pass
        self._events.put_nowait(None)

    async def next(self, seconds: float = 5) -> Event:
        """The next event that is neither a comment nor the retry hint."""
        async with asyncio.timeout(seconds):
            while True:
                event = await self._events.get()
                assert event is not None, "the stream ended"
                if event.name not in ("comment", "retry"):
                    return event

    async def until(self, wanted: Callable[[Event], bool], seconds: float = 8) -> Event:
        """The first event that is `wanted`: what was told just before may be told again."""
        async with asyncio.timeout(seconds):
            while not wanted(event := await self.next(seconds)):
                pass
        return event

    async def heartbeat(self, seconds: float = 15) -> None:
        """Wait for a comment."""
        async with asyncio.timeout(seconds):
            while (event := await self._events.get()) is None or event.name != "comment":
                assert event is not None, "the stream ended"

    async def nothing(self, seconds: float = 0.7) -> None:
        """Nothing arrives for a while."""
        try:
            event = await self.next(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"{event} came")

    async def ended(self, seconds: float = 5) -> None:
        """The server closes the stream."""
        async with asyncio.timeout(seconds):
            while await self._events.get() is not None:
                pass


def _event(text: str) -> Event:
    if text.startswith(":"):
        return Event("comment")
    fields = dict(line.split(": ", 1) for line in text.split("\n"))
    if "event" not in fields:
        return Event("retry")
    return Event(fields["event"], fields["id"], msgspec.json.decode(fields["data"]))


@dataclass
class Served:
    """An application that listens."""

    app: FastAPI
    url: str
    database: Database

    @asynccontextmanager
    async def signed_up(self) -> AsyncGenerator[tuple[httpx2.AsyncClient, UUID]]:
        """Somebody new, signed in, and the workspace that they own."""
        async with httpx2.AsyncClient(base_url=self.url, timeout=30) as client:
            answer = await client.post("/auth/register", json=new_user(), headers=JSON)
            assert answer.status_code == 201, answer.text
            yield client, UUID(answer.json()["workspace"]["id"])


@asynccontextmanager
async def served(database: Database, **more: Any) -> AsyncGenerator[Served]:
    """The application behind uvicorn, in this loop, until the block ends."""
    app = make_app(
        reader_dsn=database.reader,
        control_dsn=database.control,
        secret_key=SECRET,
        key_ring=key_ring,
        public_url=PUBLIC_URL,
        **more,
    )
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    try:
        yield Served(app, f"http://127.0.0.1:{port}", database)
    finally:
        server.should_exit = True
        await running
        listening.close()
        app.state.passwords.close()


@asynccontextmanager
async def streamed(
    client: httpx2.AsyncClient, position: str | None = None, *, by_query: bool = False
) -> AsyncGenerator[Stream]:
    """An open stream of the signed-in user's workspace."""
    headers = {"last-event-id": position} if position and not by_query else {}
    params = {"last_event_id": position} if position and by_query else {}
    async with client.stream("GET", "/live", headers=headers, params=params) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = Stream()
        pumping = asyncio.create_task(stream.pump(answer.aiter_text()))
        yield stream
        pumping.cancel()
        with suppress(asyncio.CancelledError):
            await pumping
