"""Counting over a moving window."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.moving_window import Limit, MovingWindow

LIMIT = Limit("test", most=3, seconds=60)


class Clock:
    """Time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_as_many_as_the_limit_says_are_taken(clock: Clock) -> None:
    """The next one is not, and does not count; another key has room."""
    window = MovingWindow(LIMIT, clock)
    assert [window.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert window.take("b")


def test_there_is_room_when_the_oldest_is_over(clock: Clock) -> None:
    """One at a time, as each came; the answer says when."""
    window = MovingWindow(LIMIT, clock)
    for at in (0, 10, 20):
        clock.now = 1_000.0 + at
        window.take("a")
    assert window.seconds_until("a") == 40
    clock.now = 1_059.9
    assert not window.take("a")
    clock.now = 1_060.0
    assert window.take("a")
    assert not window.take("a")
    assert window.seconds_until("a") == 10


@given(st.lists(st.integers(0, 40), max_size=60))
def test_no_window_ever_holds_more(waits: list[int]) -> None:
    """Wherever the sixty seconds begin; and whoever is refused had taken all of them."""
    clock = Clock()
    window, taken = MovingWindow(LIMIT, clock), deque[float]()
    for wait in waits:
        clock.now += wait
        within = [at for at in taken if at > clock.now - LIMIT.seconds]
        assert window.take("a") == (len(within) < LIMIT.most)
        if len(within) < LIMIT.most:
            taken.append(clock.now)


def test_keys_go_with_their_window(clock: Clock) -> None:
    """A flood of addresses leaves nothing behind but what the next ones find."""
    window = MovingWindow(LIMIT, clock)
    for number in range(10_000):
        window.take(str(number))
    assert len(window) == 10_000
    clock.now += LIMIT.seconds
    for number in range(5_001):
        window.take(f"later {number % 3}")
    assert len(window) == 3


def test_a_key_whose_hits_are_over_has_room_again(clock: Clock) -> None:
    """Also while it waits behind others to be dropped."""
    window = MovingWindow(LIMIT, clock)
    for key in "abcd":
        window.take(key)
    clock.now += LIMIT.seconds
    assert window.left("d") == LIMIT.most
    assert window.left("d") == LIMIT.most
    assert (len(window), window.seconds_until("d")) == (0, 0)


def test_a_key_holds_no_more_hits_than_its_limit(clock: Clock) -> None:
    """However often it is told of one."""
    window = MovingWindow(LIMIT, clock)
    for _ in range(1_000):
        window.add("a")
    assert len(window._hits["a"]) == LIMIT.most
    assert window.left("a") == 0
