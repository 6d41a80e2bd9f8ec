"""A worker without progress is ended; one that fails but tries, or has nothing to do, is not."""

import asyncio
from collections.abc import Callable

import pytest

from processors.watchdog import Watchdog
from tests.contract.brokers import answering

PATIENCE = 10
NOBODY = [("127.0.0.1", 1)]


def verdict(dog: Watchdog, *signs: Callable[[], None]) -> str | None:
    """What it says after three times its patience, shown these signs of life before each tick."""
    said = None
    for _ in range(3 * PATIENCE):
        for sign in signs:
            sign()
        said = said or dog.tick()
    return said


@pytest.fixture
def dog() -> Watchdog:
    """One with little patience, before a Kafka that is down."""
    return Watchdog(NOBODY, patience_ticks=PATIENCE)


def test_events_that_wait_while_no_attempt_ends_are_no_progress(dog: Watchdog) -> None:
    """The loop turns, and yet."""
    dog.lag_is(5)
    assert verdict(dog, dog.loop_turned) == "events wait and no attempt ended"


def test_an_attempt_that_ended_is_life_even_if_it_failed(dog: Watchdog) -> None:
    """Starting anew mends no database."""
    dog.lag_is(5)
    assert verdict(dog, dog.loop_turned, dog.attempt_ended) is None


def test_a_worker_with_nothing_to_do_may_rest(dog: Watchdog) -> None:
    """No event waits."""
    assert verdict(dog, dog.loop_turned) is None


def test_a_loop_that_does_not_turn_is_the_end_even_without_events(dog: Watchdog) -> None:
    """Nobody would notice the next one."""
    assert verdict(dog) == "the event loop does not turn"


def test_its_patience_begins_anew_with_each_sign(dog: Watchdog) -> None:
    """Nine ticks of ten, twice, are not eighteen in a row."""
    for _ in range(2):
        assert [dog.tick() for _ in range(PATIENCE - 1)] == [None] * (PATIENCE - 1)
        dog.loop_turned()
        assert dog.tick() is None


def test_events_that_waited_before_kafka_went_away_are_nothing_to_do(
    dog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starting anew brings no Kafka back."""
    monkeypatch.setattr("processors.watchdog.STALE_LAG_SECONDS", -1.0)
    dog.lag_is(5)
    assert verdict(dog, dog.loop_turned) is None


def test_a_worker_that_kafka_does_not_answer_is_ended_if_it_answers_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its client is wedged."""
    monkeypatch.setattr("processors.watchdog.STALE_LAG_SECONDS", -1.0)
    with answering() as server:
        dog = Watchdog([*NOBODY, server], patience_ticks=PATIENCE)
        assert verdict(dog, dog.loop_turned) == "events wait and no attempt ended"


async def test_it_is_fed_with_the_lag_and_survives_not_knowing_it(
    dog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer, then an error, then an answer."""
    monkeypatch.setattr("processors.watchdog.TICK_SECONDS", 0.0)
    answers: list[int | Exception] = [3, OSError("gone"), 4]
    heard: list[int] = []
    monkeypatch.setattr(dog, "lag_is", heard.append)
    fed = asyncio.Event()

    async def lag() -> int:
        if not answers:
            fed.set()
            await asyncio.Event().wait()
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    feeding = asyncio.create_task(dog.feed(lag))
    await asyncio.wait_for(fed.wait(), 5)
    feeding.cancel()
    assert heard == [3, 4]
