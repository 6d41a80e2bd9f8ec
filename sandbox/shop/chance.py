"""Chance that is the same on every machine: integers drawn from a hash of seed and keys."""

from collections.abc import Sequence
from hashlib import shake_128

_FIRST_READ = 1024  # bytes; 256 draws, enough for an ad's day


class Draws:
    """An endless stream of draws that depends on nothing but the keys it was made with."""

    __slots__ = ("_at", "_bytes", "_key", "_read")

    def __init__(self, *keys: int | str) -> None:
        self._key = "\x1f".join(map(str, keys)).encode()
        self._read = _FIRST_READ
        self._bytes = shake_128(self._key).digest(self._read)
        self._at = 0

    def below(self, limit: int) -> int:
        """An integer in [0, limit)."""
        if self._at + 4 > self._read:
            self._read *= 4
            # SHAKE is extendable: the longer digest begins with the shorter one.
            self._bytes = shake_128(self._key).digest(self._read)
        word = int.from_bytes(self._bytes[self._at : self._at + 4], "big")
        self._at += 4
        return word * limit >> 32

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high], both ends included."""
        return low + self.below(high - low + 1)

    def one_in(self, many: int) -> bool:
        """True once in so many times."""
        return self.below(many) == 0

    def rounded(self, amount: int, unit: int) -> int:
        """`amount / unit`, rounded up as often as its rest says, so that small rates survive."""
        return (amount + self.below(unit)) // unit

    def index(self, weights: Sequence[int]) -> int:
        """A position, drawn by weight; the first if all weights are zero."""
        total = sum(weights)
        if total == 0:
            return 0
        left = self.below(total)
        for position, weight in enumerate(weights):
            if left < weight:
                return position
            left -= weight
        raise AssertionError("a draw below the sum of the weights falls on one of them")
