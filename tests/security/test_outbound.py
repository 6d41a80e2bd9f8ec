"""S7: whatever somebody types as a shop's name, or a platform sends as an address, leads nowhere.

Each name resolves to a server of this test that counts what connects to it.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpcore2
import httpx2
import pytest
from pydantic import TypeAdapter, ValidationError

from ingest.http.shapes import Shop
from ingest.outbound import Place, Refused, outbound_client

TIMEOUT = httpx2.Timeout(2.0)

HOSTS = (
    "127.0.0.1",
    "127.1",
    "127.0.0.2",
    "0.0.0.0",  # noqa: S104
    "0",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "169.254.169.254",
    "2852039166",
    "metadata.google.internal",
    "metadata",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.100.100.200",
    "localhost",
    "localhost.localdomain",
    "LOCALHOST",
    "postgres",
    "kafka",
    "127.0.0.1.nip.io",
    "localtest.me",
    "evil.example",
    "evil.example#.myshopify.com",
    "evil.example/.myshopify.com",
    "evil.example?.myshopify.com",
    "evil.example\\.myshopify.com",
    "evil.example%2f.myshopify.com",
    "evil.example%00.myshopify.com",
    "evil.example:80#.myshopify.com",
    "shop.myshopify.com.evil.example",
    "shop.myshopify.com@evil.example",
    "evil.example@shop.myshopify.com",
    "user:password@shop.myshopify.com",
    "shop.myshopify.com.",
    "shop.myshopify.com\n.evil.example",
    ".myshopify.com",
    "myshopify.com",
    "-shop.myshopify.com",
    "a.b.myshopify.com",
    "shopmyshopify.com",
    "shop.myshopify.com:25",
    "shop.myshopify。com.evil.example",
    "①②⑦.⓪.⓪.①",
    "graph.example.evil.example",
    "graph.example@evil.example",
    "evil.example#@graph.example",
    "",
)
INSIDE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::7f00:1",
    "fe80::1%lo",
    "fd00:ec2::254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
)


@dataclass
class Listening:
    """A server inside, and how often somebody connected to it."""

    port: int
    connections: int = 0

    def client(self) -> httpx2.AsyncClient:
        """May reach any shop, and one host, at the server's port."""
        places = [f"http://{{shop}}:{self.port}", f"http://graph.example:{self.port}"]
        return outbound_client(places, TIMEOUT)


@pytest.fixture
async def inside(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listening]:
    """A server that every name stands for."""
    found = Listening(0)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async def to_it(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr("ingest.outbound.resolve", to_it)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        found.port = server.sockets[0].getsockname()[1]
        yield found


@pytest.mark.parametrize("host", HOSTS)
async def test_no_other_host_is_connected_to(inside: Listening, host: str) -> None:
    """As a shop's name, and as an address that a platform gives for the next page."""
    async with inside.client() as http:
        for url in (f"http://{host}:{inside.port}/admin", f"http://{host}/", f"https://{host}/"):
            with pytest.raises((Refused, httpx2.InvalidURL, httpx2.UnsupportedProtocol)):
                await http.get(url)
    assert inside.connections == 0


@pytest.mark.parametrize("host", HOSTS)
def test_no_such_name_is_taken_for_a_shop(host: str) -> None:
    """The form refuses it before anything is asked of anybody."""
    with pytest.raises(ValidationError):
        TypeAdapter(Shop).validate_python(host)


@pytest.mark.parametrize("host", ["shop.myshopify.com", "graph.example"])
async def test_a_right_name_that_stands_for_an_inner_address_is_refused(
    inside: Listening, host: str
) -> None:
    """Whoever owns a name says where it leads."""
    async with inside.client() as http:
        with pytest.raises(Refused):
            await http.get(f"http://{host}:{inside.port}/")
    assert inside.connections == 0


@pytest.mark.parametrize("address", INSIDE)
async def test_no_inner_address_is_connected_to(
    inside: Listening, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone, or beside one of the internet."""
    for addresses in ([address], ["93.184.215.14", address]):

        async def found(_host: str, _port: int, told: list[str] = addresses) -> list[str]:
            return told

        monkeypatch.setattr("ingest.outbound.resolve", found)
        async with inside.client() as http:
            with pytest.raises(Refused):
                await http.get(f"http://shop.myshopify.com:{inside.port}/")
    assert inside.connections == 0


async def test_what_was_looked_at_is_connected_to(
    inside: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads inside when it is asked a second time is not asked a second time."""
    answers, connected = iter([["93.184.215.14"], ["127.0.0.1"]]), list[str]()

    async def changing(_host: str, _port: int) -> list[str]:
        return next(answers)

    async def noted(_backend: object, host: str, *_: object) -> httpcore2.AsyncNetworkStream:
        connected.append(host)
        raise httpcore2.ConnectError("far away")

    monkeypatch.setattr("ingest.outbound.resolve", changing)
    monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", noted)
    async with inside.client() as http:
        with pytest.raises(httpx2.ConnectError):
            await http.get(f"http://shop.myshopify.com:{inside.port}/")
    assert connected == ["93.184.215.14"]


async def test_a_stand_in_of_the_settings_is_reached_and_leads_no_further(
    inside: Listening,
) -> None:
    """The settings may name an inner address; a redirect from there is an answer like any other."""
    async with outbound_client([f"http://127.0.0.1:{inside.port}/meta"], TIMEOUT) as http:
        reply = await http.get(f"http://127.0.0.1:{inside.port}/meta/me")
        assert reply.status_code == 302
        with pytest.raises(Refused):
            await http.get(f"http://localhost:{inside.port}/meta/me")
    assert inside.connections == 1


@pytest.mark.parametrize(
    "url", ["ftp://x", "x", "https://", "https://a.{shop}", "https://{shop}.x"]
)
def test_a_setting_that_is_no_base_url_is_refused(url: str) -> None:
    """At the start, not at the first request."""
    with pytest.raises(ValueError, match="no base URL"):
        Place.of(url)
