"""Clocks that a worker process is started with: ahead, running back, leaping over days (R16)."""

import datetime as calendar
import sys
import time
from collections.abc import Callable
from typing import Any

_now = time.time
_began = time.time()

CLOCKS: dict[str, Callable[[], float]] = {
    "ahead": lambda: _now() + 3_600,
    "tomorrow": lambda: _now() + 26 * 3_600,
    "behind": lambda: _now() - 3_600,
    # Five seconds forth, then an hour back, again and again.
    "back": lambda: _now() - 3_600 * ((_now() - _began) // 5),
    # Over a quarter-hour, a clock change or a date each two seconds.
    "leaping": lambda: _now() + 40_500 * ((_now() - _began) // 2),
}


def inject(name: str) -> None:
    """All that asks Python for the time in this process gets this clock's."""
    clock = CLOCKS[name]
    time.time = clock
    time.time_ns = lambda: int(clock() * 1e9)
    for module in list(sys.modules.values()):
        if module.__name__.partition(".")[0] in {"processors", "readmodels", "schemas"}:
            _skew(module, clock)


def _skew(module: Any, clock: Callable[[], float]) -> None:
    class AnyInstant(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, calendar.datetime)

    class Skewed(calendar.datetime, metaclass=AnyInstant):
        @classmethod
        def now(cls, tz: calendar.tzinfo | None = None) -> Any:
            return calendar.datetime.fromtimestamp(clock(), tz)

    if getattr(module, "datetime", None) is calendar.datetime:
        module.datetime = Skewed
