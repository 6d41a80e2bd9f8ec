"""Counts by key over a moving window, in the memory of one process."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Limit:
    """How often, within how many seconds; `name` is how answers call it."""

    name: str
    most: int
    seconds: int


class MovingWindow:
    """Exact counts of one limit. Each hit is a float for `seconds`, and keys go with their hits."""

    def __init__(self, limit: Limit, clock: Callable[[], float] = monotonic) -> None:
        self.limit = limit
        self._clock = clock
        # Ordered by their last hit: the first ones are the first to be over.
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._hits)

    def take(self, key: str) -> bool:
        """Count a hit; False, and not counted, if there is no room."""
        if not self.left(key):
            return False
        self.add(key)
        return True

    def add(self, key: str) -> None:
        """Count a hit, whether there is room or not."""
        self._hits.setdefault(key, deque(maxlen=self.limit.most)).append(self._clock())
        self._hits.move_to_end(key)

    def left(self, key: str) -> int:
        """How many more hits there is room for."""
        over = self._clock() - self.limit.seconds
        self._drop_two(over)
        hits = self._hits.get(key)
        if hits is None:
            return self.limit.most
        while hits and hits[0] <= over:
            hits.popleft()
        return self.limit.most - len(hits)

    def seconds_until(self, key: str) -> float:
        """When the oldest hit is over, and there is room again."""
        hits = self._hits.get(key)
        return max(0.0, hits[0] + self.limit.seconds - self._clock()) if hits else 0.0

    def _drop_two(self, over: float) -> None:
        """Keys whose last hit is over; two each time, which is faster than keys are made."""
        for _ in range(min(2, len(self._hits))):
            key, hits = next(iter(self._hits.items()))
            if hits and hits[-1] > over:
                return
            del self._hits[key]
