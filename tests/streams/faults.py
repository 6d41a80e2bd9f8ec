"""What networks and platforms do to a stream: late, twice, out of order, and no event at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from tests.streams.events import Message
from tests.streams.poison import any_poison


@dataclass(frozen=True)
class Faults:
    """Shares of the messages that suffer each fault."""

    late: float = 0.1
    late_by: float = 0.5  # how far back, at most, as a share of the whole stream
    duplicate: float = 0.1
    poison: float = 0.01


NONE = Faults(late=0, duplicate=0, poison=0)


def disturbed(messages: Iterable[Message], seed: int, faults: Faults = Faults()) -> list[Message]:
    """The messages in the order of their arrival, with copies and poison among them."""
    random = Random(seed)
    sent = list(messages)
    arrivals: list[tuple[float, Message]] = []
    for at, message in enumerate(sent):
        arrivals.append((at + _delay(random, faults, len(sent)), message))
        if random.random() < faults.duplicate:
            arrivals.append((at + random.random() * faults.late_by * len(sent), message))
        if random.random() < faults.poison:
            arrivals.append((at, any_poison(message, random)))
    return [message for _, message in sorted(arrivals, key=lambda arrival: arrival[0])]


def _delay(random: Random, faults: Faults, total: int) -> float:
    return random.random() * faults.late_by * total if random.random() < faults.late else 0
