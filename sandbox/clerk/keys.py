"""The keys that sign sessions: the newest signs, those not dropped are told to whoever verifies."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from sandbox.journal import Journal


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key by its id."""

    kid: str
    private: RSAPrivateKey


class Keys:
    """All keys that there ever were; the first is made when one is needed, and kept."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._keys = dict[str, Key]()
        self._dropped = set[str]()
        for record in journal.records("clerk_key", "clerk_keys_dropped"):
            if record["kind"] == "clerk_key":
                self._keys[record["kid"]] = Key(record["kid"], _read(record["pem"]))
            else:
                self._dropped |= set(record["kids"])

    def newest(self) -> Key:
        """The key that signs."""
        return list(self._keys.values())[-1] if self._keys else self._make()

    def find(self, kid: str) -> Key | None:
        """A key, dropped or not."""
        return self._keys.get(kid)

    def rotate(self, *, drop_old: bool) -> Key:
        """A new key signs; the old ones verify on, unless they are dropped."""
        old = [self.newest().kid, *self._keys]
        key = self._make()
        if drop_old:
            kids = sorted({*old})
            self._journal.append({"kind": "clerk_keys_dropped", "kids": kids})
            self._dropped |= {*kids}
        return key

    def jwks(self) -> dict[str, Any]:
        """The public halves, as a JSON web key set."""
        self.newest()
        return {"keys": [_jwk(key) for key in self._keys.values() if key.kid not in self._dropped]}

    def _make(self) -> Key:
        key = Key(f"ins_{secrets.token_hex(12)}", generate_private_key(65537, 2048))
        pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._journal.append({"kind": "clerk_key", "kid": key.kid, "pem": pem.decode()})
        self._keys[key.kid] = key
        return key


def _read(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the journal holds a key that is not RSA")
    return key


def _jwk(key: Key) -> dict[str, Any]:
    public = json.loads(RSAAlgorithm.to_jwk(key.private.public_key()))
    return {
        "use": "sig",
        "kty": "RSA",
        "kid": key.kid,
        "alg": "RS256",
        "n": public["n"],
        "e": public["e"],
    }
