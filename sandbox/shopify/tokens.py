"""Shopify's tokens: for a code, rotated for a refresh token, and taken back with the app."""

import hmac
import json
from typing import Any, cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.consent import Ask
from sandbox.disturbed import disturbed
from sandbox.faults import Fault, Faults
from sandbox.grants import CODE_SECONDS, Grants, Issued
from sandbox.shopify.access import ShopAccess
from sandbox.token import SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET

_ACCESS_SECONDS = 3600
_REFRESH_SECONDS = 90 * 86_400


class ShopifyError(Exception):
    """A call that the token endpoint answers with an error."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> JSONResponse:
        """The error as HTTP."""
        told = {"error": self.error, "error_description": self.description}
        return JSONResponse(told, self.status)


class ShopifyTokens:
    """Codes out, tokens for codes and refresh tokens, and their end."""

    def __init__(self, grants: Grants, access: ShopAccess, clock: Clock, faults: Faults) -> None:
        self._grants, self._access, self._clock, self._faults = grants, access, clock, faults

    def routes(self) -> list[Route]:
        """The routes with their endpoints, below a shop's."""
        token = disturbed(self._faults, self.exchange, _refused)
        return [
            Route("/admin/oauth/access_token", token, methods=["POST"]),
            Route("/admin/api_permissions/current.json", self.uninstall, methods=["DELETE"]),
        ]

    def code(self, ask: Ask, shop: str, now: int) -> str:
        """A code for what the shop's owner approved."""
        return self._grants.issue(
            now,
            "shopify",
            "code",
            CODE_SECONDS,
            shop=shop,
            redirect_uri=ask.redirect_uri,
            scope=",".join(ask.scopes),
        ).token

    async def exchange(self, request: Request) -> Response:
        """Tokens, or why not."""
        shop, now = request.path_params["shop"].lower(), self._clock.now()
        try:
            told = _told(request.headers.get("content-type", ""), await request.body())
            _check_client(told)
            match told.get("grant_type"):
                case None | "authorization_code":
                    return JSONResponse(self._for_code(told, shop, now))
                case "refresh_token":
                    return JSONResponse(self._refreshed(told, shop, now))
                case _:
                    raise ShopifyError("unsupported_grant_type", "The grant type is not supported.")
        except ShopifyError as error:
            return error.response()

    async def uninstall(self, request: Request) -> Response:
        """The app is gone from the shop: all its tokens of that shop end."""
        shop, now = request.path_params["shop"].lower(), self._clock.now()
        if not self._access.opens(request, now):
            return self._access.denied()
        for issued in self._grants.tokens("shopify"):
            if issued.details["shop"] == shop:
                self._grants.end(issued, "revoked", now)
        return JSONResponse({})

    def _for_code(self, told: dict[str, Any], shop: str, now: int) -> dict[str, Any]:
        issued = self._grants.find("shopify", str(told.get("code")), "code")
        if (
            issued is None
            or issued.state(now) != "live"
            or issued.details["shop"] != shop
            or told.get("redirect_uri", issued.details["redirect_uri"])
            != issued.details["redirect_uri"]
        ):
            description = "The authorization code was not found or was already used"
            raise ShopifyError("invalid_request", description)
        self._grants.end(issued, "used", now)
        if str(told.get("expiring")) == "1":
            return self._pair(issued, now)
        return self._single(issued, None, now)

    def _refreshed(self, told: dict[str, Any], shop: str, now: int) -> dict[str, Any]:
        """A new pair. What was refreshed stays good until what replaced it is used."""
        issued = self._grants.find("shopify", str(told.get("refresh_token")), "refresh")
        if issued is None or issued.state(now) != "live" or issued.details["shop"] != shop:
            description = "This request requires an active refresh_token"
            raise ShopifyError("invalid_request", description)
        replaced = self._grants.find("shopify", issued.details["replaces"], "refresh")
        if replaced:
            self._grants.end(replaced, "used", now)
        return self._pair(issued, now, replaces=issued.token)

    def _pair(self, before: Issued, now: int, replaces: str = "") -> dict[str, Any]:
        refresh = self._grants.issue(
            now,
            "shopify",
            "refresh",
            _REFRESH_SECONDS,
            prefix="shprt_",
            consent=before.consent,
            shop=before.details["shop"],
            scope=before.details["scope"],
            replaces=replaces,
        )
        return {
            **self._single(before, _ACCESS_SECONDS, now),
            "expires_in": _ACCESS_SECONDS,
            "refresh_token": refresh.token,
            "refresh_token_expires_in": _REFRESH_SECONDS,
        }

    def _single(self, before: Issued, seconds: int | None, now: int) -> dict[str, Any]:
        scope: str = before.details["scope"]
        issued = self._grants.issue(
            now,
            "shopify",
            "access",
            seconds,
            prefix="shpat_",
            consent=before.consent,
            shop=before.details["shop"],
            scope=scope,
        )
        return {"access_token": issued.token, "scope": scope}


def _told(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    try:
        told = json.loads(body or b"{}")
    except ValueError as malformed:
        raise ShopifyError("invalid_request", "The body must be JSON.") from malformed
    if not isinstance(told, dict):
        raise ShopifyError("invalid_request", "The body must be a JSON object.")
    return cast("dict[str, Any]", told)


def _check_client(told: dict[str, Any]) -> None:
    secret = str(told.get("client_secret", "")).encode()
    is_right = hmac.compare_digest(secret, SHOPIFY_CLIENT_SECRET.encode())
    if told.get("client_id") != SHOPIFY_CLIENT_ID or not is_right:
        raise ShopifyError("invalid_client", "The app's id or secret is wrong.", 401)


def _refused(fault: Fault) -> Response:
    match fault.kind:
        case "expired_token":
            return ShopifyError(
                "invalid_request", "This request requires an active refresh_token"
            ).response()
        case "throttle":
            body = {"errors": "Exceeded 2 calls per second for api client."}
            return JSONResponse(body, 429, {"Retry-After": f"{max(fault.minutes * 60, 2)}.0"})
        case _:
            body = {"errors": fault.message or "Internal Server Error"}
            return JSONResponse(body, fault.status)
