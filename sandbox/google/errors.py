"""Errors of the Google Ads API: one type, and a constructor for each that a client can meet.

A call that never reached Google Ads has an `ErrorInfo` in its details, all others a
`GoogleAdsFailure`; clients must read both.
"""

from typing import Any

from starlette.responses import JSONResponse

_FAILURE = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
_INVALID = "Request contains an invalid argument."
_UNAUTHENTICATED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential."
)
_DENIED = "The caller does not have permission"


class AdsError(Exception):
    """A call that Google answers with an error body."""

    def __init__(self, code: int, status: str, message: str, detail: dict[str, Any] | None) -> None:
        super().__init__(message)
        self.code, self.status, self.message, self.detail = code, status, message, detail

    def response(self, request_id: str) -> JSONResponse:
        """The error as HTTP."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.detail:
            named = {"requestId": request_id} if self.detail["@type"] == _FAILURE else {}
            error["details"] = [{**self.detail, **named}]
        headers = {"request-id": request_id}
        if self.code == 401:
            headers["www-authenticate"] = 'Bearer realm="https://accounts.google.com/"'
        return JSONResponse({"error": error}, self.code, headers)


def no_credentials(*, given: bool) -> AdsError:
    """A call without a token, or with one that Google never gave out."""
    reason = "ACCESS_TOKEN_TYPE_UNSUPPORTED" if given else "CREDENTIALS_MISSING"
    return AdsError(
        401,
        "UNAUTHENTICATED",
        _UNAUTHENTICATED,
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "googleads.googleapis.com"},
        },
    )


def token_expired() -> AdsError:
    """An access token older than an hour."""
    return _authentication("OAUTH_TOKEN_EXPIRED", "OAuth token has expired.")


def token_revoked() -> AdsError:
    """An access token of a person who has taken the app's access back."""
    return _authentication("OAUTH_TOKEN_REVOKED", "OAuth token has been revoked.")


def permission_denied() -> AdsError:
    """A customer that the person cannot reach, or not without its manager."""
    return _failure(
        403,
        "PERMISSION_DENIED",
        _DENIED,
        {"authorizationError": "USER_PERMISSION_DENIED"},
        "User doesn't have permission to access customer. Note: If you're accessing a client "
        "customer, the manager's customer id must be set in the 'login-customer-id' header.",
    )


def invalid(kind: str, name: str, message: str) -> AdsError:
    """A request that makes no sense, like ("queryError", "UNRECOGNIZED_FIELD", …)."""
    return _failure(400, "INVALID_ARGUMENT", _INVALID, {kind: name}, message)


def exhausted(retry_seconds: int) -> AdsError:
    """Too many calls; with the seconds after which to come back."""
    return _failure(
        429,
        "RESOURCE_EXHAUSTED",
        "Resource has been exhausted (e.g. check quota).",
        {"quotaError": "RESOURCE_EXHAUSTED"},
        f"Too many requests. Retry in {retry_seconds} seconds.",
        {
            "quotaErrorDetails": {
                "rateScope": "DEVELOPER",
                "rateName": "Number of operations for basic access",
                "retryDelay": f"{retry_seconds}s",
            }
        },
    )


def trouble(code: int, message: str | None) -> AdsError:
    """Google's own fault."""
    status = {503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}.get(code, "INTERNAL")
    name = {504: "DEADLINE_EXCEEDED", 503: "TRANSIENT_ERROR"}.get(code, "INTERNAL_ERROR")
    said = message or "Internal error encountered."
    return _failure(code, status, said, {"internalError": name}, said)


def _authentication(name: str, message: str) -> AdsError:
    return _failure(
        401, "UNAUTHENTICATED", _UNAUTHENTICATED, {"authenticationError": name}, message
    )


def _failure(
    code: int,
    status: str,
    said: str,
    error_code: dict[str, str],
    message: str,
    details: dict[str, Any] | None = None,
) -> AdsError:
    error: dict[str, Any] = {"errorCode": error_code, "message": message}
    if details:
        error["details"] = details
    return AdsError(code, status, said, {"@type": _FAILURE, "errors": [error]})
