"""Meta's usage headers: how full our allowances are, and how long to stay away when they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal, cast

import msgspec

PAUSE_AT_PERCENT = 85.0
"""At 100 Meta refuses; other programs of the same app spend from the same allowance."""

UNTOLD_PAUSE_SECONDS = 60.0
"""How long to stay away when a throttle does not say: Meta sends no Retry-After."""

_SHARES = ("call_count", "total_time", "total_cputime")

Scope = Literal["app", "account"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How full one allowance is, whose it is, and when it is said to be free again."""

    scope: Scope
    percent: float
    regain_seconds: float | None = None


@dataclass(slots=True)
class Gate:
    """Shut while an allowance is nearly spent."""

    opens_at: float = 0.0  # on the monotonic clock


@dataclass(frozen=True, slots=True)
class Gates:
    """What a request must pass: the gate of the app, and that of its account."""

    app: Gate = field(default_factory=Gate)
    account: Gate = field(default_factory=Gate)

    def shut(self, seconds: Mapping[Scope, float]) -> None:
        """Each stays shut for this long at least."""
        for scope, wait in seconds.items():
            gate = self.app if scope == "app" else self.account
            gate.opens_at = max(gate.opens_at, monotonic() + wait)

    def closed_seconds(self) -> float:
        """How long from now until both are open; 0 if they are."""
        return max(0.0, max(self.app.opens_at, self.account.opens_at) - monotonic())


def pauses(headers: Mapping[str, str]) -> dict[Scope, float]:
    """How long these reply headers ask us to stay away; nothing where there is room."""
    asked: dict[Scope, float] = {}
    for usage in usages(headers):
        if usage.percent >= PAUSE_AT_PERCENT:
            wait = usage.regain_seconds or UNTOLD_PAUSE_SECONDS
            asked[usage.scope] = max(wait, asked.get(usage.scope, 0.0))
    return asked


def usages(headers: Mapping[str, str]) -> Iterator[Usage]:
    """What each usage header says; one that cannot be read says nothing."""
    app = _object(headers.get("x-app-usage"))
    yield Usage("app", max(_number(app.get(share)) for share in _SHARES))

    account = _object(headers.get("x-ad-account-usage"))
    reset = _number(account.get("reset_time_duration"))
    yield Usage("account", _number(account.get("acc_id_util_pct")), reset or None)

    insights = _object(headers.get("x-fb-ads-insights-throttle"))
    yield Usage("app", _number(insights.get("app_id_util_pct")))
    yield Usage("account", _number(insights.get("acc_id_util_pct")))

    for entries in _object(headers.get("x-business-use-case-usage")).values():
        for entry in cast(list[Any], entries if isinstance(entries, list) else []):
            if isinstance(entry, dict):
                yield _use_case(cast(dict[str, Any], entry))


def _use_case(entry: dict[str, Any]) -> Usage:
    minutes = _number(entry.get("estimated_time_to_regain_access"))
    percent = max(_number(entry.get(share)) for share in _SHARES)
    # A wait is only announced once the door is shut, whatever the percentages say.
    return Usage("account", max(percent, 100.0) if minutes else percent, minutes * 60 or None)


def _object(text: str | None) -> dict[str, Any]:
    try:
        found: Any = msgspec.json.decode(text) if text else {}
    except msgspec.DecodeError:
        found = {}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
