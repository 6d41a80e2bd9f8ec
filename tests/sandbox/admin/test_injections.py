"""Spending and restating by order, from the clock's now on, over restarts and in the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.conftest import DEMO, NOW
from tests.sandbox.running import Json, Sandbox, running
from tests.sandbox.truth import Row, read_by_wire, told_truth

TODAY, YESTERDAY = "2026-11-18", "2026-11-17"
LATER = "2026-11-18T19:30:00Z"


@pytest.fixture(scope="module")
def changeable(
    tmp_path_factory: pytest.TempPathFactory, arguments: tuple[str, ...]
) -> Iterator[Sandbox]:
    """A sandbox that these tests change, each on a day of its own."""
    with running(tmp_path_factory.mktemp("own"), *arguments) as sandbox:
        yield sandbox


@pytest.fixture
def own(changeable: Sandbox) -> Sandbox:
    """That sandbox, its clock held at NOW."""
    changeable.order("clock", action="hold", at=NOW)
    return changeable


def _same(sandbox: Sandbox, day: str) -> dict[str, Row]:
    """The ads' truth of a day, once it was seen to be the wire's, at each level."""
    for level in ("ad", "adset", "campaign", "account"):
        assert read_by_wire(sandbox, DEMO, day, level) == told_truth(sandbox, DEMO, day, level)
    return told_truth(sandbox, DEMO, day, "ad")


def test_spending_adds_exactly_that_to_the_current_hour(own: Sandbox) -> None:
    """Nothing else moves; and before that instant nothing did."""
    before = _same(own, TODAY)
    told = own.order("spend", spend="12.34", impressions=50, clicks=4, link_clicks=3)
    assert (told["hour"], told["day"], told["at"]) == (14, TODAY, NOW)
    after = _same(own, TODAY)
    ad_id = told["ad_id"]
    was, now = ({row[0]: row[1:] for row in side[ad_id]["hours"]} for side in (before, after))
    gain = [new - old for new, old in zip(now.pop(14), was.pop(14), strict=True)]
    assert gain == [12_340_000, 50, 4, 3]
    assert was == now
    assert {key: row for key, row in before.items() if key != ad_id} == {
        key: row for key, row in after.items() if key != ad_id
    }
    own.order("clock", action="hold", at="2026-11-18T19:23:11Z")
    assert _same(own, TODAY)[ad_id]["day"][0] < before[ad_id]["day"][0]
    changes = own.tell("changes")["changes"]
    assert [change["kind"] for change in changes if change["day"] == TODAY] == ["spend"]


def test_restating_halves_zeroes_and_sets(own: Sandbox) -> None:
    """Each in the truth and in the wire alike."""
    ad_id, row = max(_same(own, YESTERDAY).items(), key=lambda item: len(item[1]["conversions"]))
    halved = own.order("restate", ad_id=ad_id, day=YESTERDAY, factor="0.5")
    half = [[hour[0], hour[1] // 20_000 * 10_000] for hour in row["hours"]]
    assert [hour[:2] for hour in _same(own, YESTERDAY)[ad_id]["hours"]] == [
        hour for hour in half if hour[1]
    ]
    assert halved["before"]["spend_micros"] == row["day"][0]

    own.order(
        "restate", ad_id=ad_id, day=YESTERDAY,
        set={"spend": "100.01", "impressions": 1001, "clicks": 77, "link_clicks": 70},
        conversions=[["purchase", "default", 3, "185.40"], ["lead", "1d_click", 1, "0"]],
    )  # fmt: skip
    now = _same(own, YESTERDAY)[ad_id]
    assert now["day"] == [100_010_000, 1001, 77, 70]
    assert now["conversions"] == [
        ["lead", "1d_click", 1_000_000, 0],
        ["purchase", "default", 3_000_000, 185_400_000],
    ]
    assert len(now["hours"]) > 10
    assert all(hour[2] >= hour[3] >= hour[4] for hour in now["hours"])

    own.order("restate", ad_id=ad_id, day=YESTERDAY, zero=True)
    assert ad_id not in _same(own, YESTERDAY)


def test_one_hour_can_be_restated(own: Sandbox) -> None:
    """The others stand, and so do the day's conversions."""
    ad_id, row = next(iter(_same(own, "2026-11-16").items()))
    label = row["hours"][3][0]
    own.order("restate", ad_id=ad_id, day="2026-11-16", hour=label, zero=True)
    now = _same(own, "2026-11-16")[ad_id]
    assert now["hours"] == [hour for hour in row["hours"] if hour[0] != label]
    assert now["conversions"] == row["conversions"]


def test_only_conversions_can_be_restated(own: Sandbox) -> None:
    """Delivery stands."""
    ad_id, row = max(_same(own, "2026-11-15").items(), key=lambda item: len(item[1]["conversions"]))
    own.order("restate", ad_id=ad_id, day="2026-11-15", zero=True, of="conversions")
    now = _same(own, "2026-11-15")[ad_id]
    assert (now["hours"], now["conversions"]) == (row["hours"], [])


def test_a_restart_changes_no_figure(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Changes, clock and reports outlive a kill; another hash seed draws the same figures."""
    with running(tmp_path, *arguments, hash_seed="1") as sandbox:
        sandbox.order("clock", action="hold", at=NOW)
        told = sandbox.order("spend", spend="7.00")
        sandbox.order("restate", ad_id=told["ad_id"], day=YESTERDAY, factor="0.25")
        sandbox.order("clock", action="hold", at=LATER)
        before = [_same(sandbox, day) for day in (TODAY, YESTERDAY, "2026-10-20")]
    with running(tmp_path, *arguments, hash_seed="2") as sandbox:
        clock = sandbox.tell("clock")
        assert (clock["now"], clock["held"]) == (LATER, True)
        after = [_same(sandbox, day) for day in (TODAY, YESTERDAY, "2026-10-20")]
        assert len(sandbox.tell("changes")["changes"]) == 2
    assert after == before


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("spend", {"spend": "1.234"}),
        ("spend", {"spend": "-1"}),
        ("spend", {"spend": "1", "clicks": 3, "impressions": 2}),
        ("spend", {"spend": "1", "hour": 23}),
        ("spend", {"spend": "1", "ad_id": "1"}),
        ("restate", {"day": YESTERDAY, "zero": True}),
        ("restate", {"ad_id": "first", "day": YESTERDAY}),
        ("restate", {"ad_id": "first", "day": YESTERDAY, "zero": True, "factor": 2}),
        ("restate", {"ad_id": "first", "day": "2026-11-19", "zero": True}),
        ("restate", {"ad_id": "first", "day": YESTERDAY, "factor": "much"}),
        ("clock", {"action": "stop"}),
        ("clock", {"action": "hold", "at": "2026-11-18T19:30:00"}),
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(
    sandbox: Sandbox, path: str, order: Json
) -> None:
    """422, and why."""
    if order.get("ad_id") == "first":
        order = {**order, "ad_id": sandbox.rows(f"act_{DEMO}/ads")[0]["id"]}
    response = sandbox.http.post(f"/admin/{path}", json=order)
    assert response.status_code == 422, response.text
    assert response.json()["error"]
    assert sandbox.tell("changes") == {"changes": []}
