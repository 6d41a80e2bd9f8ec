"""Persons' keys and keyed hashes."""

import asyncio
import hashlib
import hmac
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import SealBroken
from accounts.sealing import destroy, keyed_hash, seal, sealing_key, unseal
from accounts.tables.vault import hash_keys, subject_keys
from accounts.vault import KeyRing, MasterKey, Vault
from tests.accounts.conftest import NewConnection

SOMEBODY = hashlib.sha256(b"somebody").digest()


@pytest.fixture
def vault() -> Vault:
    """With a ring of its own."""
    ring = KeyRing([MasterKey.new()])
    return Vault(lambda: ring)


@pytest.fixture
async def workspace_id(new_connection: NewConnection) -> UUID:
    """A workspace that has no key yet."""
    return (await new_connection())[0]


async def hashed(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, kind: str, value: str
) -> bytes:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await keyed_hash(db, vault, workspace_id, kind, value)


async def key_of(control: AsyncEngine, vault: Vault, workspace_id: UUID) -> bytes | None:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await sealing_key(db, vault, workspace_id, SOMEBODY)


async def destroyed(control: AsyncEngine, workspace_id: UUID) -> bool:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await destroy(db, workspace_id, SOMEBODY)


async def test_a_hash_is_the_same_in_its_workspace_alone(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, new_connection: NewConnection
) -> None:
    """Nor does an e-mail have the hash of a phone number with the same letters."""
    mine = await hashed(control, vault, workspace_id, "email", "a@b.example")
    assert len(mine) == 32
    assert await hashed(control, vault, workspace_id, "email", "a@b.example") == mine
    other, _ = await new_connection()
    others = [
        await hashed(control, vault, other, "email", "a@b.example"),
        await hashed(control, vault, workspace_id, "phone", "a@b.example"),
        await hashed(control, vault, workspace_id, "emaila", "@b.example"),
        hashlib.sha256(b"a@b.example").digest(),
    ]
    assert len({mine, *others}) == 5


async def test_a_hash_is_hmac_sha256_of_kind_and_value_with_their_lengths(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """Worked out again here, by the key that the vault opens."""
    found = await hashed(control, vault, workspace_id, "email", "a@b.example")
    async with transaction(control, workspace_id=workspace_id) as db:
        wrapped = (await db.execute(select(hash_keys.c.wrapped))).scalar_one()
        key = await vault.open(
            db, workspace_id, wrapped, provider="metricx", account="", column="hash_keys.wrapped"
        )
    assert hmac.new(key, b"\0\0\0\5email\0\0\0\x0ba@b.example", "sha256").digest() == found


async def test_all_who_ask_first_get_one_hash_key(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """Else a person would have two hashes."""
    asked = (hashed(control, vault, workspace_id, "email", "a@b.example") for _ in range(4))
    assert len(set(await asyncio.gather(*asked))) == 1


async def test_all_who_ask_first_get_one_key(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """Else what one sealed would be lost; and another process gets the same one later."""
    keys = set(await asyncio.gather(*(key_of(control, vault, workspace_id) for _ in range(4))))
    (key,) = keys
    assert key is not None
    assert len(key) == 32
    assert await key_of(control, vault, workspace_id) == key


async def test_a_destroyed_key_is_never_made_again(
    control: AsyncEngine, auditor: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """The row stays and says since when; there is nothing in it that could open anything."""
    assert await key_of(control, vault, workspace_id) is not None
    assert await destroyed(control, workspace_id)
    assert not await destroyed(control, workspace_id)
    assert await key_of(control, vault, workspace_id) is None
    async with auditor.connect() as db:
        query = select(subject_keys).where(subject_keys.c.workspace_id == workspace_id)
        row = (await db.execute(query)).one()
    assert (row.wrapped, row.data_key_id) == (None, None)
    assert row.destroyed_at is not None


async def test_who_is_forgotten_before_they_had_a_key_never_gets_one(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """An event may come after the wish."""
    assert await destroyed(control, workspace_id)
    assert await key_of(control, vault, workspace_id) is None


async def test_a_person_s_key_is_another_in_another_workspace(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, new_connection: NewConnection
) -> None:
    """And destroying the one leaves the other."""
    other, _ = await new_connection()
    mine = await key_of(control, vault, workspace_id)
    theirs = await key_of(control, vault, other)
    assert mine != theirs
    await destroyed(control, workspace_id)
    assert await key_of(control, vault, other) == theirs


@given(
    key=st.binary(min_size=32, max_size=32),
    plaintext=st.binary(max_size=200),
    context=st.binary(max_size=50),
    data=st.data(),
)
def test_a_field_opens_as_it_was_sealed_and_in_no_other_way(
    key: bytes, plaintext: bytes, context: bytes, data: st.DataObject
) -> None:
    """With every bit of the record flipped, another key or another context it does not open."""
    record = seal(key, plaintext, context)
    assert unseal(key, record, context) == plaintext
    bit = data.draw(st.integers(0, 8 * len(record) - 1))
    flipped = bytearray(record)
    flipped[bit // 8] ^= 1 << bit % 8
    for other in (
        (key, bytes(flipped), context),
        (key[:-1] + bytes([key[-1] ^ 1]), record, context),
        (key, record, context + b"\0"),
    ):
        with pytest.raises(SealBroken):
            unseal(*other)
