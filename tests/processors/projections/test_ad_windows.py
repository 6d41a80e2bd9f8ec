"""Ad windows on a real PostgreSQL: figures one can check by hand, then stories of every kind."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.windows import load as loading
from tests.oracle.fields import LARGEST
from tests.processors.projections.spec import Spec
from tests.processors.readings import Story, stories
from tests.streams.events import Path, Scene
from tests.streams.poison import every_poison

SCENE = Scene()
seen, covered = SCENE.seen, SCENE.covered


async def test_a_restatement_takes_back_only_what_it_denies(spec: Spec) -> None:
    """Half of the 3.0 spent after 10:15 is withdrawn; what was seen at 10:15 stands."""
    await spec.given(
        seen("10:15", {10: 3_000_000}),
        seen("11:01", {10: 6_000_000}),
    )
    await spec.when(seen("03:00+1d", {10: 4_500_000}))
    await spec.then(
        ad_quarter_hour={"10:00": 3_000_000, "10:15": 500_000, "10:30": 500_000, "10:45": 500_000},
        ad_hour={"10:00": 4_500_000},
        ad_day={"2026-03-01": 4_500_000},
    )


async def test_what_a_complete_read_leaves_out_is_nothing(spec: Spec) -> None:
    """Until the platform speaks of it again."""
    await spec.given(seen("10:20", {10: 2_000_000}))
    await spec.when(covered("03:00+1d"))
    await spec.then(ad_quarter_hour={}, ad_hour={}, ad_day={})
    await spec.when(seen("03:00+4d", {10: 4_000_000}))
    await spec.then(ad_hour={"10:00": 4_000_000}, ad_day={"2026-03-01": 4_000_000})


async def test_a_coverage_that_comes_before_its_readings_zeroes_none_of_them(spec: Spec) -> None:
    """One read has one instant, in whatever order its events arrive."""
    await spec.given(covered("12:00"))
    await spec.when(seen("12:00", {10: 5_000_000}))
    await spec.then(ad_day={"2026-03-01": 5_000_000})


async def test_an_older_coverage_zeroes_an_even_older_reading_that_comes_last(spec: Spec) -> None:
    """The reading of 10:20 was denied at 12:00, before it arrived."""
    await spec.given(covered("12:00"))
    await spec.when(seen("10:20", {10: 5_000_000}))
    await spec.then(ad_day={}, ad_hour={}, ad_quarter_hour={})


async def test_a_closed_date_keeps_its_hours_and_has_no_quarter_hours(spec: Spec) -> None:
    """A reading of March that comes in April."""
    await spec.keep_open_from(date(2026, 4, 1))
    await spec.when(seen("10:20", {10: 5_000_000}))
    await spec.then(ad_quarter_hour={}, ad_hour={"10:00": 5_000_000})


async def test_an_ad_that_moves_takes_its_figures_along(spec: Spec) -> None:
    """Campaign, ad set and currency are the newest reading's."""
    await spec.given(seen("10:20", {10: 5_000_000}))
    moved = replace(SCENE, path=Path("c-2", "s-2", "a-1"))
    await spec.when(moved.seen("11:20", {10: 6_000_000}))
    campaigns = {row[5] for row in (await spec.rows())["ad_day"] if row[1] == "campaign"}
    assert campaigns == {"c-2"}


async def test_conversions_follow_the_newest_reading(spec: Spec) -> None:
    """A goal that is no longer told is gone; below zero is a platform's right."""
    await spec.given(SCENE.converted("12:00", ("lead", "default", 2, 0), ("purchase", "1d", 1, 9)))
    await spec.when(SCENE.converted("13:00", ("purchase", "1d", -1, -9)))
    await spec.then(ad_conversion_day={("purchase", "1d"): -1})


async def test_a_goal_may_have_any_word_for_its_name(spec: Spec) -> None:
    """Also one that means something in PostgreSQL; and its register can be read again."""
    named = [("null", "null", 1, 2), ("lead", "null", 3, 4), ("-", ".", 5, 6), ("nul", "1d", 7, 8)]
    await spec.given(SCENE.converted("12:00", *named))
    await spec.when(SCENE.converted("13:00", *named[:3], ("null", "none", 9, 9)))
    await spec.then(
        ad_conversion_day={
            ("null", "null"): 1, ("lead", "null"): 3, ("-", "."): 5, ("null", "none"): 9,
        }
    )  # fmt: skip


async def test_what_is_delivered_again_is_known(spec: Spec) -> None:
    """The offset row says so; no row moves."""
    await spec.given(seen("10:20", {10: 2_000_000}), covered("10:20"), seen("10:40", {10: 3}))
    before = await spec.rows()
    await spec.again()
    assert await spec.rows() == before


async def test_every_poison_is_one_dead_letter_and_harms_nobody(spec: Spec) -> None:
    """All kinds in one chunk, good readings between them."""
    good = seen("10:20", {10: 2_000_000})
    poison = every_poison(good)
    mixed = [message for each in poison.values() for message in (each, good)]
    await spec.when(*mixed)
    await spec.then(ad_day={"2026-03-01": 2_000_000})


async def test_figures_at_the_limit_add_up(spec: Spec) -> None:
    """The largest figure that an event may hold, in every hour of 300 ads, lies within 64 bits."""
    hours = dict.fromkeys(range(24), (LARGEST,) * 4)
    ads = [replace(SCENE, path=Path("c-1", "s-1", f"a-{number}")) for number in range(300)]
    await spec.when(*(ad.seen("12:00", hours) for ad in ads))
    await spec.then()


@pytest.mark.parametrize("forgotten", ["_uncovered", "_load_glimpses", "_load_hours"])
async def test_a_register_that_is_not_loaded_breaks_the_rows(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    """Mutants of what is read from PostgreSQL before the fold: the oracle must see them."""
    monkeypatch.setattr(loading, forgotten, _nothing)
    await spec.given(seen("10:20", {10: 2_000_000}))
    await spec.when(seen("10:40", {10: 5_000_000}))
    await spec.when(covered("03:00+1d"))
    await spec.when(seen("03:00+2d", {10: 4_000_000}))
    with pytest.raises(AssertionError, match=r"ad_\w+: \d+ rows missing, [1-9]\d* wrong"):
        await spec.then()


async def _nothing(*_arguments: object) -> dict[object, object]:
    return {}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(stories(most=8), min_size=1, max_size=2))
async def test_stories_leave_the_rows_of_the_oracle(spec: Spec, told: list[Story]) -> None:
    """As in memory, so through SQL: each story in a workspace of its own, chunk by chunk."""
    for story in told:
        messages = story.moved_to(uuid4()).messages
        for left, right in pairwise([0, *sorted(story.cuts), len(messages)]):
            await spec.when(*messages[left:right])
    await spec.then()
