"""Who may call: the sandbox's own token, those of a consent, and the proofs of the app's secret."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sandbox.grants import Grants, Issued
from sandbox.meta.errors import (
    GraphError,
    bad_proof,
    bad_token,
    no_token,
    not_authorized,
    not_granted,
    session_expired,
)
from sandbox.token import DEAD_TOKEN, META_APP_ID, META_APP_SECRET, SANDBOX_TOKEN

USER = {"id": "10160042004200", "name": "Dana Owner"}
TOKEN_KINDS = ("short_lived", "long_lived")
_ALL_SCOPES = ("ads_read", "business_management", "public_profile")
_DAY = 86_400
_OF_THE_APP = ((), ("debug_token",))
"""Paths that the app's own token opens: a batch, whose parts are checked by themselves, too."""
_OF_NO_ADS = (*_OF_THE_APP, ("me",), ("me", "permissions"))


@dataclass(frozen=True, slots=True)
class Session:
    """What a good token stands for."""

    scopes: tuple[str, ...]
    issued_at: int
    expires_at: int
    data_access_expires_at: int


class Access:
    """The check that each call passes; a batch passes it once more for each part."""

    def __init__(self, grants: Grants, app_secret: str | None) -> None:
        self._grants = grants
        self._demands_proof = app_secret is not None
        self.app_secret = app_secret or META_APP_SECRET

    def check(self, path: tuple[str, ...], token: str, proof: str | None, now: int) -> None:
        """An error unless the token is good for the path, and its proof, if there is one."""
        if not token:
            raise no_token()
        if token == f"{META_APP_ID}|{self.app_secret}":
            if path not in _OF_THE_APP:
                raise no_token()
            return
        session = self.session(token, now)
        right = hmac.new(self.app_secret.encode(), token.encode(), sha256).hexdigest()
        if proof is None and self._demands_proof:
            raise bad_proof(given=False)
        if proof is not None and not hmac.compare_digest(right, proof):
            raise bad_proof(given=True)
        if path not in _OF_NO_ADS and not {"ads_read", "ads_management"} & {*session.scopes}:
            raise not_granted()

    def session(self, token: str, now: int) -> Session:
        """What a user's token stands for; an error if it is none, or no longer."""
        if token == SANDBOX_TOKEN:
            return Session(_ALL_SCOPES, now - _DAY, now + 59 * _DAY, now + 89 * _DAY)
        if token == DEAD_TOKEN:
            raise session_expired(now - 3600, now)
        issued = self._grants.find("meta", token, *TOKEN_KINDS)
        if issued is None:
            raise bad_token()
        expires_at = issued.expires_at or now
        match issued.state(now):
            case "expired":
                raise session_expired(expires_at, now)
            case "live":
                approved_at = issued.details["approved_at"]
                scopes = tuple(issued.details["scopes"])
                return Session(scopes, issued.issued_at, expires_at, approved_at + 90 * _DAY)
            case _:
                raise not_authorized()

    def permissions(self, token: str, now: int) -> dict[str, Any]:
        """What the user granted."""
        scopes = self.session(token, now).scopes
        return {"data": [{"permission": scope, "status": "granted"} for scope in scopes]}

    def revoke(self, now: int) -> dict[str, bool]:
        """The person wants no more of the app: all its tokens end, but for the sandbox's own."""
        for issued in self._grants.tokens("meta"):
            self._grants.end(issued, "revoked", now)
        return {"success": True}

    def inspected(self, token: str, now: int) -> dict[str, Any]:
        """What debug_token says of a token."""
        common = {"app_id": META_APP_ID, "type": "USER", "application": "metricx sandbox"}
        try:
            session = self.session(token, now)
        except GraphError as error:
            told: dict[str, Any] = {"code": error.code, "message": error.message}
            told["subcode"] = error.subcode or 467
            return {"data": {**common, "is_valid": False, "scopes": [], "error": told}}
        return {
            "data": {
                **common,
                "is_valid": True,
                "issued_at": session.issued_at,
                "expires_at": session.expires_at,
                "data_access_expires_at": session.data_access_expires_at,
                "scopes": list(session.scopes),
                "user_id": USER["id"],
            }
        }

    def issue(
        self, kind: str, seconds: int, before: Issued, now: int, *, approved_at: int
    ) -> dict[str, Any]:
        """A user token that goes back to the consent of a code or of another token."""
        issued = self._grants.issue(
            now,
            "meta",
            kind,
            seconds,
            prefix="EAAB",
            consent=before.consent,
            scopes=before.details["scopes"],
            approved_at=approved_at,
        )
        return {"access_token": issued.token, "token_type": "bearer", "expires_in": seconds}
