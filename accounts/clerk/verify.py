"""Whether a token is a live session of Clerk's, opened from one of our pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt

from accounts.clerk.keys import SigningKeys
from accounts.clerk.settings import ClerkSettings

SKEW_SECONDS = 5
_REQUIRED = ["exp", "iat", "nbf", "iss", "sub", "sid", "azp"]


@dataclass(frozen=True, slots=True)
class Verified:
    """Who Clerk says it is."""

    clerk_id: str  # `sub`
    session_id: str  # `sid`


class Verifier:
    """Checks tokens against Clerk's keys; one per process."""

    def __init__(self, keys: SigningKeys, settings: ClerkSettings) -> None:
        self._keys = keys
        self._issuer = settings.issuer
        self._parties = settings.authorized_parties

    async def check(self, token: str) -> Verified | None:
        """None if it is forged, expired, another issuer's or party's, or not yet a whole sign-in.

        A token without `azp` was not opened by a page; one with `aud` was made for somebody else.
        KeysAway if it cannot be judged.
        """
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            return None
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            return None
        key = await self._keys.find(kid)
        if key is None:
            return None
        try:
            claims = jwt.decode(  # pyright: ignore[reportUnknownMemberType]
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                leeway=SKEW_SECONDS,
                options={"require": _REQUIRED},
            )
        except jwt.InvalidTokenError:
            return None
        return self._accepted(claims)

    def newest(self, tokens: Iterable[str]) -> str | None:
        """Of tokens that a browser sends beside each other, this issuer's newest; not checked."""
        ours = [(self._issued_at(token), token) for token in tokens]
        return max(ours, default=(0, None), key=lambda each: each[0])[1]

    def _accepted(self, claims: dict[str, Any]) -> Verified | None:
        sid, sub, azp = claims["sid"], claims["sub"], claims["azp"]
        if not all(isinstance(each, str) and each for each in (sid, sub, azp)):
            return None
        if azp not in self._parties or claims.get("sts", "active") != "active":
            return None
        return Verified(clerk_id=sub, session_id=sid)

    def _issued_at(self, token: str) -> float:
        """-1 if it says that it is not of this issuer."""
        try:
            claims = jwt.decode(token, options={"verify_signature": False})  # pyright: ignore[reportUnknownMemberType]
        except jwt.InvalidTokenError:
            return -1
        issued_at = claims.get("iat")
        if claims.get("iss") != self._issuer or not isinstance(issued_at, int | float):
            return -1
        return issued_at
