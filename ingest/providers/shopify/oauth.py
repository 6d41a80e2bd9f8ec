"""Shopify's consent: a signed code, an access token of an hour, a refresh token that rotates."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from accounts.tokens import Grant, Token
from ingest.outbound import SHOP, outbound_client
from ingest.providers.errors import TokenDead
from ingest.providers.oauth import (
    TIMEOUT,
    Asked,
    Consent,
    NotGranted,
    OAuthProvider,
    OpenedAccount,
    ends_at,
    renewal_of,
)
from ingest.providers.replies import decoded, failure, granted, sent
from ingest.providers.shopify.settings import Settings, settings_of
from ingest.providers.shopify.signature import is_signed

SCOPES = ("read_orders", "read_products", "read_customers", "read_inventory")
"""Revenue and refunds, what was sold, who is new, and what goods cost (`unitCost`)."""

RENEWED_AHEAD = timedelta(minutes=5)
_DEAD = frozenset({"invalid_grant", "invalid_request"})
_SHOP_QUERY = "{ shop { name myshopifyDomain currencyCode ianaTimezone } }"
_UNPAID = 402, 423


class _Told(msgspec.Struct, frozen=True):
    access_token: str
    scope: str = ""
    expires_in: float | None = None
    refresh_token: str | None = None
    refresh_token_expires_in: float | None = None


class _Shop(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    myshopify_domain: str
    currency_code: str | None = None
    iana_timezone: str | None = None


class _Data(msgspec.Struct, frozen=True):
    shop: _Shop


class _Answer(msgspec.Struct, frozen=True):
    data: _Data


class ShopifyOAuth:
    """An `OAuthProvider`; the subject of its tokens is the shop's domain."""

    name = "shopify"
    has_shops = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = outbound_client([settings.base_url], TIMEOUT)

    @property
    def is_configured(self) -> bool:
        """It takes an app, and its secret."""
        return bool(self._settings.client_id and self._settings.client_secret)

    def authorize_url(self, state: str, asked: Asked) -> str:
        """The shop's page; the token is the app's own, and outlives whoever consents."""
        params = {
            "client_id": self._settings.client_id or "",
            "scope": ",".join(SCOPES),
            "redirect_uri": asked.redirect_uri,
            "state": state,
        }
        return f"{self._settings.at(asked.shop)}/admin/oauth/authorize?{urlencode(params)}"

    def is_genuine(self, answer: Mapping[str, str], now: datetime) -> bool:
        """Signed with our secret, for a shop."""
        secret = self._settings.client_secret
        if not secret or SHOP.fullmatch(answer.get("shop", "")) is None:
            return False
        return is_signed(answer, secret, now)

    async def exchange(self, code: str, asked: Asked) -> Consent:
        """An expiring pair: a token without an end is what a leak is made of."""
        told = await self._tokens(asked.shop, code=code, expiring="1")
        scopes = told.scope.split(",")
        if missing := set(SCOPES) - set(scopes):
            raise NotGranted(f"{', '.join(sorted(missing))} was not allowed")
        return Consent(_grant(told), asked.shop)

    async def renew(self, token: Token) -> Grant:
        """A new pair. The old refresh token ends with the first use of the new one."""
        if token.refresh_token is None:
            raise TokenDead("Shopify gave no refresh token")
        told = await self._tokens(
            token.subject, grant_type="refresh_token", refresh_token=token.refresh_token
        )
        return _grant(told)

    async def ad_accounts(self, token: Token) -> list[OpenedAccount]:
        """The one shop that the token opens."""
        base_url = self._settings.at(token.subject)
        request = self._http.build_request(
            "POST",
            f"{base_url}/admin/api/{self._settings.version}/graphql.json",
            json={"query": _SHOP_QUERY},
            headers={"x-shopify-access-token": token.access_token},
        )
        reply = await sent(self._http, request)
        if reply.status_code in _UNPAID:
            closed = "Shopify has locked it, or it is unpaid."
            return [OpenedAccount(token.subject, token.subject, None, None, closed)]
        if reply.status_code == 401:
            raise TokenDead("HTTP 401: Shopify no longer knows the access token")
        if not reply.is_success:
            raise failure(reply, "no answer to a query")
        shop = decoded(reply, _Answer).data.shop
        return [
            OpenedAccount(shop.myshopify_domain, shop.name, shop.currency_code, shop.iana_timezone)
        ]

    async def revoke(self, token: Token) -> None:
        """The app is taken out of the shop; where it is not in any more is no failure."""
        url = f"{self._settings.at(token.subject)}/admin/api_permissions/current.json"
        headers = {"x-shopify-access-token": token.access_token}
        reply = await sent(self._http, self._http.build_request("DELETE", url, headers=headers))
        if not reply.is_success and reply.status_code != 401:
            raise failure(reply, "not revoked")

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _tokens(self, shop: str | None, **asked: str) -> _Told:
        client_ids = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
        }
        url = f"{self._settings.at(shop)}/admin/oauth/access_token"
        request = self._http.build_request("POST", url, json={**client_ids, **asked})
        return granted(await sent(self._http, request), _Told, dead=_DEAD)


def _grant(told: _Told) -> Grant:
    now = datetime.now(UTC)
    expires_at = ends_at(told.expires_in, now)
    return Grant(
        access_token=told.access_token,
        refresh_token=told.refresh_token,
        scopes=tuple(told.scope.split(",")),
        expires_at=expires_at,
        refresh_expires_at=ends_at(told.refresh_token_expires_in, now),
        renew_at=renewal_of(expires_at, RENEWED_AHEAD) if expires_at else None,
    )


def open_oauth(settings: Mapping[str, object]) -> OAuthProvider:
    """Shopify with these settings; raises ValueError if they do not fit."""
    return ShopifyOAuth(settings_of(settings))
