"""Whether a Kafka is there, and how one waits for it."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

import processors.broker as broker
from tests.contract.brokers import answering, hanging
from tests.contract.house import House

NOBODY = ("127.0.0.1", 1)


def test_a_real_kafka_answers(kafka_bootstrap: str) -> None:
    """It takes our bytes for a request."""
    assert broker.answers(broker.addresses(kafka_bootstrap))


def test_one_of_several_is_enough() -> None:
    """As it is for a client."""
    with answering() as somebody:
        assert broker.answers([NOBODY, somebody])


def test_a_port_that_nobody_answers_is_no_kafka() -> None:
    """The kernel still opens connections to a process that is stopped."""
    with hanging() as silent:
        assert not broker.answers([NOBODY, silent])


def test_every_server_of_a_bootstrap_string_is_asked() -> None:
    """With the spaces that people write, and IPv6."""
    assert broker.addresses("a:1, b.c:22 ,[::1]:3") == [("a", 1), ("b.c", 22), ("::1", 3)]


async def test_waiting_is_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, not at each try, and when it is over."""
    tries = iter([False] * 4 + [True])
    monkeypatch.setattr(broker, "answers", lambda _brokers: next(tries))  # pyright: ignore
    monkeypatch.setattr(broker, "TRY_SECONDS", 0.1)
    monkeypatch.setattr(broker, "REMIND_SECONDS", 0.25)
    with capture_logs() as lines:
        await asyncio.wait_for(broker.wait_for([NOBODY]), 5)
    said = [line["event"] for line in lines]
    assert said == ["Kafka does not answer: waiting"] * 2 + ["Kafka answers"]


def test_a_worker_that_waits_for_kafka_can_be_stopped(house: House) -> None:
    """Soon, and in order."""
    worker = house.start(bootstrap="127.0.0.1:1")
    deadline = time.monotonic() + 10
    while "Kafka does not answer: waiting" not in house.log_of(worker):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert house.stop(worker) == 0
    assert "cut off" not in house.log_of(worker)
