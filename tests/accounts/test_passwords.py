"""Hashing in two slots."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import Type
from pwdlib.hashers.argon2 import Argon2Hasher

from accounts.errors import HashingBusy
from accounts.passwords import Passwords


async def test_no_more_than_two_passwords_are_hashed_at_once(passwords: Passwords) -> None:
    """Twelve at once use two threads, which bounds memory to two times 46 MiB."""
    used: set[int] = set()
    verify = passwords._hasher.verify

    def seen(password: str | bytes, known: str | bytes) -> bool:
        used.add(threading.get_ident())
        return verify(password, known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords._hasher, "verify", seen)
        await asyncio.gather(*(passwords.matches("x", None) for _ in range(12)))
    assert len(used) == 2


async def test_a_full_queue_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one, the second is refused and hashes nothing; later there is room again."""
    monkeypatch.setattr("accounts.passwords._MOST_WAITING", 1)
    one = Passwords()
    first = asyncio.ensure_future(one.hash("the first"))
    await asyncio.sleep(0)
    with pytest.raises(HashingBusy):
        await one.hash("the second")
    await first
    assert await one.matches("the first", await one.hash("the first"))
    one.close()


@pytest.mark.parametrize("password", ["p" * 256, "pässwörd 🔑", "with spaces  ", "p" * 72])
async def test_every_character_of_a_password_counts(passwords: Passwords, password: str) -> None:
    """Nothing is cut off or folded: one character less is another password."""
    stored = await passwords.hash(password)
    assert await passwords.matches(password, stored)
    assert not await passwords.matches(password[:-1], stored)


async def test_hashing_leaves_the_event_loop_free(passwords: Passwords) -> None:
    """While eight passwords are hashed, a task that sleeps a millisecond goes on turning."""
    hashing = asyncio.gather(*(passwords.hash("x" * 12) for _ in range(8)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    await hashing
    assert turns > 20


async def test_a_hash_of_another_scheme_matches_nothing(passwords: Passwords) -> None:
    """A malformed hash in the table is a refusal, not an error."""
    assert not await passwords.matches("x", "$2b$12$notargon")


def test_a_closed_hasher_has_no_threads() -> None:
    """The process can end."""
    one = Passwords()
    one.close()
    assert isinstance(one._threads, ThreadPoolExecutor)
    with pytest.raises(RuntimeError):
        one._threads.submit(int)


async def test_a_hash_is_argon2id_of_one_pass_over_46_mib(passwords: Passwords) -> None:
    """ASVS 5.0, appendix C: t=1, m=46 MiB, p=1, with 16 bytes of salt and 32 of hash (S3)."""
    _, kind, version, costs, salt, digest = (await passwords.hash("x" * 12)).split("$")
    assert (kind, version, costs) == ("argon2id", "v=19", "m=47104,t=1,p=1")
    assert (len(salt), len(digest)) == (22, 43)  # in base64


@pytest.mark.parametrize(
    ("costs", "is_outdated"),
    [
        ({"time_cost": 1, "memory_cost": 46 * 1024, "parallelism": 1}, False),
        ({"time_cost": 1, "memory_cost": 19 * 1024, "parallelism": 1}, True),
        ({"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}, True),
        ({"time_cost": 1, "memory_cost": 46 * 1024, "parallelism": 1, "type": Type.I}, True),
    ],
)
def test_a_hash_of_other_costs_is_outdated(
    passwords: Passwords, costs: dict[str, Any], is_outdated: bool
) -> None:
    """Whatever it was made with, it still tells right from wrong."""
    assert passwords.is_outdated(Argon2Hasher(**costs).hash("x" * 12)) == is_outdated
