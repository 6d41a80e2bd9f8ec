"""Clocks that folds are run under: ahead, running back, leaping over days (R16)."""

import datetime as calendar
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import patch

from processors.projection import registered

Clock = Callable[[], float]
"""Seconds since 1970."""

ROOMS = ("processors", "readmodels", "schemas")

_now = time.time
_began = time.time()

CLOCKS: dict[str, Clock] = {
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
    # A module that is imported later would keep the real clock.
    registered()
    clock = CLOCKS[name]
    for module, asked, answer in _replacements(clock):
        setattr(module, asked, answer)
    time.time = clock
    time.time_ns = lambda: int(clock() * 1e9)


@contextmanager
def injected(clock: Clock) -> Generator[None]:
    """Our own modules alone get this clock's time, until the block ends."""
    with ExitStack() as stack:
        for module, asked, answer in _replacements(clock):
            stack.enter_context(patch.object(module, asked, answer))
        yield


def _replacements(clock: Clock) -> list[tuple[ModuleType, str, Any]]:
    """Each name in our rooms by which Python's clock can be asked, and what answers instead."""
    answers = _answers(clock)
    return [
        (module, name, answers[id(value)])
        for module in _modules()
        for name, value in list(vars(module).items())
        if id(value) in answers
    ]


def _modules() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ROOMS:
            yield module


def _answers(clock: Clock) -> dict[int, Any]:
    """By identity: classes, functions and whole modules that tell the time, and their twins."""

    class AsInstant(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, calendar.datetime)

    class AsDate(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, calendar.date)

    class Instant(calendar.datetime, metaclass=AsInstant):
        @classmethod
        def now(cls, tz: calendar.tzinfo | None = None) -> Any:
            return calendar.datetime.fromtimestamp(clock(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return calendar.datetime.fromtimestamp(clock(), calendar.UTC).replace(tzinfo=None)

    class Date(calendar.date, metaclass=AsDate):
        @classmethod
        def today(cls) -> Any:
            return calendar.datetime.fromtimestamp(clock(), calendar.UTC).date()

    def time_ns() -> int:
        return int(clock() * 1e9)

    return {
        id(calendar.datetime): Instant,
        id(calendar.date): Date,
        id(calendar): _twin(calendar, datetime=Instant, date=Date),
        id(_now): clock,
        id(time.time_ns): time_ns,
        id(time): _twin(time, time=clock, time_ns=time_ns),
    }


def _twin(module: ModuleType, **other: object) -> ModuleType:
    twin = ModuleType(module.__name__)
    vars(twin).update(vars(module), **other)
    return twin
