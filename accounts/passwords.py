"""Passwords as argon2id hashes, made in a bounded number of threads.

t=1, m=46 MiB, p=1 by ASVS 5.0, appendix C. Two slots bound memory to 92 MiB and leave the event
loop free; whoever comes when the queue is full is told so instead of waiting.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from pwdlib.hashers.argon2 import Argon2Hasher

from accounts.errors import HashingBusy

SHORTEST, LONGEST = 8, 256  # characters; none is cut off
_SLOTS = 2
_MOST_WAITING = 400
T = TypeVar("T")


class Passwords:
    """Hashes and checks passwords; one per process."""

    def __init__(self) -> None:
        self._hasher = _hasher()
        self._threads = ThreadPoolExecutor(_SLOTS, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = _nobody()

    async def hash(self, password: str) -> str:
        """A salted hash in PHC format."""
        return await self._in_a_slot(partial(self._hasher.hash, password))

    async def matches(self, password: str, known: str | None) -> bool:
        """Whether the password made this hash; for None, False at the same cost."""
        matched = await self._in_a_slot(
            partial(self._hasher.verify, password, self._nobody if known is None else known)
        )
        return matched and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(known)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_a_slot(self, work: "partial[T]") -> T:
        if self._waiting >= _MOST_WAITING:
            raise HashingBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _hasher() -> Argon2Hasher:
    return Argon2Hasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    """Checked for an e-mail that nobody has, so that it costs what a known one costs."""
    return _hasher().hash("nobody has this password")
