"""Which copies the books must own up to, worked out by hand."""

import pytest

from tests.oracle.repeats import in_chunks_of, surely_repeated
from tests.oracle.rows import expected
from tests.streams.events import Message, Scene, as_records

SCENE = Scene()
FIRST, SECOND, NEXT_DAY = (
    SCENE.seen(at, {10: 5}) for at in ("10:20", "10:40", "03:00+1d")
)  # fmt: skip
COVERED = SCENE.covered("10:20")


@pytest.mark.parametrize(
    ("told", "chunk", "wanted"),
    [
        ([FIRST, FIRST], 1, 1),
        ([FIRST, FIRST, FIRST], 1, 2),
        ([FIRST, FIRST], 2, 0),  # perhaps one transaction, whose state held neither
        ([FIRST, COVERED, FIRST], 2, 1),
        ([FIRST, SECOND, FIRST], 1, 0),  # a newer reading took its register
        ([SECOND, FIRST, SECOND], 1, 1),
        ([FIRST, NEXT_DAY, FIRST], 1, 1),  # what was known on 1 March is kept for ever
        ([FIRST, COVERED], 1, 0),
    ],
)
def test_a_copy_is_a_duplicate_if_its_event_is_surely_held(
    told: list[Message], chunk: int, wanted: int
) -> None:
    """By its register, and by how many records a transaction may take."""
    records = as_records(told)
    found = surely_repeated(records, expected(records).facts, in_chunks_of(chunk))
    assert found.total() == wanted
