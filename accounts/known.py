"""Answers of the database that a process may keep for a second."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

CACHE_SECONDS = 1.0
_MOST = 10_000
_TRIES = 2
T = TypeVar("T")


class Known(Generic[T]):
    """What a credential's digest stands for, asked for once a second however many requests come."""

    def __init__(self) -> None:
        self._answers: OrderedDict[bytes, tuple[float, T | None]] = OrderedDict()
        self._forgot_at = float("-inf")

    async def get(self, digest: bytes, load: Callable[[bytes], Awaitable[T | None]]) -> T | None:
        """The answer that `load` gave within the second, or gives now.

        One that was under way while something was forgotten may be of before: it is asked for
        again, and in the end not kept.
        """
        if (known := self._answers.get(digest)) and monotonic() - known[0] < CACHE_SECONDS:
            return known[1]
        found = None
        for _ in range(_TRIES):
            asked_at = monotonic()  # before the query: an answer is never older than its age says
            found = await load(digest)
            if self._forgot_at < asked_at:
                self._keep(digest, asked_at, found)
                break
        return found

    def forget(self, is_changed: Callable[[T], bool]) -> None:
        """The next request asks the database anew for these."""
        self._forgot_at = monotonic()
        changed = [
            digest
            for digest, (_, found) in self._answers.items()
            if found is not None and is_changed(found)
        ]
        for digest in changed:
            del self._answers[digest]

    def _keep(self, digest: bytes, asked_at: float, found: T | None) -> None:
        known = self._answers.get(digest)
        if known is None or known[0] <= asked_at:
            self._answers[digest] = asked_at, found
            self._answers.move_to_end(digest)
        while len(self._answers) > _MOST:
            self._answers.popitem(last=False)
