"""Who may call: the sandbox's one token, and the app secret's proof where one is demanded."""

import hmac
from hashlib import sha256
from typing import Any

from sandbox.meta.errors import bad_proof, bad_token, no_token
from sandbox.token import SANDBOX_TOKEN

APP_ID = "660042004200"
USER = {"id": "10160042004200", "name": "Dana Owner"}
_SCOPES = ("ads_read", "business_management", "public_profile")


class Access:
    """The check that each call passes; a batch passes it once."""

    def __init__(self, app_secret: str | None) -> None:
        self._app_secret = app_secret

    def check(self, token: str, proof: str | None) -> None:
        """An error unless the token is the sandbox's and the proof is right, where demanded."""
        if not token:
            raise no_token()
        app_token = f"{APP_ID}|{self._app_secret}" if self._app_secret else None
        if token == app_token:
            return
        if token != SANDBOX_TOKEN:
            raise bad_token()
        if self._app_secret is not None:
            right = hmac.new(self._app_secret.encode(), token.encode(), sha256).hexdigest()
            if proof is None or not hmac.compare_digest(right, proof):
                raise bad_proof(given=proof is not None)

    @staticmethod
    def permissions() -> dict[str, Any]:
        """What the user granted."""
        return {"data": [{"permission": scope, "status": "granted"} for scope in _SCOPES]}

    @staticmethod
    def inspected(token: str, now: int) -> dict[str, Any]:
        """What debug_token says of a token."""
        if token != SANDBOX_TOKEN:
            error = {"code": 190, "message": "Invalid OAuth access token.", "subcode": 467}
            return {"data": {"app_id": APP_ID, "is_valid": False, "scopes": [], "error": error}}
        return {
            "data": {
                "app_id": APP_ID,
                "type": "USER",
                "application": "metricx sandbox",
                "is_valid": True,
                "issued_at": now - 86_400,
                "expires_at": now + 59 * 86_400,
                "data_access_expires_at": now + 89 * 86_400,
                "scopes": list(_SCOPES),
                "user_id": USER["id"],
            }
        }
