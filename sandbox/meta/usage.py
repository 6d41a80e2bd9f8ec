"""Throttle headers: how much of its hourly allowance a client has used, as Meta says it."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable

_HOUR = 3600
_TIER = "standard_access"
_APP_CALLS = 40_000  # 200 for each of as many users
_ACCOUNT_CALLS = 20_000  # of the limited tier, so that a busy client sees a figure move


class Usage:
    """Calls of the last hour of real time; told in headers, never enforced: faults do that."""

    def __init__(self, passed: Callable[[], float] = time.monotonic) -> None:
        self._passed = passed
        self._calls = deque[float]()

    def count(self) -> None:
        """One more call."""
        now = self._passed()
        self._calls.append(now)
        while self._calls[0] < now - _HOUR:
            self._calls.popleft()

    def headers(
        self, account_ids: Iterable[str], *, blocked_minutes: int | None = None
    ) -> dict[str, str]:
        """The four headers; all at 100 % while blocked, with the minutes that it will last."""
        calls = len(self._calls)
        app = 100 if blocked_minutes is not None else min(calls * 100 // _APP_CALLS, 99)
        account = 100 if blocked_minutes is not None else min(calls * 100 // _ACCOUNT_CALLS, 99)
        business = [
            {
                "type": "ads_insights",
                "call_count": account,
                "total_cputime": account * 2 // 3,
                "total_time": account * 3 // 4,
                "estimated_time_to_regain_access": blocked_minutes or 0,
                "ads_api_access_tier": _TIER,
            }
        ]
        return {
            "X-App-Usage": json.dumps(
                {"call_count": app, "total_time": app * 3 // 4, "total_cputime": app * 2 // 3}
            ),
            "X-Business-Use-Case-Usage": json.dumps(dict.fromkeys(account_ids, business)),
            "X-Ad-Account-Usage": json.dumps(
                {
                    "acc_id_util_pct": account,
                    "reset_time_duration": (blocked_minutes or 0) * 60,
                    "ads_api_access_tier": _TIER,
                }
            ),
            "X-FB-Ads-Insights-Throttle": json.dumps(
                {
                    "app_id_util_pct": app,
                    "acc_id_util_pct": account,
                    "ads_api_access_tier": _TIER,
                }
            ),
        }
