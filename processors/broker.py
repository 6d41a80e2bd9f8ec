"""Whether a Kafka is there, asked without a client: one that cannot connect only fails."""

import asyncio
import socket
import struct
from collections.abc import Sequence
from time import monotonic

import structlog

log = structlog.get_logger(__name__)

Address = tuple[str, int]

ASK_SECONDS = 1.0
TRY_SECONDS = 1.0
REMIND_SECONDS = 15.0

# ApiVersions, version 0: length, key, version, correlation, no client id. Any broker answers it to
# anybody. A port that is merely open says nothing: the kernel opens it for a broker that hangs.
_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 0, -1)


def addresses(bootstrap: str) -> list[Address]:
    """The servers of a bootstrap string, `host:port,host:port`."""
    parts = (server.strip().rpartition(":") for server in bootstrap.split(","))
    return [(host.strip("[]"), int(port)) for host, _, port in parts]


def answers(brokers: Sequence[Address]) -> bool:
    """Whether one of them answers within a second; this blocks."""
    return any(_answers(broker) for broker in brokers)


async def wait_for(brokers: Sequence[Address]) -> None:
    """Return when one of them answers; until then say now and then what is waited for."""
    began, reminded = monotonic(), None
    while not await asyncio.to_thread(answers, brokers):
        now = monotonic()
        if reminded is None or now - reminded >= REMIND_SECONDS:
            reminded = now
            log.warning(
                "Kafka does not answer: waiting",
                marker="[WORKER]",
                brokers=[f"{host}:{port}" for host, port in brokers],
                seconds=round(now - began),
            )
        await asyncio.sleep(TRY_SECONDS)
    if reminded is not None:
        log.info("Kafka answers", marker="[WORKER]", seconds=round(monotonic() - began))


def _answers(broker: Address) -> bool:
    try:
        with socket.create_connection(broker, timeout=ASK_SECONDS) as connection:
            connection.sendall(_API_VERSIONS)
            return bool(connection.recv(1))
    except OSError:
        return False
