"""Records: AES-256-GCM with a random nonce, bound to the place that they lie in. Pure.

sealed   version ‖ key id, 16 bytes ‖ nonce, 12 bytes ‖ ciphertext and tag
wrapped  version ‖ length of the master key's name ‖ name ‖ nonce ‖ ciphertext and tag
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.errors import SealBroken

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_ID_BYTES = 16
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies, and where alone it opens.

    `account` is what names the row: of a token its id, of a person's key their hash.
    """

    workspace_id: UUID
    provider: str
    account: str
    column: str

    def under(self, key_id: bytes) -> bytes:
        """The bound data of a record that this key seals."""
        words = (self.provider, self.account, self.column)
        return joined(self.workspace_id.bytes, *(word.encode() for word in words), key_id)


def joined(*parts: bytes) -> bytes:
    """Parts with their lengths before them: no two lists of parts are joined to the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def nonce() -> bytes:
    """96 bits that no one can foresee; one for each record."""
    return secrets.token_bytes(_NONCE_BYTES)


def seal(key_id: UUID, key: bytes, plaintext: bytes, place: Place) -> bytes:
    """A record that opens with this key, in this place."""
    return _VERSION + key_id.bytes + encrypted(key, plaintext, place.under(key_id.bytes))


def key_id_of(record: bytes) -> UUID:
    """The id of the data key that sealed it, as it says itself."""
    if record[:1] != _VERSION or len(record) < 1 + _ID_BYTES + _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken("This is no record of the vault.")
    return UUID(bytes=record[1 : 1 + _ID_BYTES])


def unseal(key: bytes, record: bytes, place: Place) -> bytes:
    """What was sealed; SealBroken if a bit of record or place is another than then."""
    key_id = key_id_of(record).bytes
    return decrypted(key, record[1 + _ID_BYTES :], place.under(key_id))


def wrap(master_name: str, master: bytes, data_key: bytes, *, workspace: UUID, of: UUID) -> bytes:
    """A data key, of this id and workspace, under a master key."""
    name = master_name.encode()
    header = _VERSION + len(name).to_bytes(1, "big") + name
    return header + encrypted(master, data_key, _wrapping(name, workspace, of))


def unwrap(master_name: str, master: bytes, wrapped: bytes, *, workspace: UUID, of: UUID) -> bytes:
    """The data key; SealBroken if it is not this one, or not wrapped by this master key."""
    name = master_name.encode()
    header = _VERSION + len(name).to_bytes(1, "big") + name
    if not wrapped.startswith(header):
        raise SealBroken("This is no data key wrapped by that master key.")
    return decrypted(master, wrapped[len(header) :], _wrapping(name, workspace, of))


def encrypted(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """A fresh nonce, ciphertext and tag."""
    drawn = nonce()
    return drawn + AESGCM(key).encrypt(drawn, plaintext, bound)


def decrypted(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """The plaintext of `encrypted`; SealBroken if key, bytes or bound data are not the same."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise SealBroken("A sealed record does not open in this place.") from None


def _wrapping(master_name: bytes, workspace: UUID, of: UUID) -> bytes:
    return joined(workspace.bytes, b"data key", of.bytes, master_name)
