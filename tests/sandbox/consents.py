"""A person who approves or refuses, and what the client is then sent."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from sandbox.token import (
    GOOGLE_CLIENT_ID,
    GOOGLE_CLIENT_SECRET,
    META_APP_ID,
    META_APP_SECRET,
    SHOPIFY_CLIENT_ID,
    SHOPIFY_CLIENT_SECRET,
)
from tests.sandbox.running import Sandbox

REDIRECT = "http://127.0.0.1:9/oauth/callback?from=settings"
STATE = "s t&te/ü"

META_DIALOG = "/meta/v26.0/dialog/oauth"
META_ASK = {
    "client_id": META_APP_ID,
    "redirect_uri": REDIRECT,
    "state": STATE,
    "response_type": "code",
    "scope": "ads_read,business_management,nonsense",
}
META_SECRETS = {"client_id": META_APP_ID, "client_secret": META_APP_SECRET}

GOOGLE_PAGE = "/google/o/oauth2/v2/auth"
GOOGLE_ASK = {
    "client_id": GOOGLE_CLIENT_ID,
    "redirect_uri": REDIRECT,
    "state": STATE,
    "response_type": "code",
    "scope": "https://www.googleapis.com/auth/adwords",
    "access_type": "offline",
    "prompt": "consent",
}
GOOGLE_SECRETS = {"client_id": GOOGLE_CLIENT_ID, "client_secret": GOOGLE_CLIENT_SECRET}

SHOP = "demo-store.myshopify.com"
SHOPIFY_PAGE = f"/shopify/{SHOP}/admin/oauth/authorize"
SHOPIFY_ASK = {
    "client_id": SHOPIFY_CLIENT_ID,
    "redirect_uri": REDIRECT,
    "state": STATE,
    "scope": "read_orders,read_products",
}
SHOPIFY_SECRETS = {"client_id": SHOPIFY_CLIENT_ID, "client_secret": SHOPIFY_CLIENT_SECRET}


def decided(
    sandbox: Sandbox, path: str, params: Mapping[str, str], decision: str = "approve"
) -> dict[str, str]:
    """The parameters that come back to REDIRECT."""
    response = sandbox.http.post(path, params=params, data={"decision": decision})
    assert response.status_code == 302, response.text
    back = urlsplit(response.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == REDIRECT.partition("?")[0]
    told = dict(parse_qsl(back.query, strict_parsing=True))
    assert told.pop("from") == "settings"
    assert told.pop("state") == STATE
    return told


def meta_code(sandbox: Sandbox, **changed: str) -> str:
    """What Meta's dialog sends to who asked for a code."""
    return decided(sandbox, META_DIALOG, {**META_ASK, **changed})["code"]


def meta_exchange(sandbox: Sandbox, **params: str) -> httpx2.Response:
    """One call of Meta's token exchange."""
    return sandbox.http.get("/meta/v26.0/oauth/access_token", params={**META_SECRETS, **params})


def meta_tokens(sandbox: Sandbox, **changed: str) -> tuple[str, str]:
    """A short-lived token of Meta's, and the long-lived one made of it."""
    code = meta_code(sandbox, **changed)
    short = meta_exchange(sandbox, code=code, redirect_uri=REDIRECT).json()["access_token"]
    told = meta_exchange(sandbox, grant_type="fb_exchange_token", fb_exchange_token=short).json()
    return short, told["access_token"]


def google_code(sandbox: Sandbox, **changed: str) -> str:
    """What Google's page sends to who asked for a code."""
    return decided(sandbox, GOOGLE_PAGE, {**GOOGLE_ASK, **changed})["code"]


def google_exchange(sandbox: Sandbox, **form: str) -> httpx2.Response:
    """One call of Google's token endpoint; by default for a code."""
    asked = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, **GOOGLE_SECRETS}
    return sandbox.http.post("/google/token", data={**asked, **form})


def google_tokens(sandbox: Sandbox, **changed: str) -> dict[str, Any]:
    """What a consent of Google's comes to."""
    response = google_exchange(sandbox, code=google_code(sandbox, **changed))
    assert response.status_code == 200, response.text
    return response.json()


def shopify_code(sandbox: Sandbox) -> str:
    """What Shopify's page sends to who asked for a code."""
    return decided(sandbox, SHOPIFY_PAGE, SHOPIFY_ASK)["code"]


def shopify_exchange(sandbox: Sandbox, shop: str = SHOP, **told: str) -> httpx2.Response:
    """One call of Shopify's token endpoint."""
    path = f"/shopify/{shop}/admin/oauth/access_token"
    return sandbox.http.post(path, json={**SHOPIFY_SECRETS, **told})


def shopify_tokens(sandbox: Sandbox) -> dict[str, Any]:
    """What a consent of Shopify's comes to, expiring."""
    response = shopify_exchange(sandbox, code=shopify_code(sandbox), expiring="1")
    assert response.status_code == 200, response.text
    return response.json()
