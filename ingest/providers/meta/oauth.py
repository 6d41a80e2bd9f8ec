"""Meta's consent: a code, a short-lived token, and at once the long-lived one of sixty days.

There is no refresh token: a token that still lives is exchanged for another. Revoking takes back
all that the person gave our app.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import httpx2
import msgspec

from accounts.tokens import Grant, Token
from ingest.outbound import outbound_client
from ingest.providers.errors import Transient
from ingest.providers.meta.client import GraphClient, appsecret_proof, decoded, error_of
from ingest.providers.meta.observations import PROVIDER
from ingest.providers.meta.settings import Settings, settings_of
from ingest.providers.meta.throttle import Gates
from ingest.providers.oauth import (
    TIMEOUT,
    Asked,
    Consent,
    NotGranted,
    OAuthProvider,
    OpenedAccount,
    by_name,
    renewal_of,
)

SCOPES = ("ads_read", "business_management")
"""Figures, and the accounts that people have through a business."""

RENEWED_AHEAD = timedelta(days=10)
_LIFE = timedelta(days=60)  # where no expiry is told
_ACCOUNTS_A_PAGE = 200

# https://developers.facebook.com/docs/marketing-api/reference/ad-account: account_status
_OPEN = 1
_CLOSED = {
    2: "Meta has disabled it.",
    3: "It has unpaid bills at Meta.",
    7: "Meta is reviewing it for risk.",
    8: "A payment is being settled.",
    9: "It is in Meta's grace period after a failed payment.",
    100: "It is about to be closed.",
    101: "It is closed.",
}


class _Told(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float | None = None


class _Person(msgspec.Struct, frozen=True):
    id: str


class _Permission(msgspec.Struct, frozen=True):
    permission: str
    status: str


class _Permissions(msgspec.Struct, frozen=True):
    data: list[_Permission]


class _Account(msgspec.Struct, frozen=True):
    id: str
    account_status: int
    name: str = ""
    currency: str | None = None
    timezone_name: str | None = None


class MetaOAuth:
    """An `OAuthProvider`."""

    name = PROVIDER
    has_shops = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._graph = f"{settings.base_url}/{settings.version}"
        self._http = outbound_client([settings.base_url], TIMEOUT)

    @property
    def is_configured(self) -> bool:
        """It takes an app, and its secret."""
        return bool(self._settings.app_id and self._settings.app_secret)

    def authorize_url(self, state: str, asked: Asked) -> str:
        """Meta's login dialog."""
        params = {
            "client_id": self._settings.app_id or "",
            "redirect_uri": asked.redirect_uri,
            "state": state,
            "response_type": "code",
            "scope": ",".join(SCOPES),
        }
        dialog = f"{self._settings.dialog_url}/{self._settings.version}/dialog/oauth"
        return f"{dialog}?{urlencode(params)}"

    def is_genuine(self, answer: Mapping[str, str], now: datetime) -> bool:  # noqa: ARG002
        """Meta signs nothing."""
        return True

    async def exchange(self, code: str, asked: Asked) -> Consent:
        """The long-lived token; the short-lived one before it is kept nowhere."""
        short = await self._tokens(redirect_uri=asked.redirect_uri, code=code)
        told = await self._longer(short.access_token)
        reading = self._reading(told.access_token)
        person = await reading.get("me", {"fields": "id"}, _Person)
        permissions = await reading.get("me/permissions", {}, _Permissions)
        granted = [each.permission for each in permissions.data if each.status == "granted"]
        if SCOPES[0] not in granted:
            raise NotGranted(f"{SCOPES[0]} was not allowed")
        return Consent(_grant(told, granted), person.id)

    async def renew(self, token: Token) -> Grant:
        """Sixty more days, while it still lives."""
        return _grant(await self._longer(token.access_token), token.scopes)

    async def ad_accounts(self, token: Token) -> list[OpenedAccount]:
        """The person's own, and those of businesses that they belong to."""
        fields = {"fields": "id,name,account_status,currency,timezone_name"}
        pages = self._reading(token.access_token).pages(
            "me/adaccounts", fields, _Account, _ACCOUNTS_A_PAGE
        )
        return by_name([_opened(account) async for page in pages for account in page])

    async def revoke(self, token: Token) -> None:
        """Meta forgets all that this person allowed."""
        url = f"{self._graph}/me/permissions"
        headers = {"authorization": f"Bearer {token.access_token}"}
        proof = appsecret_proof(self._settings.app_secret or "", token.access_token)
        await self._sent(
            self._http.build_request(
                "DELETE", url, params={"appsecret_proof": proof}, headers=headers
            )
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    def _reading(self, token: str) -> GraphClient:
        return GraphClient(
            self._http, self._graph, token, app_secret=self._settings.app_secret, gates=Gates()
        )

    async def _longer(self, token: str) -> _Told:
        return await self._tokens(grant_type="fb_exchange_token", fb_exchange_token=token)

    async def _tokens(self, **asked: str) -> _Told:
        """By POST: what stands in a URL, stands in logs."""
        form = {
            "client_id": self._settings.app_id or "",
            "client_secret": self._settings.app_secret or "",
            **asked,
        }
        url = f"{self._graph}/oauth/access_token"
        return decoded(await self._sent(self._http.build_request("POST", url, data=form)), _Told)

    async def _sent(self, request: httpx2.Request) -> bytes:
        try:
            reply = await self._http.send(request)
        except httpx2.RequestError as error:
            raise Transient(f"{request.url.path}: {type(error).__name__}") from error
        if (error := error_of(reply, None)) is not None:
            raise error
        return reply.content


def _grant(told: _Told, scopes: Sequence[str]) -> Grant:
    now = datetime.now(UTC)
    # 0, which is told of tokens without an end, is as good as nothing told: they are renewed, too.
    expires_at = now + (timedelta(seconds=told.expires_in) if told.expires_in else _LIFE)
    return Grant(
        access_token=told.access_token,
        refresh_token=None,
        scopes=tuple(scopes),
        expires_at=expires_at,
        refresh_expires_at=None,
        renew_at=renewal_of(expires_at, RENEWED_AHEAD),
    )


def _opened(account: _Account) -> OpenedAccount:
    account_id = account.id.removeprefix("act_")
    closed = None
    if account.account_status != _OPEN:
        closed = _CLOSED.get(
            account.account_status, f"Meta says that its status is {account.account_status}."
        )
    return OpenedAccount(
        account_id, account.name or account_id, account.currency, account.timezone_name, closed
    )


def open_oauth(settings: Mapping[str, object]) -> OAuthProvider:
    """Meta with these settings; raises ValueError if they do not fit."""
    return MetaOAuth(settings_of(settings))
