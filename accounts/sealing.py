"""Keys of persons: what seals the personal fields of events, until the person is to be forgotten.

An event lies in Kafka for ever. Its personal fields are sealed with a key of that one person, which
lies here, wrapped, under a keyed hash of who they are; destroying the key is forgetting the person.
A workspace's hash key makes its hashes worthless to whoever does not have it, and another's apart.
"""

import hmac
import secrets
from uuid import UUID

from sqlalchemy import func, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.errors import SealBroken
from accounts.tables.vault import hash_keys, subject_keys
from accounts.vault import Vault
from accounts.vault.records import KEY_BYTES, decrypted, encrypted, joined, key_id_of

_VERSION = b"\x01"
_OURS = "metricx"  # stands where a token's provider does
_HASH_KEY, _SUBJECT_KEY = "hash_keys.wrapped", "subject_keys.wrapped"


async def keyed_hash(
    db: AsyncConnection, vault: Vault, workspace_id: UUID, kind: str, value: str
) -> bytes:
    """32 bytes that stand for a value of this kind in this workspace, and in no other.

    The value is hashed as it is: spell it one way first.
    """
    key = await _hash_key(db, vault, workspace_id)
    return hmac.digest(key, joined(kind.encode(), value.encode()), "sha256")


async def sealing_key(
    db: AsyncConnection, vault: Vault, workspace_id: UUID, subject_hash: bytes
) -> bytes | None:
    """The person's key, made when first asked for; None for ever once it was destroyed."""
    query = select(subject_keys.c.wrapped).where(subject_keys.c.subject_hash == subject_hash)
    found = (await db.execute(query)).one_or_none()
    if found is None:
        await _make_subject_key(db, vault, workspace_id, subject_hash)
        found = (await db.execute(query)).one()  # another's, if that one came first
    if found.wrapped is None:
        return None
    return await vault.open(
        db,
        workspace_id,
        found.wrapped,
        provider=_OURS,
        account=subject_hash.hex(),
        column=_SUBJECT_KEY,
    )


async def destroy(db: AsyncConnection, workspace_id: UUID, subject_hash: bytes) -> bool:
    """What the person's key has sealed never opens again, nor is there ever another key for them.

    True if that is so from now on; False if it was so before. A process that holds the key in
    memory must let go of it by itself.
    """
    gone = {"wrapped": null(), "data_key_id": null(), "destroyed_at": func.now()}
    row = insert(subject_keys).values(workspace_id=workspace_id, subject_hash=subject_hash, **gone)
    destroyed = await db.execute(
        row.on_conflict_do_update(
            index_elements=["workspace_id", "subject_hash"],
            set_=gone,
            where=subject_keys.c.destroyed_at.is_(None),
        ).returning(subject_keys.c.subject_hash)
    )
    return destroyed.one_or_none() is not None


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """A record that opens with this key and context: version ‖ nonce ‖ ciphertext and tag.

    Uses are not counted: no person has 2^31 fields.
    """
    return _VERSION + encrypted(key, plaintext, context)


def unseal(key: bytes, record: bytes, context: bytes) -> bytes:
    """What was sealed; SealBroken if key, record or context is another than then."""
    if record[:1] != _VERSION:
        raise SealBroken("This is no sealed field.")
    return decrypted(key, record[1:], context)


async def _hash_key(db: AsyncConnection, vault: Vault, workspace_id: UUID) -> bytes:
    query = select(hash_keys.c.wrapped)
    wrapped = await db.scalar(query)
    if wrapped is None:
        await _make_hash_key(db, vault, workspace_id)
        wrapped = (await db.execute(query)).scalar_one()  # another's, if that one came first
    return await vault.open(db, workspace_id, wrapped, provider=_OURS, account="", column=_HASH_KEY)


async def _make_hash_key(db: AsyncConnection, vault: Vault, workspace_id: UUID) -> None:
    made = secrets.token_bytes(KEY_BYTES)
    wrapped = await vault.seal(db, workspace_id, made, provider=_OURS, account="", column=_HASH_KEY)
    await db.execute(
        insert(hash_keys)
        .values(workspace_id=workspace_id, wrapped=wrapped, data_key_id=key_id_of(wrapped))
        .on_conflict_do_nothing()
    )


async def _make_subject_key(
    db: AsyncConnection, vault: Vault, workspace_id: UUID, subject_hash: bytes
) -> None:
    made = secrets.token_bytes(KEY_BYTES)
    wrapped = await vault.seal(
        db,
        workspace_id,
        made,
        provider=_OURS,
        account=subject_hash.hex(),
        column=_SUBJECT_KEY,
    )
    await db.execute(
        insert(subject_keys)
        .values(
            workspace_id=workspace_id,
            subject_hash=subject_hash,
            wrapped=wrapped,
            data_key_id=key_id_of(wrapped),
        )
        .on_conflict_do_nothing()
    )
