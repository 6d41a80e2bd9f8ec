"""Positions as text, and where a reader stands who had got to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readmodels.queries.positions import Partition, Standing, read, standing, written

WINDOWS = "ad_windows.v1"
HERE: dict[Partition, int] = {(WINDOWS, "ad-metrics", 0): 5, (WINDOWS, "ad-metrics", 1): 9}
partitions = st.tuples(
    st.sampled_from(["ad_windows.v1", "sync_status.v12"]),
    st.sampled_from(["ad-metrics", "sync-runs"]),
    st.integers(0, 200),
)


@given(st.dictionaries(partitions, st.integers(0, 2**62), min_size=1))
def test_a_position_survives_the_wire(position: dict[Partition, int]) -> None:
    """Written and read it is the same, and the text is sorted."""
    text = written(position)
    assert read(text) == position
    assert standing(read(text), position) is Standing.EQUAL


@pytest.mark.parametrize(
    "text",
    [None, "", "nonsense", "a.v1/t/0=", "a.v1/t/0=-1", "a.v1/t/x=1", "a.v1/t/0=1,", "x" * 99_999,
     "a.v1/t/0=99999999999999999999", "a.v1/t/0=1\n", "A.v1/t/0=1"],
)  # fmt: skip
def test_what_is_no_position_is_unknown(text: str | None) -> None:
    """Nothing that a client sends can do more than ask for a snapshot."""
    assert read(text) is None
    assert standing(read(text), HERE) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("client", "wanted"),
    [
        ({0: 5, 1: 9}, Standing.EQUAL),
        ({0: 4, 1: 9}, Standing.BEHIND),
        ({0: 5}, Standing.BEHIND),  # a partition it never heard of
        ({0: 6, 1: 9}, Standing.AHEAD),
        ({0: 6, 1: 2}, Standing.AHEAD),  # ahead in one is ahead
        ({0: 5, 1: 9, 2: 0}, Standing.AHEAD),  # a partition that is gone: made anew
    ],
)
def test_where_a_reader_stands(client: dict[int, int], wanted: Standing) -> None:
    """Against 5 and 9 of the same version."""
    held = {(WINDOWS, "ad-metrics", partition): at for partition, at in client.items()}
    assert standing(held, HERE) is wanted


def test_another_version_is_only_behind() -> None:
    """After a swap offsets mean other rows: read all again, forget nothing else."""
    held: dict[Partition, int] = {("ad_windows.v0", "ad-metrics", 0): 99}
    assert standing(held, HERE) is Standing.BEHIND
