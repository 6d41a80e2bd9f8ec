"""A stream of any length, and faults that fall into it at random moments."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice, takewhile
from random import Random

from tests.chaos.journal import name_of
from tests.integration.workers import Worker
from tests.streams.events import Message
from tests.streams.faults import Faults, disturbed
from tests.streams.world import Shape, world

SHAPE = Shape(workspaces=3, accounts=3, ads=3, polls=12)

LATE = Faults(duplicate=0, poison=0)


def load(seed: int, messages: int) -> list[Message]:
    """So many messages of one world after the other, each with late, twofold and spoiled ones."""
    return list(islice(endless(seed), messages))


def endless(seed: int) -> Iterator[Message]:
    """Messages for as long as anybody takes them."""
    for number in count(seed * 1_000):
        yield from disturbed(world(number, SHAPE), number)


def unrepeated(seed: int) -> Iterator[Message]:
    """Events for as long as anybody takes them, late ones among them, and none of them twice."""
    seen: set[bytes] = set()
    for number in count(seed * 1_000):
        for message in disturbed(world(number, SHAPE), number, LATE):
            if (name := name_of(message)) not in seen:
                seen.add(name)
                yield message


def until(done: Callable[[], bool], messages: Iterable[Message]) -> Iterator[Message]:
    """The messages up to the moment at which `done` says so."""
    return takewhile(lambda _: not done(), messages)


async def storm(
    workers: list[Worker], seed: int, kills: int, pauses: int, every: tuple[float, float] = (3, 9)
) -> None:
    """Kill and freeze random workers in random order; a pause lasts 1 to 20 s.

    A frozen one may be killed; one that is not there, or is frozen already, is left out.
    """
    random = Random(seed)
    faults = ["kill"] * kills + ["pause"] * pauses
    random.shuffle(faults)
    frozen: list[asyncio.Task[None]] = []
    for fault in faults:
        await asyncio.sleep(random.uniform(*every))
        while not (hit := [each for each in workers if _can_suffer(each, fault)]):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        worker = random.choice(hit)
        if fault == "kill":
            worker.kill()
        else:
            frozen.append(asyncio.create_task(worker.pause(random.uniform(1, 20))))
    await asyncio.gather(*frozen)


def _can_suffer(worker: Worker, fault: str) -> bool:
    return worker.is_alive and (fault == "kill" or not worker.is_frozen)
