"""Where an installation is reached, whatever address it listens on."""

import asyncio
import socket

import pytest
from pydantic import SecretStr

import runtime.stack as stack
from runtime.addresses import with_url
from runtime.migrate import Dsns
from runtime.settings import Http, Settings

_GROUND = stack.Ground("kafka:9092", Dsns(*["postgresql://a:b@host/db"] * 5))


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")


async def _answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104
        pytest.param("::1", marks=needs_ipv6),
        pytest.param("::", marks=needs_ipv6),  # of IPv6 alone, as asyncio listens
    ],
)
async def test_the_api_s_gate_opens_wherever_it_listens(host: str) -> None:
    """Else `metricx up` would end with a trace, or give up after a minute."""
    async with await asyncio.start_server(_answer, host, 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = Settings(http=Http(host=host, port=port), secret_key=SecretStr("k" * 32))
        gate = stack.api(_GROUND, settings).ready
        assert gate is not None
        assert await gate()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("::", "http://[::1]:8000"),
        ("fd00::7", "http://[fd00::7]:8000"),
        ("metricx.local", "http://metricx.local:8000"),
    ],
)
def test_what_is_told_is_where_it_listens(host: str, url: str) -> None:
    """Unless the settings name the URL of a proxy before it."""
    assert with_url(Settings(http=Http(host=host))).url() == url
    named = Settings(http=Http(host=host), public_url="https://metricx.example")
    assert with_url(named).url() == "https://metricx.example"
