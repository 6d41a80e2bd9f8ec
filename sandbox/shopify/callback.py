"""The parameters with which Shopify sends a person back, signed with the app's secret."""

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha256


def signed(params: Mapping[str, str], shop: str, now: int, secret: str) -> dict[str, str]:
    """The parameters with host, shop and timestamp, and the signature over all of them."""
    admin = f"admin.shopify.com/store/{shop.partition('.')[0]}"
    told = {
        **params,
        "host": base64.b64encode(admin.encode()).decode().rstrip("="),
        "shop": shop,
        "timestamp": str(now),
    }
    return {**told, "hmac": signature(told, secret)}


def signature(params: Mapping[str, str], secret: str) -> str:
    """Hex HMAC-SHA256 over `k=v` in order of k, joined by `&`."""
    text = "&".join(f"{_escaped(name, '%&=')}={_escaped(params[name])}" for name in sorted(params))
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


def _escaped(text: str, what: str = "%&") -> str:
    """As Shopify's Python library does; values without special characters stay as they are."""
    for letter in what:
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text
