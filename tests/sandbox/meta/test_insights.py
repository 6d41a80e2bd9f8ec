"""Insights as the wire shows them, traps included."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.sandbox.conftest import DEMO
from tests.sandbox.running import HOURLY, Json, Sandbox

NODE = f"act_{DEMO}/insights"
DAY = json.dumps({"since": "2026-11-17", "until": "2026-11-17"})
ODD_DAYS = {"fall": "2026-11-01", "ordinary": "2026-11-02"}


def _types(row: Json) -> set[str]:
    return {action["action_type"] for action in row.get("actions", [])}


def test_every_figure_is_a_string_and_nothing_is_empty(sandbox: Sandbox) -> None:
    """Numbers, ids, ratios: strings; lists have entries; reach only by the day."""
    fields = "ad_id,ad_name,spend,impressions,reach,cpm,cpc,ctr,actions,action_values,purchase_roas"
    rows = sandbox.rows(NODE, level="ad", fields=fields, time_range=DAY, limit="500")
    for row in rows:
        assert all(row.values())
        numbers = (value for value in row.values() if not isinstance(value, list))
        assert all(isinstance(value, str) for value in numbers)
        assert row["date_start"] == row["date_stop"] == "2026-11-17"
    assert any("purchase_roas" not in row for row in rows)


def test_ratios_follow_from_what_they_divide(sandbox: Sandbox) -> None:
    """Cost per click to six decimals, without idle zeros."""
    for row in sandbox.rows(NODE, level="ad", fields="spend,clicks,cpc", time_range=DAY):
        exact = Decimal(row["spend"]) / Decimal(row["clicks"])
        assert Decimal(row["cpc"]) == exact.quantize(Decimal("0.000001"), "ROUND_HALF_UP")


def test_purchase_types_overlap(sandbox: Sandbox) -> None:
    """The whole family at once on the web; in the app the omni type alone is complete."""
    rows = sandbox.rows(NODE, level="campaign", fields="campaign_name,actions", time_range=DAY)
    (app,) = (row for row in rows if "iOS" in row["campaign_name"])
    assert {"omni_purchase", "app_custom_event.fb_mobile_purchase"} <= _types(app)
    assert "purchase" not in _types(app)
    assert {"omni_app_install", "mobile_app_install"} <= _types(app)
    (web,) = (row for row in rows if "Prospecting" in row["campaign_name"])
    pixel = "offsite_conversion.fb_pixel_purchase"
    told = {action["action_type"]: action["value"] for action in web["actions"]}
    assert told["omni_purchase"] == told["purchase"] == told[pixel]


def test_windows_show_only_when_asked_for(sandbox: Sandbox) -> None:
    """None without the parameter; the dead ones never."""
    plain = sandbox.rows(NODE, level="account", fields="actions", time_range=DAY)
    assert {key for row in plain for action in row["actions"] for key in action} == {
        "action_type",
        "value",
    }
    windows = json.dumps(["1d_view", "28d_click", "7d_view"])
    asked = sandbox.rows(
        NODE, level="account", fields="actions", time_range=DAY, action_attribution_windows=windows
    )
    assert {key for row in asked for action in row["actions"] for key in action} == {
        "action_type",
        "value",
        "1d_view",
        "28d_click",
    }


def test_hours_are_without_what_happens_off_meta(sandbox: Sandbox) -> None:
    """No purchase, lead, install, reach or frequency by the hour."""
    rows = sandbox.rows(
        NODE, level="campaign", fields="spend,reach,frequency,actions,action_values",
        time_range=DAY, breakdowns=HOURLY, limit="500",
    )  # fmt: skip
    assert {kind for row in rows for kind in _types(row)} == {
        "link_click",
        "post_engagement",
        "page_engagement",
    }
    assert not any(row.keys() & {"action_values", "reach", "frequency"} for row in rows)


def test_hour_labels_of_the_longest_day(sandbox: Sandbox) -> None:
    """25 hours have 24 labels; the second holds two of them, and is named as ever."""
    range_ = json.dumps({"since": "2026-11-01", "until": "2026-11-01"})
    rows = sandbox.rows(NODE, fields="spend", time_range=range_, breakdowns=HOURLY)
    assert [row[HOURLY] for row in rows] == [f"{h:02d}:00:00 - {h:02d}:59:59" for h in range(24)]
    spent = [Decimal(row["spend"]) for row in rows]
    assert spent[1] > spent[0]  # by night, spend falls from hour to hour


def test_hours_of_several_days_run_together(sandbox: Sandbox) -> None:
    """The trap: without time_increment=1 an hour's row is the sum over all days."""
    days = [date(2026, 11, 10) + timedelta(days=n) for n in range(3)]
    range_ = json.dumps({"since": str(days[0]), "until": str(days[-1])})
    whole = sandbox.rows(NODE, fields="spend", time_range=range_, breakdowns=HOURLY)
    assert len(whole) == 24
    by_day = sandbox.rows(
        NODE, fields="spend", time_range=range_, breakdowns=HOURLY, time_increment="1"
    )
    assert len(by_day) == 72
    for label in (0, 13):
        parts = [Decimal(row["spend"]) for row in by_day if row[HOURLY].startswith(f"{label:02d}")]
        assert Decimal(whole[label]["spend"]) == sum(parts)


def test_today_moves_while_one_watches(sandbox: Sandbox) -> None:
    """Ten seconds later the account has spent more."""
    today = json.dumps({"since": "2026-11-18", "until": "2026-11-18"})
    (before,) = sandbox.rows(NODE, fields="spend,impressions", time_range=today)
    sandbox.order("clock", action="hold", at="2026-11-18T19:23:51Z")
    (after,) = sandbox.rows(NODE, fields="spend,impressions", time_range=today)
    assert Decimal(after["spend"]) > Decimal(before["spend"])
    assert int(after["impressions"]) > int(before["impressions"])


def test_filters_and_order_are_obeyed(sandbox: Sandbox) -> None:
    """One campaign's ads, those above ten in spend, the dearest first, over pages."""
    campaign = sandbox.rows(f"act_{DEMO}/campaigns", fields="id,name")[0]["id"]
    filtering = json.dumps(
        [
            {"field": "campaign.id", "operator": "EQUAL", "value": campaign},
            {"field": "spend", "operator": "GREATER_THAN", "value": 10},
        ]
    )
    rows = sandbox.rows(
        NODE, level="ad", fields="campaign_id,spend", time_range=DAY, filtering=filtering,
        sort='["spend_descending"]', limit="3",
    )  # fmt: skip
    spent = [Decimal(row["spend"]) for row in rows]
    assert len(spent) > 3
    assert spent == sorted(spent, reverse=True)
    assert min(spent) > 10
    assert {row["campaign_id"] for row in rows} == {campaign}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"fields": "spend,nonsense"}, 100),
        ({"level": "galaxy"}, 100),
        ({"time_range": '{"since":"2026-11-17"}'}, 100),
        ({"time_range": '{"since":"2026-11-17","until":"2026-11-10"}'}, 100),
        ({"time_range": '{"since":"2022-11-17","until":"2026-11-10"}'}, 100),
        ({"time_range": "{not json"}, 100),
        ({"date_preset": "someday"}, 100),
        ({"breakdowns": "age"}, 100),
        ({"action_attribution_windows": '["90d_click"]'}, 100),
        ({"time_increment": "91"}, 100),
        ({"after": "bm9uc2Vuc2U"}, 100),
        ({"limit": "-1"}, 100),
        ({"limit": "5000"}, 1),
    ],
)
def test_what_makes_no_sense_is_refused(
    sandbox: Sandbox, params: dict[str, str], code: int
) -> None:
    """With Meta's error body and code."""
    response = sandbox.call(NODE, **params)
    assert response.status_code == (500 if code == 1 else 400)
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["fbtrace_id"]
