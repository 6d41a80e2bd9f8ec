"""Watchers that freeze, vanish or lose their session, and a server that stops."""

import asyncio
import os
import signal
import socket
import struct
import sys
from pathlib import Path
from time import monotonic

import httpx2
import pytest

import api.live.client as clients
import api.live.hub as hubs
import api.live.stream as streams
from accounts.session import COOKIE
from api.live.client import Client
from tests.api.serving import Served, served, streamed
from tests.api.signing_in import JSON, new_user
from tests.readmodels.world import World
from tests.servers.databases import Database

SCRIPT = Path(__file__).parent / "serve.py"


async def until_nobody_watches(api: Served, seconds: float = 8) -> None:
    """All places are free again."""
    async with asyncio.timeout(seconds):
        while api.app.state.hub.streams:  # noqa: ASYNC110 (nothing tells when)
            await asyncio.sleep(0.02)


def raw_stream(url: str, client: httpx2.AsyncClient) -> socket.socket:
    """A connection that has asked for the stream and reads nothing of it."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect((host, int(port)))
    cookie = f"{COOKIE}={client.cookies[COOKIE]}"
    connection.sendall(f"GET /live HTTP/1.1\r\nHost: test\r\nCookie: {cookie}\r\n\r\n".encode())
    return connection


async def test_a_heartbeat_comes_without_any_news(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comment, so that the page knows that the stream lives."""
    monkeypatch.setattr(hubs, "HEARTBEAT_SECONDS", 0.2)
    async with served(api.database) as beating, beating.signed_up() as (client, _):
        async with streamed(client) as stream:
            await stream.heartbeat(3)
            await stream.heartbeat(3)


async def test_a_frozen_idle_watcher_is_cut_off(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heartbeats alone, and it takes none: its place is free when the send's deadline is over.

    Large heartbeats fill the kernel's buffers here in a second instead of in days.
    """
    monkeypatch.setattr(hubs, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(hubs, "HEARTBEAT", b": " + b"x" * 1_000_000 + b"\n\n")
    monkeypatch.setattr(streams, "SEND_TIMEOUT_SECONDS", 0.5)
    async with served(api.database) as beating, beating.signed_up() as (client, _):
        frozen = raw_stream(beating.url, client)
        while beating.app.state.hub.streams == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await until_nobody_watches(beating)
        # Aborted, not closed: what it never read is not kept for it.
        await asyncio.sleep(0.2)
        with pytest.raises(ConnectionResetError):
            await asyncio.to_thread(_drain, frozen)
        frozen.close()


async def test_a_slow_watcher_is_dropped_and_others_are_not(
    api: Served, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its queue is bounded; whoever reads gets every message."""
    monkeypatch.setattr(clients, "MOST_WAITING", 3)
    async with api.signed_up() as (client, workspace), streamed(client) as stream:
        await stream.next()
        hub = api.app.state.hub
        [feed] = hub._feeds.values()
        slow = Client(workspace, next(iter(feed.clients)).watcher, "")
        await feed.join(slow, None)
        for _ in range(5):
            feed.send(b"event: change\nid: x\ndata: {}\n\n")
            await asyncio.sleep(0)
            await stream.next()
        assert slow not in feed.clients
        assert len(feed.clients) == 1
        # Nothing more than its hint to come back is left for it.
        assert [chunk async for chunk in slow.messages()] == [b"retry: 2000\n\n"]


async def test_watchers_that_vanish_leave_their_places(api: Served) -> None:
    """R19: 100 connections reset before and while the body comes."""
    async with api.signed_up() as (client, _):
        for number in range(100):
            connection = raw_stream(api.url, client)
            await asyncio.sleep(0.02 if number % 2 else 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        await asyncio.sleep(0.2)
        await until_nobody_watches(api)
        assert not api.app.state.hub._feeds


async def test_a_stream_ends_with_its_session(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed out in another tab; the check comes every 20 s, here sooner."""
    monkeypatch.setattr(hubs, "SESSION_CHECK_SECONDS", 0.3)
    async with served(api.database) as checking, checking.signed_up() as (client, _):
        async with streamed(client) as stream:
            await stream.next()
            assert (await client.post("/auth/logout")).status_code == 204
            await stream.ended(4)


def test_sessions_are_checked_often_enough() -> None:
    """Closed within 30 s of their end: one period, the session's cache, and the check itself."""
    assert hubs.SESSION_CHECK_SECONDS <= 25
    assert hubs.HEARTBEAT_SECONDS == 10


async def test_places_are_bounded(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One user, or everybody together: a problem with a hint when to come again."""
    monkeypatch.setattr(hubs, "MOST_STREAMS", 2)
    monkeypatch.setattr(hubs, "MOST_STREAMS_OF_A_USER", 1)
    async with served(api.database) as small:
        async with small.signed_up() as (first, _), small.signed_up() as (second, _):
            async with small.signed_up() as (third, _):
                async with streamed(first), streamed(second):
                    for refused in (first, third):
                        answer = await refused.get("/live")
                        assert answer.status_code == 503
                        assert answer.json()["code"] == "too-many-streams"
                        assert answer.headers["retry-after"] == "10"
                await until_nobody_watches(small)
                async with streamed(third) as stream:
                    assert (await stream.next()).name == "snapshot"


async def test_without_a_session_there_is_no_stream(api: Served) -> None:
    """A problem, not a stream that says nothing."""
    async with httpx2.AsyncClient(base_url=api.url) as stranger:
        answer = await stranger.get("/live")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not-signed-in"


async def test_a_server_with_idle_watchers_stops_at_once(module_database: Database) -> None:
    """SIGTERM to a process of its own with 20 streams: gone in less than 3 s, streams ended."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), str(port)),
        env={
            **os.environ,
            "READER": module_database.reader,
            "CONTROL": module_database.control,
            "PYTHONPATH": str(Path(__file__).parents[3]),
        },
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            await _ready(client)
            await client.post("/auth/register", json=new_user(), headers=JSON)
            watching = [asyncio.create_task(_watch(client)) for _ in range(20)]
            await asyncio.sleep(1)
            assert not any(each.done() for each in watching)
            started = monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 10)
            took = monotonic() - started
            assert took < 3, f"it took {took:.1f} s"
            assert process.returncode in (0, -signal.SIGTERM)
            await asyncio.gather(*watching)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _drain(connection: socket.socket) -> None:
    while connection.recv(1 << 20):
        pass


async def _watch(client: httpx2.AsyncClient) -> None:
    async with streamed(client) as stream:
        await stream.ended(20)


async def _ready(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                if (await client.get("/ready")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.05)
