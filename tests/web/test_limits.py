"""The table of limits, and who counts."""

from uuid import uuid4

import pytest
from starlette.types import Scope

from web.limits import ENTERING, FAILED, FAILED_HERE, PER_ADDRESS, PER_WORKSPACE, Limits
from web.moving_window import Limit
from web.problems import TooManyRequests

EMAIL = "ada@example.com"


@pytest.fixture
def limits() -> Limits:
    return Limits("a secret for tests", trusted_proxies=0)


def from_(address: str) -> Scope:
    return {"type": "http", "client": (address, 1234), "headers": []}


def guess(limits: Limits, address: str, email: str = EMAIL, *, is_wrong: bool = True) -> None:
    with limits.guessing(from_(address), email) as tried:
        tried.was_wrong = is_wrong


def test_the_table_is_the_one_that_is_written_here() -> None:
    """Whoever changes a limit changes it here, too."""
    assert {limit.name: (limit.most, limit.seconds) for limit in TABLE} == {
        "address": (1_200, 60),
        "entering": (60, 60),
        "failed-here": (10, 300),
        "failed": (100, 3_600),
        "workspace": (1_200, 60),
    }


TABLE: tuple[Limit, ...] = (PER_ADDRESS, ENTERING, FAILED_HERE, FAILED, PER_WORKSPACE)


def test_addresses_and_workspaces_are_counted_each_for_itself(limits: Limits) -> None:
    """Whoever has had all of theirs takes nothing from others."""
    one, other = uuid4(), uuid4()
    for _ in range(1_200):
        limits.request(from_("192.0.2.1"))
        limits.acting(one)
    with pytest.raises(TooManyRequests):
        limits.request(from_("192.0.2.1"))
    with pytest.raises(TooManyRequests):
        limits.acting(one)
    limits.request(from_("192.0.2.2"))
    limits.entering(from_("192.0.2.1"))
    limits.acting(other)


def test_a_refusal_says_when_to_come_again(limits: Limits) -> None:
    """Retry-After, and the limit by its name and numbers."""
    for _ in range(60):
        limits.entering(from_("192.0.2.1"))
    with pytest.raises(TooManyRequests) as refused:
        limits.entering(from_("192.0.2.1"))
    assert refused.value.headers == {
        "retry-after": "60",
        "ratelimit-policy": '"entering";q=60;w=60',
        "ratelimit": '"entering";r=0;t=60',
    }


def test_wrong_passwords_are_counted_by_account_and_address(limits: Limits) -> None:
    """The eleventh is refused; another account, or another address, is not."""
    for _ in range(10):
        guess(limits, "192.0.2.1")
    with pytest.raises(TooManyRequests):
        guess(limits, "192.0.2.1", is_wrong=False)
    guess(limits, "192.0.2.1", "grace@example.com")
    guess(limits, "192.0.2.2")


def test_wrong_passwords_from_many_addresses_are_counted_by_account(limits: Limits) -> None:
    """A hundred in an hour, wherever they come from."""
    for number in range(100):
        guess(limits, f"192.0.2.{number}")
    with pytest.raises(TooManyRequests):
        guess(limits, "203.0.113.1")
    guess(limits, "203.0.113.1", "grace@example.com")


def test_right_passwords_do_not_count(limits: Limits) -> None:
    """Somebody may sign in as often as an address may."""
    for _ in range(200):
        guess(limits, "192.0.2.1", is_wrong=False)


def test_passwords_that_are_being_checked_count_until_they_prove_right(limits: Limits) -> None:
    """Else everything that fits into the queue could be tried at once."""
    under_way = [limits.guessing(from_("192.0.2.1"), EMAIL) for _ in range(10)]
    for each in under_way:
        each.__enter__()
    with pytest.raises(TooManyRequests):
        guess(limits, "192.0.2.1")
    for each in under_way:
        each.__exit__(None, None, None)
    guess(limits, "192.0.2.1")
    assert not limits._tried, "nothing is under way any more, and nothing is kept of it"


def test_a_check_that_fails_is_no_wrong_password(limits: Limits) -> None:
    """The database went away: nobody's count moves, and nothing stays under way."""
    for _ in range(20):
        with pytest.raises(ConnectionError), limits.guessing(from_("192.0.2.1"), EMAIL):
            raise ConnectionError
    guess(limits, "192.0.2.1")


def test_no_email_is_a_key(limits: Limits) -> None:
    """A keyed hash is: a dump of the process's memory does not list who was tried."""
    guess(limits, "192.0.2.1")
    keys = [*limits._failed._hits, *limits._failed_here._hits]
    assert len(keys) == 2
    assert not any("ada" in key for key in keys)
