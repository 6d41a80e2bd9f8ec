"""Meta's way from a person's consent to a token: a code, a short-lived token, a long-lived one."""

import hmac
from typing import Any

from sandbox.consent import Ask
from sandbox.grants import CODE_SECONDS, Grants
from sandbox.meta.access import TOKEN_KINDS, Access
from sandbox.meta.call import Call
from sandbox.meta.errors import (
    GraphError,
    bad_code,
    bad_secret,
    expired_code,
    other_redirect_uri,
    unknown_app,
    used_code,
)
from sandbox.token import META_APP_ID

_SHORT_SECONDS = 5_400
_LONG_SECONDS = 60 * 86_400
SCOPES = {
    "ads_read": "Read your ad accounts, campaigns, ad sets, ads and their figures.",
    "ads_management": "Manage your ads.",
    "business_management": "See which businesses your ad accounts belong to.",
    "email": "See your e-mail address.",
    "public_profile": "See your name and picture.",
}
"""What can be asked for, as a person reads it."""


class MetaOAuth:
    """Codes out, tokens for codes, and longer tokens for tokens."""

    def __init__(self, grants: Grants, access: Access) -> None:
        self._grants, self._access = grants, access

    def code(self, ask: Ask, now: int) -> str:
        """A code for what the person approved."""
        return self._grants.issue(
            now,
            "meta",
            "code",
            CODE_SECONDS,
            redirect_uri=ask.redirect_uri,
            scopes=list(granted(ask)),
        ).token

    def exchange(self, call: Call, now: int) -> dict[str, Any]:
        """A token, for a code or for a token that is still good."""
        params = call.params
        if params.get("client_id") != META_APP_ID:
            raise unknown_app(given="client_id" in params)
        secret = params.get("client_secret", "")
        if not hmac.compare_digest(secret.encode(), self._access.app_secret.encode()):
            raise bad_secret()
        match params.get("grant_type", "authorization_code"):
            case "authorization_code":
                return self._for_code(params.get("code", ""), params.get("redirect_uri", ""), now)
            case "fb_exchange_token":
                return self._for_token(params.get("fb_exchange_token", ""), now)
            case other:
                raise GraphError(100, f"Unsupported grant_type {other}")

    def _for_code(self, code: str, redirect_uri: str, now: int) -> dict[str, Any]:
        issued = self._grants.find("meta", code, "code")
        if issued is None:
            raise bad_code()
        match issued.state(now):
            case "used":
                raise used_code()
            case "live":
                pass
            case _:
                raise expired_code()
        if redirect_uri != issued.details["redirect_uri"]:
            raise other_redirect_uri()
        self._grants.end(issued, "used", now)
        return self._access.issue("short_lived", _SHORT_SECONDS, issued, now, approved_at=now)

    def _for_token(self, token: str, now: int) -> dict[str, Any]:
        self._access.session(token, now)
        issued = self._grants.find("meta", token, *TOKEN_KINDS)
        if issued is None:  # the sandbox's own: it is as long-lived as can be
            return {"access_token": token, "token_type": "bearer", "expires_in": _LONG_SECONDS}
        approved_at = issued.details["approved_at"]
        return self._access.issue("long_lived", _LONG_SECONDS, issued, now, approved_at=approved_at)


def granted(ask: Ask) -> tuple[str, ...]:
    """What a person who approves grants: what was asked for and exists, and the profile always."""
    return tuple(scope for scope in SCOPES if scope in ask.scopes or scope == "public_profile")
