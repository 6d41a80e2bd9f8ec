"""Google's tokens: for a code, for a refresh token, and taken back."""

import base64
import hmac
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.consent import Ask
from sandbox.disturbed import disturbed
from sandbox.faults import Fault, Faults
from sandbox.grants import CODE_SECONDS, Grants, Issued
from sandbox.token import GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET

_ACCESS_SECONDS = 3599


class OAuthError(Exception):
    """A call that Google's token endpoint answers with an error."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> JSONResponse:
        """The error as HTTP."""
        told = {"error": self.error, "error_description": self.description}
        return JSONResponse(told, self.status)


class GoogleTokens:
    """Codes out, tokens for codes and refresh tokens, and their end."""

    def __init__(self, grants: Grants, clock: Clock, faults: Faults) -> None:
        self._grants, self._clock, self._faults = grants, clock, faults

    def routes(self) -> list[Route]:
        """The routes with their endpoints."""
        token = disturbed(self._faults, self.exchange, _refused)
        revoke = disturbed(self._faults, self.revoke, _refused)
        return [
            Route("/token", token, methods=["POST"]),
            Route("/revoke", revoke, methods=["POST"]),
        ]

    def code(
        self, ask: Ask, now: int, *, challenge: str | None, is_offline: bool, asks_again: bool
    ) -> str:
        """A code for what the person approved."""
        return self._grants.issue(
            now,
            "google",
            "code",
            CODE_SECONDS,
            prefix="4/0A",
            redirect_uri=ask.redirect_uri,
            scopes=list(ask.scopes),
            challenge=challenge,
            # Who has approved before gets no further refresh token unless asked anew.
            refreshable=is_offline and (asks_again or not self._has_refresh_token(now)),
        ).token

    async def exchange(self, request: Request) -> Response:
        """Tokens, or why not."""
        form = await _form(request)
        now = self._clock.now()
        try:
            _check_client(form)
            match form.get("grant_type"):
                case "authorization_code":
                    return JSONResponse(self._for_code(form, now))
                case "refresh_token":
                    return JSONResponse(self._refreshed(form.get("refresh_token", ""), now))
                case other:
                    raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {other or ''}")
        except OAuthError as error:
            return error.response()

    async def revoke(self, request: Request) -> Response:
        """The consent behind a token ends, with all that came of it."""
        token = {**request.query_params, **await _form(request)}.get("token", "")
        now = self._clock.now()
        issued = self._grants.find("google", token, "access", "refresh")
        if issued is None or issued.state(now) != "live":
            return OAuthError("invalid_token", "Token expired or revoked").response()
        for other in self._grants.tokens("google"):
            if other.consent == issued.consent:
                self._grants.end(other, "revoked", now)
        return JSONResponse({})

    def _for_code(self, form: dict[str, str], now: int) -> dict[str, Any]:
        issued = self._grants.find("google", form.get("code", ""), "code")
        if issued is None:
            raise OAuthError("invalid_grant", "Malformed auth code.")
        if issued.state(now) != "live":
            raise OAuthError("invalid_grant", "Bad Request")
        if form.get("redirect_uri") != issued.details["redirect_uri"]:
            raise OAuthError("redirect_uri_mismatch", "Bad Request")
        _check_verifier(issued.details["challenge"], form.get("code_verifier"))
        self._grants.end(issued, "used", now)
        told = self._access(issued, now)
        if issued.details["refreshable"]:
            refresh = self._grants.issue(
                now,
                "google",
                "refresh",
                None,
                prefix="1//0",
                consent=issued.consent,
                scopes=issued.details["scopes"],
            )
            told["refresh_token"] = refresh.token
        return told

    def _refreshed(self, token: str, now: int) -> dict[str, Any]:
        issued = self._grants.find("google", token, "refresh")
        if issued is None:
            raise OAuthError("invalid_grant", "Bad Request")
        if issued.state(now) != "live":
            raise OAuthError("invalid_grant", "Token has been expired or revoked.")
        return self._access(issued, now)

    def _access(self, before: Issued, now: int) -> dict[str, Any]:
        scopes: list[str] = before.details["scopes"]
        issued = self._grants.issue(
            now,
            "google",
            "access",
            _ACCESS_SECONDS,
            prefix="ya29.",
            consent=before.consent,
            scopes=scopes,
        )
        return {
            "access_token": issued.token,
            "expires_in": _ACCESS_SECONDS,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }

    def _has_refresh_token(self, now: int) -> bool:
        return any(
            issued.kind == "refresh" and issued.state(now) == "live"
            for issued in self._grants.tokens("google")
        )


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode(errors="replace")
    return dict(parse_qsl(body, keep_blank_values=True))


def _check_client(form: dict[str, str]) -> None:
    if form.get("client_id") != GOOGLE_CLIENT_ID:
        raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
    secret = form.get("client_secret", "").encode()
    if not hmac.compare_digest(secret, GOOGLE_CLIENT_SECRET.encode()):
        raise OAuthError("invalid_client", "Unauthorized", 401)


def _check_verifier(challenge: str | None, verifier: str | None) -> None:
    """RFC 7636, S256."""
    if not challenge and not verifier:
        return
    if not challenge:
        raise OAuthError("invalid_grant", "code_verifier or verifier is not needed.")
    if not verifier:
        raise OAuthError("invalid_grant", "Missing code verifier.")
    digest = sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != challenge:
        raise OAuthError("invalid_grant", "Invalid code verifier.")


def _refused(fault: Fault) -> Response:
    match fault.kind:
        case "expired_token":
            error = OAuthError("invalid_grant", "Token has been expired or revoked.")
        case "throttle":
            error = OAuthError("rate_limit_exceeded", "Rate Limit Exceeded", 429)
        case _:
            error = OAuthError("internal_failure", fault.message or "Backend Error", fault.status)
    return error.response()
