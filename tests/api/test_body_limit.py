"""A body of one byte too many is refused, however it is sent; one that just fits is taken."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from api.body_limit import JSON_BYTES
from api.headers import CONTENT_SECURITY_POLICY
from tests.api.serving import Served, served
from tests.api.signing_in import JSON
from tests.servers.databases import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(module_database: Database) -> AsyncIterator[Served]:
    """The application on a port."""
    async with served(module_database) as made:
        yield made


def credentials(length: int) -> bytes:
    """A log-in of somebody unknown, of so many bytes."""
    body = {"email": "nobody@example.com", "password": "wrong", "more": ""}
    bare = len(json.dumps(body))
    return json.dumps({**body, "more": "x" * (length - bare)}).encode()


async def in_pieces(body: bytes, piece: int = 7_001) -> AsyncIterator[bytes]:
    """The body as chunks: its length is not declared."""
    for start in range(0, len(body), piece):
        yield body[start : start + piece]


async def sent(api: Served, body: bytes, *, chunked: bool) -> httpx2.Response:
    """What the API answers to this body."""
    async with httpx2.AsyncClient(base_url=api.url, timeout=10) as http:
        return await http.post(
            "/auth/login", content=in_pieces(body) if chunked else body, headers=JSON
        )


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
async def test_a_body_of_just_the_limit_is_read(api: Served, chunked: bool) -> None:
    """The route answers: nobody has this e-mail."""
    answer = await sent(api, credentials(JSON_BYTES), chunked=chunked)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong-credentials")


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
async def test_one_byte_more_is_refused(api: Served, chunked: bool) -> None:
    """As a problem with the headers of all answers, that says how much is taken."""
    answer = await sent(api, credentials(JSON_BYTES + 1), chunked=chunked)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    body = answer.json()
    assert (body["code"], body["type"]) == ("body-too-large", "/problems/body-too-large")
    assert body["detail"] == "This path takes 65,536 bytes."
    assert body["trace_id"] == answer.headers["x-trace-id"]


async def conversation(api: Served, *said: bytes) -> bytes:
    """All that the server answers to these bytes, until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(api.url.rpartition(":")[2]))
    head = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(head + b"".join(said))
    try:
        async with asyncio.timeout(5):
            return await reader.read()
    finally:
        writer.close()


async def test_a_declared_length_is_refused_before_a_byte_of_it_comes(api: Served) -> None:
    """Ten gigabytes are promised and none is sent: the answer does not wait for them."""
    answer = await conversation(api, b"Content-Length: 10000000000\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_without_end_is_refused_at_the_limit(api: Served) -> None:
    """The last chunk never comes; the connection is closed all the same."""
    chunk = b"%x\r\n%b\r\n" % (JSON_BYTES + 1, b"[" * (JSON_BYTES + 1))
    answer = await conversation(api, b"Transfer-Encoding: chunked\r\n\r\n", chunk)
    assert answer.startswith(b"HTTP/1.1 413 ")
