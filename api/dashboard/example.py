"""A small dashboard that OpenAPI shows: one tile, two days, one campaign."""

from api.shapes.dashboard import Dashboard

DASHBOARD: Dashboard = {
    "state": "has-data",
    "range": {
        "timeframe": "custom",
        "from": "2026-11-19",
        "to": "2026-11-20",
        "days": 2,
        "zone": "Europe/Berlin",
        "grain": "day",
    },
    "comparison": {
        "mode": "previous_period",
        "from": "2026-11-12",
        "to": "2026-11-13",
        "match_weekdays": True,
        "elapsed_only": True,
        "until": "2026-11-20 13:00",
        "note": "Both sides count up to 13:00 of their last day, the last whole hour read.",
    },
    "currency": "EUR",
    "kpis": [
        {
            "metric": "spend",
            "label": "Ad spend",
            "meaning": "What the ad platforms charged.",
            "unit": "money_micros",
            "better": "neutral",
            "formula": "Sum of ad spend",
            "basis": "platform",
            "value": 152_340_000,
            "compared": 150_000_000,
            "previous": 125_000_000,
            "delta": {"kind": "percent", "value": 0.2, "reason": None, "estimated": False},
            "series": [
                {
                    "at": "2026-11-19",
                    "value": 98_110_000,
                    "previous": 80_000_000,
                    "partial": False,
                },
                {"at": "2026-11-20", "value": 54_230_000, "previous": 91_500_000, "partial": True},
            ],
        }
    ],
    "charts": {
        "grain": "day",
        "buckets": [
            {"at": "2026-11-19", "label": "19 Nov", "partial": False},
            {"at": "2026-11-20", "label": "20 Nov", "partial": True},
        ],
        "providers": [
            {
                "provider": "meta",
                "label": "Meta",
                "metrics": {"spend": [98_110_000, 54_230_000]},
            }
        ],
        "totals": {
            "spend": {"current": [98_110_000, 54_230_000], "previous": [80_000_000, 91_500_000]}
        },
        "estimated": [],
    },
    "top_campaigns": {
        "metric": "spend",
        "order": "desc",
        "rows": [
            {
                "provider": "meta",
                "account_id": "act_1001",
                "campaign_id": "120210000001",
                "name": "Spring sale",
                "status": "ACTIVE",
                "metrics": {"spend": 76_170_000, "roas": 3.2, "cpl": None},
                "compared": {"spend": 75_000_000, "roas": 3.1, "cpl": None},
                "previous": {"spend": 60_000_000, "roas": 2.9, "cpl": None},
                "delta": {"kind": "percent", "value": 0.25, "reason": None, "estimated": False},
                "share_of_spend": 0.5,
            }
        ],
        "total": {"metrics": {"spend": 152_340_000, "roas": 2.8, "cpl": None}},
        "other": {"metrics": {"spend": 76_170_000, "roas": 2.4, "cpl": None}, "count": 5},
    },
    "spend_mix": [{"provider": "meta", "label": "Meta", "spend_micros": 152_340_000, "share": 1.0}],
    "shop": {"state": "connect-a-shop"},
    "attribution": {"state": "connect-a-shop"},
    "meta": {
        "generated_at": "2026-11-20T12:41:08Z",
        "as_of": "2026-11-20T12:40:31Z",
        "position": "ad_windows.v1/ad-metrics/0=1042,sync_status.v1/sync-runs/0=77",
        "zone": "Europe/Berlin",
        "currency": "EUR",
        "basis": "platform",
        "attribution_window": "default",
        "formulas": {"spend": "Sum of ad spend", "roas": "Purchase value ÷ ad spend"},
        "freshness": [
            {
                "connection_id": "0192e5a4-7b3a-7c1e-9a55-2f6f0d3c1b11",
                "provider": "meta",
                "account_id": "act_1001",
                "label": "Defang Labs EU",
                "status": "fresh",
                "last_success_at": "2026-11-20T12:40:34Z",
                "observed_until": "2026-11-20T12:40:31Z",
                "data_from": "2026-08-22",
                "data_through": "2026-11-20",
                "lag_seconds": 37,
                "late_after_seconds": 2_100,
                "reason": None,
                "next_step": None,
            }
        ],
        "partial": ["2026-11-20"],
        "warnings": [],
    },
}
