"""The oracle against the table worked by hand in the architecture."""

from datetime import date

import pytest

from tests.oracle.rows import expected
from tests.streams.events import Message, Scene, as_records

SCENE = Scene(day=date(2026, 3, 1), zone="UTC")
READ_1020 = SCENE.seen(at="10:20", hours={10: 2_000_000})
READ_1040 = SCENE.seen(at="10:40", hours={10: 5_000_000})
READ_1110 = SCENE.seen(at="11:10", hours={10: 4_000_000})
COVERED = SCENE.covered(at="03:00+1d")
READ_5_MARCH = SCENE.seen(at="03:00+4d", hours={10: 4_500_000})
READ_1010 = SCENE.seen(at="10:10", hours={10: 1_000_000})
OPEN_FROM = date(2026, 3, 2)

TABLE: list[tuple[list[Message], date | None, int, list[int]]] = [
    ([READ_1020], None, 2_000_000, [1_500_000, 500_000, 0, 0]),
    ([READ_1020, READ_1040], None, 5_000_000, [1_500_000, 2_000_000, 1_500_000, 0]),
    ([READ_1020, READ_1040, READ_1110], None, 4_000_000, [1_500_000, 1_500_000, 1_000_000, 0]),
    ([READ_1020, READ_1040, READ_1110, COVERED], None, 0, []),
    ([READ_1020, READ_1040, READ_1110, COVERED], OPEN_FROM, 0, []),
    ([READ_1020, READ_1040, READ_1110, COVERED, READ_5_MARCH], OPEN_FROM, 4_500_000, []),
    ([READ_1020, READ_1040, READ_1110, COVERED, READ_5_MARCH, READ_1010], OPEN_FROM, 4_500_000, []),
]


@pytest.mark.parametrize(("messages", "open_from", "hour", "quarters"), TABLE)
def test_the_worked_table_holds_line_by_line(
    messages: list[Message], open_from: date | None, hour: int, quarters: list[int]
) -> None:
    """Hour, day and quarter-hours of 1 March, 10:00, after each line's event."""
    rows = expected(as_records(reversed(messages)), open_from).rows
    for level in ("ad", "adset", "campaign", "account"):
        assert _spend(rows["ad_hour"], level) == ([hour] if hour else [])
        assert _spend(rows["ad_day"], level) == ([hour] if hour else [])
        assert _spend(rows["ad_quarter_hour"], level) == [part for part in quarters if part]


def _spend(rows: set[tuple[object, ...]], level: str) -> list[object]:
    return [row[-4] for row in sorted(rows, key=str) if row[1] == level]
