"""The bench's de-duplication counts each id once, whatever comes twice and however it is cut.

Else the price that `exactly_once.with_dedup` tells would be that of something else.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.sum_once import Gathered, fold_once, gather, packed
from bench.sum_windows import Sums, fold_sums
from processors.chunk import Chunk
from schemas.topics import Topic


@dataclass(frozen=True)
class Stored:
    """A record of the topic."""

    offset: int
    value: bytes | None
    key: bytes | None = None


def an_event(number: int, event_id: str | None = None) -> bytes:
    """Its figures, window and id follow from its number."""
    random = Random(number)
    shown = event_id or str(UUID(int=random.getrandbits(128), version=4))
    return (
        f'{{"event_id":"{shown}","key":"ad-{number % 3}","at":"2026-03-02T0{number % 2}:07:00Z",'
        f'"spend_micros":{random.randrange(10**9)},"impressions":{number},"clicks":1}}'
    ).encode()


class Rows:
    """What the projection's tables hold, as its SQL adds to them and finds in them."""

    def __init__(self) -> None:
        self.sums: Sums = {}
        self.ids: dict[datetime, list[bytes]] = defaultdict(list)
        self.duplicates = 0
        self.rejected: list[int] = []

    def take(self, records: Sequence[Stored]) -> None:
        """Load, fold and write one chunk."""
        chunk = chunk_of(records)
        sums, rejects, ids = gather(records)
        known = {minute: list(self.ids[minute]) for minute in ids}
        folded = fold_once(chunk, Gathered(sums, rejects, ids, known))
        for window, gain in folded.delta.sums.items():
            held = self.sums.get(window, [0, 0, 0])
            self.sums[window] = [a + b for a, b in zip(held, gain, strict=True)]
        for minute, segment in folded.delta.ids.items():
            self.ids[minute].append(segment)
        self.duplicates += folded.duplicates
        self.rejected += [reject.offset for reject in folded.rejects]


def chunk_of(records: Sequence[Stored]) -> Chunk:
    """They follow each other."""
    return Chunk(Topic.AD_METRICS, 0, records[0].offset, records[-1].offset + 1, records)


@given(
    numbers=st.lists(st.integers(0, 12), min_size=1, max_size=40),
    cuts=st.sets(st.integers(1, 39)),
)
def test_each_id_counts_once(numbers: list[int], cuts: set[int]) -> None:
    """As the plain sums of the same events, each given once."""
    records = [Stored(offset, an_event(number)) for offset, number in enumerate(numbers)]
    once = dict(zip(numbers, records, strict=True))
    rows = Rows()
    borders = [0, *sorted(cut for cut in cuts if cut < len(records)), len(records)]
    for start, end in pairwise(borders):
        rows.take(records[start:end])
    assert rows.sums == fold_sums(chunk_of(list(once.values())), None).delta
    assert rows.duplicates == len(records) - len(once)
    assert rows.rejected == []


@pytest.mark.parametrize(
    "bad",
    [
        "0" * 36,
        "00000000-0000-4000-8000-00000000000g",
        "00000000-0000-4000-8000-0000000000 0",
        "0000000--0000-4000-8000-000000000000",
        "short",
    ],
)
def test_what_is_no_id_is_refused_alone(bad: str) -> None:
    """Its neighbours count."""
    good = [Stored(0, an_event(1)), Stored(2, an_event(2))]
    rows = Rows()
    rows.take([good[0], replace(good[0], offset=1, value=an_event(3, bad)), good[1]])
    assert rows.sums == fold_sums(chunk_of(good), None).delta
    assert rows.rejected == [1]


def test_ids_that_share_their_first_half_are_two() -> None:
    """The quick look compares halves; what it suspects is looked at whole."""
    halves = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"]
    assert packed(halves[:1])[:8] == packed(halves[1:])[:8]
    rows = Rows()
    rows.take([Stored(at, an_event(at, half)) for at, half in enumerate(halves)])
    rows.take([Stored(2, an_event(0, halves[0]))])
    assert sum(clicks for _, _, clicks in rows.sums.values()) == 2
    assert rows.duplicates == 1
