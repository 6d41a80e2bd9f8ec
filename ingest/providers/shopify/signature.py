"""Shopify's signature of what it sends a browser back with."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

MOST_APART = timedelta(minutes=5)
_UNSIGNED = {"hmac", "signature"}


def is_signed(answer: Mapping[str, str], secret: str, now: datetime) -> bool:
    """Whether these parameters, and no others, were signed with the app's secret a moment ago."""
    given = answer.get("hmac", "").encode()
    # Compared first: what is not signed is not looked into.
    if not hmac.compare_digest(signature(answer, secret).encode(), given):
        return False
    told = answer.get("timestamp", "")
    if not told.isascii() or not told.isdecimal() or len(told) > 12:
        return False
    return abs(now.timestamp() - int(told)) <= MOST_APART.total_seconds()


def signature(answer: Mapping[str, str], secret: str) -> str:
    """HMAC-SHA256, in hex, of the parameters by name, as Shopify's libraries write them."""
    text = "&".join(
        f"{_escaped(name).replace('=', '%3D')}={_escaped(answer[name])}"
        for name in sorted(answer)
        if name not in _UNSIGNED
    )
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26")
