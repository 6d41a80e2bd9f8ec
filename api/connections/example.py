"""The connections that OpenAPI shows: one account that is read, and one consent to choose of."""

from typing import Any

CARD: dict[str, Any] = {
    "id": "7a1f5f36-3c55-5d0c-9a51-0d2a6f1f7b44",
    "provider": "meta",
    "account_id": "700420170042",
    "label": "Defang Labs on Meta",
    "state": "healthy",
    "reason": None,
    "next_step": None,
    "progress": None,
    "rate_limited_until": None,
    "failing_since": None,
    "retry_at": None,
    "last_success_at": "2026-11-20T13:05:00Z",
    "data_from": "2026-08-22",
    "data_through": "2026-11-20",
    "next_run_at": "2026-11-20T13:20:00Z",
    "last_run": {
        "finished_at": "2026-11-20T13:05:00Z",
        "outcome": "ok",
        "rows": 420,
        "events": 421,
    },
    "restated_days": 7,
    "token_expires_at": "2027-01-18T09:30:00Z",
    "zone": "America/New_York",
    "currency": "USD",
    "created_at": "2026-11-19T09:30:00Z",
    "disconnected_at": None,
}
CARDS: dict[str, Any] = {
    "providers": [
        {
            "provider": "meta",
            "label": "Meta",
            "is_configured": True,
            "is_read": True,
            "pending": None,
        },
        {
            "provider": "google",
            "label": "Google",
            "is_configured": True,
            "is_read": False,
            "pending": {
                "consent": "3f1a6a5e-6f0b-4a0e-8f0c-4a5c8f0d1b7e",
                "since": "2026-11-20T13:00:00Z",
            },
        },
        {
            "provider": "shopify",
            "label": "Shopify",
            "is_configured": False,
            "is_read": False,
            "pending": None,
        },
    ],
    "connections": [CARD],
}
