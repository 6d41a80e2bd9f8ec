"""Google's consent: a code with PKCE, an access token of an hour, a refresh token that stays."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from accounts.tokens import Grant, Token
from ingest.outbound import outbound_client
from ingest.providers.errors import TokenDead
from ingest.providers.google.customers import Customers
from ingest.providers.google.settings import Settings, settings_of
from ingest.providers.oauth import (
    TIMEOUT,
    Asked,
    Consent,
    NotGranted,
    OAuthProvider,
    OpenedAccount,
    by_name,
    ends_at,
    renewal_of,
)
from ingest.providers.replies import failure, granted, sent

SCOPE = "https://www.googleapis.com/auth/adwords"

RENEWED_AHEAD = timedelta(minutes=5)
_LIFE_SECONDS = 3_600.0
_DEAD = frozenset({"invalid_grant"})
_GONE_ALREADY = "invalid_token"


class _Told(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float = _LIFE_SECONDS
    refresh_token: str | None = None
    refresh_token_expires_in: float | None = None
    scope: str = ""


class GoogleOAuth:
    """An `OAuthProvider`."""

    name = "google"
    has_shops = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = outbound_client([settings.base_url, settings.token_url], TIMEOUT)

    @property
    def is_configured(self) -> bool:
        """It takes an OAuth client, and its secret."""
        return bool(self._settings.client_id and self._settings.client_secret)

    def authorize_url(self, state: str, asked: Asked) -> str:
        """Google's page. It asks each time, for a consent without it brings no refresh token."""
        params = {
            "client_id": self._settings.client_id or "",
            "redirect_uri": asked.redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": challenge_of(asked.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._settings.consent_url}/o/oauth2/v2/auth?{urlencode(params)}"

    def is_genuine(self, answer: Mapping[str, str], now: datetime) -> bool:  # noqa: ARG002
        """Google signs nothing: PKCE binds the code."""
        return True

    async def exchange(self, code: str, asked: Asked) -> Consent:
        """Both tokens. Whose they are is not asked for: that would take another scope."""
        told = await self._tokens(
            grant_type="authorization_code",
            code=code,
            redirect_uri=asked.redirect_uri,
            code_verifier=asked.verifier,
        )
        scopes = told.scope.split()
        if SCOPE not in scopes:
            raise NotGranted("Google Ads was not allowed")
        return Consent(_grant(told, scopes), None)

    async def renew(self, token: Token) -> Grant:
        """An hour more; TokenDead without a refresh token, or with one that was revoked."""
        if token.refresh_token is None:
            raise TokenDead("Google gave no refresh token")
        told = await self._tokens(grant_type="refresh_token", refresh_token=token.refresh_token)
        return _grant(told, told.scope.split() or token.scopes, token.refresh_expires_at)

    async def ad_accounts(self, token: Token) -> list[OpenedAccount]:
        """The person's own, and those below managers that they are in."""
        base_url = f"{self._settings.base_url}/{self._settings.version}"
        return by_name(await Customers(self._http, base_url, token.access_token).opened())

    async def revoke(self, token: Token) -> None:
        """All tokens of this consent end; one that has ended already is no failure."""
        request = self._http.build_request(
            "POST",
            f"{self._settings.token_url}/revoke",
            data={"token": token.refresh_token or token.access_token},
        )
        reply = await sent(self._http, request)
        if not reply.is_success and _GONE_ALREADY not in reply.text:
            raise failure(reply, "not revoked")

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _tokens(self, **asked: str) -> _Told:
        form = {
            "client_id": self._settings.client_id or "",
            "client_secret": self._settings.client_secret or "",
            **asked,
        }
        url = f"{self._settings.token_url}/token"
        reply = await sent(self._http, self._http.build_request("POST", url, data=form))
        return granted(reply, _Told, dead=_DEAD)


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _grant(told: _Told, scopes: Sequence[str], refresh_expires_at: datetime | None = None) -> Grant:
    now = datetime.now(UTC)
    expires_at = now + timedelta(seconds=told.expires_in)
    return Grant(
        access_token=told.access_token,
        refresh_token=told.refresh_token,
        scopes=tuple(scopes),
        expires_at=expires_at,
        refresh_expires_at=ends_at(told.refresh_token_expires_in, now) or refresh_expires_at,
        renew_at=renewal_of(expires_at, RENEWED_AHEAD),
    )


def open_oauth(settings: Mapping[str, object]) -> OAuthProvider:
    """Google with these settings; raises ValueError if they do not fit."""
    return GoogleOAuth(settings_of(settings))
