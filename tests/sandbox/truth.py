"""The truth that a reader of the wire comes to, in the shape of the admin route's rows."""

from decimal import Decimal
from typing import Any

from tests.sandbox.running import HOURLY, WINDOWS, Json, Sandbox

_ORDER = {
    "purchase": ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"),
    "lead": ("lead",),
    "install": ("omni_app_install", "mobile_app_install"),
}

Row = dict[str, Any]


def read_by_wire(sandbox: Sandbox, account_id: str, day: str, level: str) -> dict[str, Row]:
    """Rows by entity, out of the hourly and the daily call."""
    rows = dict[str, Row]()
    hourly = sandbox.insights(account_id, day, level, breakdowns=HOURLY)
    for told in hourly:
        row = rows.setdefault(_entity(told), {"hours": [], "conversions": []})
        row["hours"].append([int(told[HOURLY][:2]), *_measures(told)])
    for told in sandbox.insights(account_id, day, level):
        row = rows.setdefault(_entity(told), {"hours": [], "conversions": []})
        row["day"] = _measures(told)
        row["conversions"] = sorted(_conversions(told))
    return rows


def told_truth(sandbox: Sandbox, account_id: str, day: str, level: str) -> dict[str, Row]:
    """The same rows from the admin route."""
    params = {"account_id": account_id, "from": day, "to": day, "levels": level}
    (account,) = sandbox.tell("truth", **params)["accounts"]
    measures = ("spend_micros", "impressions", "clicks", "link_clicks")
    return {
        _entity(row): {
            "hours": row["hours"],
            "day": [row[name] for name in measures],
            "conversions": row["conversions"],
        }
        for row in account["rows"]
    }


def micros(text: str) -> int:
    """Money in micros, exactly."""
    amount = Decimal(text) * 1_000_000
    assert amount == int(amount)
    return int(amount)


def _entity(told: Json) -> str:
    return str(told.get("ad_id") or told.get("adset_id") or told.get("campaign_id") or "account")


def _measures(told: Json) -> list[int]:
    counts = (told["impressions"], told["clicks"], told.get("inline_link_clicks", "0"))
    return [micros(told["spend"]), *map(int, counts)]


def _conversions(told: Json) -> list[list[Any]]:
    counts = {one["action_type"]: one for one in told.get("actions", [])}
    values = {one["action_type"]: one for one in told.get("action_values", [])}
    found = list[list[Any]]()
    for goal, kinds in _ORDER.items():
        kind = next((kind for kind in kinds if kind in counts), kinds[0])
        for window in WINDOWS:
            key = "value" if window == "default" else window
            count = micros(counts.get(kind, {}).get(key, "0"))
            if count:
                found.append([goal, window, count, micros(values.get(kind, {}).get(key, "0"))])
    return found
