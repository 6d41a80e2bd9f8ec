"""Session tokens: who signed in where, good for a minute."""

import secrets
from dataclasses import dataclass

import jwt

from sandbox.clerk.keys import Keys

SECONDS = 60
_LEEWAY = 10  # before its issue, that a token is valid already


@dataclass(frozen=True, slots=True)
class Claims:
    """What a session token says, as far as it may be chosen."""

    user_id: str
    azp: str  # the origin that the person signed in to
    iss: str
    seconds: int = SECONDS  # not above 0: it was good for a minute, and that is over
    sts: str = "active"


def mint(keys: Keys, claims: Claims, now: int, *, kid: str | None = None) -> str:
    """A session token (claims version 2), signed by the newest key or by that of `kid`.

    A kid that no key has is written all the same: so looks a forged token.
    """
    key = (keys.find(kid) if kid else None) or keys.newest()
    expires_at = now + claims.seconds
    issued_at = now if claims.seconds > 0 else expires_at - SECONDS
    return jwt.encode(
        {
            "iss": claims.iss,
            "sub": claims.user_id,
            "sid": f"sess_2{secrets.token_hex(13)}",
            "azp": claims.azp,
            "iat": issued_at,
            "nbf": issued_at - _LEEWAY,
            "exp": expires_at,
            "v": 2,
            "sts": claims.sts,
            "fva": [0, -1],
        },
        key.private,
        algorithm="RS256",
        headers={"kid": kid or key.kid},
    )
