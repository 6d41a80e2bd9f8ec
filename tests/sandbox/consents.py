"""A person who approves or refuses, and what the client is then sent."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx2

from sandbox.token import META_APP_ID, META_APP_SECRET
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
