"""Svix's signature of a webhook."""

import base64
import binascii
import hmac
from hashlib import sha256

_PREFIX = "whsec_"


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `svix-signature`: one signature, version 1."""
    text = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key_of(secret), text, sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def key_of(secret: str) -> bytes:
    """The key that a secret holds; ValueError if it is no whsec_ of base64."""
    if not secret.startswith(_PREFIX):
        raise ValueError(f"a secret begins with {_PREFIX}")
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error as malformed:
        raise ValueError("a secret is base64 after its prefix") from malformed
    if not key:
        raise ValueError("a secret is not empty")
    return key
