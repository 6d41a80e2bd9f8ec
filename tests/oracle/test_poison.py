"""The oracle refuses what is no event, and only that."""

import pytest

from tests.oracle.facts import Hours
from tests.oracle.rows import expected
from tests.oracle.wire import fact_of
from tests.streams.events import Scene, as_records
from tests.streams.poison import every_poison

GOOD = Scene().seen(at="12:00", hours={10: (3, 2, 1, 0)})
POISONS = every_poison(GOOD)


@pytest.mark.parametrize("kind", POISONS)
def test_a_spoiled_event_is_dead(kind: str) -> None:
    """Each spoil by itself makes the event unusable."""
    assert POISONS[kind].value != GOOD.value
    found = expected(as_records([POISONS[kind]]))
    assert len(found.dead) == 1
    assert not any(found.rows.values())


def test_an_event_with_a_member_from_the_future_is_read() -> None:
    """What a newer producer adds within a version says nothing to us."""
    assert GOOD.value is not None
    grown = GOOD.value.replace(b'"source":"meta"', b'"source":"meta","mood":"good"')
    (record,) = as_records([type(GOOD)(GOOD.topic, GOOD.key, grown)])
    assert isinstance(fact_of(record), Hours)
