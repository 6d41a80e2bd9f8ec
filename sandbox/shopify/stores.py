"""Which shops there are: any of a proper name; one of them is the simulated shop's own."""

import re
from typing import Any

from sandbox.shop.plan import AccountPlan

OWN_STORE = "demo-store.myshopify.com"
_DOMAIN = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-_]*\.myshopify\.com")


def is_store(domain: str) -> bool:
    """Whether a shop may be called that."""
    return _DOMAIN.fullmatch(domain) is not None


def store(domain: str, advertiser: AccountPlan) -> dict[str, Any]:
    """A shop by the fields of Admin GraphQL; its money and zone are those of the advertiser."""
    handle = domain.partition(".")[0]
    titled = " ".join(word.capitalize() for word in re.split(r"[-_]+", handle))
    digits = sum(ord(letter) * 31**place for place, letter in enumerate(handle)) % 10**11
    return {
        "id": f"gid://shopify/Shop/{digits}",
        "name": advertiser.name if domain == OWN_STORE else titled,
        "myshopifyDomain": domain,
        "currencyCode": advertiser.currency,
        "ianaTimezone": advertiser.zone,
        "email": f"owner@{handle.lower()}.example",
    }
