"""The keys that Clerk signs with, kept for five minutes and read again when one is unknown."""

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Any, cast

import httpx2
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from accounts.clerk.errors import KeysAway

KEPT_SECONDS = 300.0
PAUSE_SECONDS = 10.0
"""The least time between two reads, whatever tokens name."""

READ_SECONDS = 2.0
LEAST_BITS = 2048

log = structlog.get_logger(__name__)


class SigningKeys:
    """Public keys by their id; one per process."""

    def __init__(self, http: httpx2.AsyncClient, issuer: str) -> None:
        self._http = http
        self._url = f"{issuer}/.well-known/jwks.json"
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._read_at = self._tried_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> RSAPublicKey | None:
        """The key of this id; None if Clerk has no such key. KeysAway before any was read.

        While Clerk does not answer, keys that were read go on.
        """
        is_fresh = monotonic() - self._read_at < KEPT_SECONDS
        if not (is_fresh and kid in self._keys):
            await self._read_again()
        if not self._keys:
            raise KeysAway("Clerk's keys cannot be read.")
        return self._keys.get(kid)

    async def _read_again(self) -> None:
        """Read, or wait for the read that is under way; nothing within the pause after one."""
        if self._reading is None:
            if monotonic() - self._tried_at < PAUSE_SECONDS:
                return
            self._tried_at = monotonic()
            self._reading = asyncio.create_task(self._read(), name="clerk keys")
        # Not cancelled with whoever waits: others wait for it, too.
        await asyncio.shield(self._reading)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                reply = await self._http.get(self._url)
            reply.raise_for_status()
            found = _usable(reply.json())
        except (httpx2.HTTPError, TimeoutError, ValueError) as error:
            log.warning("Clerk's keys were not read", marker="[AUTH]", error=repr(error))
        else:
            self._keys, self._read_at = found, monotonic()
        finally:
            self._reading = None


def _usable(document: Any) -> Mapping[str, RSAPublicKey]:
    """Those that sign by RS256; ValueError if the document has none."""
    listed = cast(Mapping[str, Any], document).get("keys") if isinstance(document, dict) else None
    found: dict[str, RSAPublicKey] = {}
    for each in cast(list[Any], listed) if isinstance(listed, list) else ():
        if key := _rsa_key(each):
            found[str(each["kid"])] = key
    if not found:
        raise ValueError("no usable key in the answer")
    return found


def _rsa_key(jwk: Any) -> RSAPublicKey | None:
    """None for what is of another kind, too short or malformed; the others still count."""
    if not isinstance(jwk, dict):
        return None
    said = cast(dict[str, Any], jwk)
    is_ours = said.get("kty") == "RSA" and said.get("alg", "RS256") == "RS256"
    if not (is_ours and said.get("use", "sig") == "sig" and isinstance(said.get("kid"), str)):
        return None
    try:
        key = jwt.PyJWK.from_dict(said, algorithm="RS256").key  # pyright: ignore[reportUnknownMemberType]
    except (jwt.PyJWTError, ValueError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= LEAST_BITS else None
