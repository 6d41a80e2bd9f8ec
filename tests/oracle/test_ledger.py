"""The ledger notices each way in which the books can be wrong."""

from tests.oracle.facts import Record
from tests.oracle.ledger import Position, check_ledger

RECORDS = [Record("ad-metrics", 3, offset, b"k", b"v%d" % (offset % 4)) for offset in range(5)]
LANE = ("ad-metrics", 3)
POISON = {("ad-metrics", 3, 2)}
DEAD = {"ad_windows": POISON}
GOOD = Position("ad_windows", 1, "ad-metrics", 3, 5, 3, 1, 1)


def test_books_that_add_up_say_nothing() -> None:
    """Five records: three applied, one duplicate, one dead."""
    assert check_ledger(RECORDS, POISON, [GOOD], DEAD, {LANE: 1}) == []


def test_each_error_of_the_books_is_told() -> None:
    """A lag, a sum, a dead letter too few, too many, untrue and untold duplicates."""
    wrong = [
        GOOD._replace(next_offset=4, applied=2),
        GOOD._replace(applied=4),
        GOOD._replace(dead=0, applied=4),
        GOOD._replace(dead=2, applied=2),
        GOOD._replace(duplicate=2, applied=2),
        GOOD._replace(duplicate=0, applied=4),
    ]
    for position in wrong:
        assert len(check_ledger(RECORDS, POISON, [position], DEAD, {LANE: 1})) == 1


def test_each_error_among_dead_letters_is_told() -> None:
    """One is missing, one is of a good record."""
    assert check_ledger(RECORDS, POISON, [GOOD], {}, {})
    more = {"ad_windows": POISON | {("ad-metrics", 3, 1)}}
    assert check_ledger(RECORDS, POISON, [GOOD], more, {})


def test_a_partition_that_nobody_reads_is_told() -> None:
    """Records lie there, and no projection has a position."""
    assert check_ledger(RECORDS, POISON, [], DEAD, {})
