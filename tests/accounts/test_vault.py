"""Key rings, records and data keys."""

import asyncio
import base64
import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import BadKeyRing, KeyUsedUp, MasterKeyUnknown, SealBroken
from accounts.tables.vault import data_keys, master_keys
from accounts.vault import KeyRing, MasterKey, Vault, records
from accounts.vault.data_keys import MOST_USES
from accounts.vault.records import Place, joined
from tests.accounts.conftest import NewConnection

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(32)).decode()
PLACE = {"provider": "meta", "account": "t", "column": "tokens.access_token"}

some_key = st.binary(min_size=32, max_size=32)
some_place = st.builds(Place, st.uuids(), st.text(), st.text(), st.text())


def with_ring(ring: KeyRing) -> Vault:
    return Vault(lambda: ring)


@pytest.fixture
def vault() -> Vault:
    """With a ring of its own."""
    return with_ring(KeyRing([MasterKey.new()]))


@pytest.fixture
async def workspace_id(new_connection: NewConnection) -> UUID:
    """A workspace that has no key yet."""
    return (await new_connection())[0]


async def sealed(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, plaintext: bytes = b"secret"
) -> bytes:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await vault.seal(db, workspace_id, plaintext, **PLACE)


async def opened(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, record: bytes, **other: Any
) -> bytes:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await vault.open(db, workspace_id, record, **{**PLACE, **other})


# The key ring


def test_a_ring_seals_by_its_first_key_and_opens_by_all() -> None:
    """With names and without, in either base64 alphabet, with blanks between."""
    ring = KeyRing.parse(f"new:{OTHER}, old-1:{KEY}")
    assert ring.names == ("new", "old-1")
    assert ring.first.name == "new"
    held = ring.get("old-1")
    assert held is not None
    assert held.key == bytes(range(32))
    odd = b"\xfb\xff" * 16
    assert KeyRing.parse(base64.urlsafe_b64encode(odd).decode()).first.key == odd
    assert KeyRing.parse(KEY).names == KeyRing.parse(KEY).names != KeyRing.parse(OTHER).names
    assert KeyRing.parse(ring.text()).text() == ring.text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it holds no key"),
        (" , ", "it holds no key"),
        ("a:" + base64.b64encode(b"x" * 31).decode(), "key 'a' has 31 bytes, not 32"),
        (f"a:{KEY[:-4]}", "key 'a' has 30 bytes, not 32"),
        (f"a:{KEY},a:{OTHER}", "two keys have the same name"),
        (f"a:{KEY},b:{KEY}", "it holds a key twice"),
        (f"a:{KEY},?{OTHER}", "key 2 is not base64"),
        (f"a:{KEY}é", "key 'a' is not base64"),
        (f"a b:{KEY}", "the name of key 1 is not 1 to 64 of"),
        (f":{KEY}", "the name of key 1 is not 1 to 64 of"),
    ],
)
def test_what_is_no_ring_is_refused_without_a_word_of_it(text: str, said: str) -> None:
    """One line that says which key and why; what stands there could be a key with a slip."""
    with pytest.raises(BadKeyRing) as refused:
        KeyRing.parse(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert KEY[:8] not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_neither_ring_nor_key_nor_vault_shows_a_key() -> None:
    """In a log, an error or a debugger's line; the names are shown."""
    ring = KeyRing.parse(f"a:{KEY}")
    for shown in (repr(ring), str(ring), repr(ring.first), repr(with_ring(ring))):
        assert KEY[:8] not in shown
        assert repr(bytes(range(32)))[2:20] not in shown
    assert "a" in repr(ring)


# Records


@given(st.lists(st.binary()), st.lists(st.binary()))
def test_no_two_lists_of_parts_are_joined_to_the_same_bytes(
    one: list[bytes], other: list[bytes]
) -> None:
    """Nor are parts that only run on into each other."""
    assert (joined(*one) == joined(*other)) == (one == other)
    assert joined(b"".join(one)) != joined(*one) or len(one) == 1


@given(some_key, st.uuids(), st.binary(), some_place)
def test_a_record_opens_in_its_place_as_it_was_sealed(
    key: bytes, key_id: UUID, plaintext: bytes, place: Place
) -> None:
    """And is a version, 16 bytes of key id, 12 of nonce, as long a text, and 16 of tag."""
    record = records.seal(key_id, key, plaintext, place)
    assert records.unseal(key, record, place) == plaintext
    assert records.key_id_of(record) == key_id
    assert len(record) == 1 + 16 + 12 + len(plaintext) + 16


@given(some_key, st.uuids(), st.binary(max_size=60), some_place, st.data())
def test_a_record_with_any_bit_flipped_does_not_open(
    key: bytes, key_id: UUID, plaintext: bytes, place: Place, data: st.DataObject
) -> None:
    """Version, key id, nonce, text or tag."""
    record = bytearray(records.seal(key_id, key, plaintext, place))
    bit = data.draw(st.integers(0, 8 * len(record) - 1))
    record[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        records.unseal(key, bytes(record), place)


@given(some_key, st.uuids(), some_place, some_place, st.data())
def test_a_record_does_not_open_in_another_place(
    key: bytes, key_id: UUID, place: Place, elsewhere: Place, data: st.DataObject
) -> None:
    """Moved to another workspace, provider, row or column, one or all of them."""
    moved = data.draw(st.sampled_from([*Place.__slots__, "all"]))
    other = elsewhere if moved == "all" else replace(place, **{moved: getattr(elsewhere, moved)})
    record = records.seal(key_id, key, b"secret", place)
    if other == place:
        assert records.unseal(key, record, other) == b"secret"
    else:
        with pytest.raises(SealBroken):
            records.unseal(key, record, other)


@given(st.binary(max_size=80))
def test_what_is_no_record_is_refused(noise: bytes) -> None:
    """Of any length, by the same error."""
    with pytest.raises(SealBroken):
        records.unseal(bytes(32), noise, Place(UUID(int=0), "", "", ""))


@given(some_key, st.uuids(), st.uuids(), st.data())
def test_a_wrapped_key_opens_for_its_workspace_and_id_alone(
    data_key: bytes, workspace: UUID, key_id: UUID, data: st.DataObject
) -> None:
    """Under the master key of its name alone; and with no bit flipped."""
    master = bytes(range(32))
    wrapped = records.wrap("a", master, data_key, workspace=workspace, of=key_id)
    assert records.unwrap("a", master, wrapped, workspace=workspace, of=key_id) == data_key
    bit = data.draw(st.integers(0, 8 * len(wrapped) - 1))
    flipped = bytearray(wrapped)
    flipped[bit // 8] ^= 1 << bit % 8
    another = UUID(int=workspace.int ^ 1)
    for name, key, record, of, its_id in (
        ("a", master, bytes(flipped), workspace, key_id),
        ("b", master, wrapped, workspace, key_id),
        ("a", bytes(32), wrapped, workspace, key_id),
        ("a", master, wrapped, another, key_id),
        ("a", master, wrapped, workspace, UUID(int=key_id.int ^ 1)),
    ):
        with pytest.raises(SealBroken):
            records.unwrap(name, key, record, workspace=of, of=its_id)


def test_a_million_nonces_are_a_million() -> None:
    """Of 96 random bits: a repetition among so many would be a broken source."""
    assert len({records.nonce() for _ in range(1_000_000)}) == 1_000_000


def test_each_record_has_a_nonce_of_its_own() -> None:
    """Of the same text under the same key in the same place."""
    place = Place(UUID(int=1), "meta", "t", "c")
    made = [records.seal(UUID(int=2), bytes(32), b"x", place) for _ in range(5_000)]
    assert len({record[17:29] for record in made}) == 5_000


# Data keys


async def test_what_one_process_sealed_another_opens(
    control: AsyncEngine, workspace_id: UUID
) -> None:
    """By the same ring; with another one it says which master key it lacks."""
    ring = KeyRing([MasterKey("mine", secrets.token_bytes(32))])
    record = await sealed(control, with_ring(ring), workspace_id)
    assert await opened(control, with_ring(ring), workspace_id, record) == b"secret"
    with pytest.raises(MasterKeyUnknown, match="'mine'"):
        await opened(control, with_ring(KeyRing([MasterKey.new()])), workspace_id, record)
    impostor = KeyRing([MasterKey("mine", secrets.token_bytes(32))])
    with pytest.raises(SealBroken):
        await opened(control, with_ring(impostor), workspace_id, record)


@pytest.mark.parametrize("place", ["provider", "account", "column"])
async def test_a_record_that_was_moved_does_not_open(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, place: str
) -> None:
    """To another provider, row or column of its own workspace."""
    record = await sealed(control, vault, workspace_id)
    with pytest.raises(SealBroken):
        await opened(control, vault, workspace_id, record, **{place: "another"})


async def test_a_record_of_another_workspace_does_not_open(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, new_connection: NewConnection
) -> None:
    """Nor with that one's data key copied over, row and all."""
    record = await sealed(control, vault, workspace_id)
    other, _ = await new_connection()
    with pytest.raises(SealBroken, match="no data key"):
        await opened(control, vault, other, record)
    async with transaction(control, workspace_id=workspace_id) as db:
        row = (await db.execute(select(data_keys))).mappings().one()
    async with transaction(control, workspace_id=other) as db:
        await db.execute(data_keys.insert().values({**row, "workspace_id": other}))
    with pytest.raises(SealBroken):
        await opened(control, vault, other, record)


async def test_all_who_seal_first_seal_by_one_key(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """And each use is counted, of the data key and of the master key that wraps it."""
    made = await asyncio.gather(*(sealed(control, vault, workspace_id) for _ in range(5)))
    assert len({records.key_id_of(record) for record in made}) == 1
    async with transaction(control, workspace_id=workspace_id) as db:
        (key,) = (await db.execute(select(data_keys))).all()
        master = select(master_keys.c.uses).where(master_keys.c.master_key_id == key.master_key_id)
        assert (key.uses, await db.scalar(master)) == (5, 1)


async def test_a_sealing_that_is_rolled_back_leaves_no_key(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """And the vault goes on with another one."""
    async with transaction(control, workspace_id=workspace_id) as db:
        await vault.seal(db, workspace_id, b"x", **PLACE)
        await db.rollback()
    record = await sealed(control, vault, workspace_id)
    assert await opened(control, vault, workspace_id, record) == b"secret"
    async with transaction(control, workspace_id=workspace_id) as db:
        assert await db.scalar(select(func.count()).select_from(data_keys)) == 1


async def test_a_data_key_that_is_used_up_seals_no_more(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """The next record is sealed by a new one; what the old one sealed opens as before."""
    old = await sealed(control, vault, workspace_id)
    await set_uses(control, workspace_id, MOST_USES - 1)
    last = await sealed(control, vault, workspace_id)
    new = await sealed(control, vault, workspace_id)
    ids = [records.key_id_of(record) for record in (old, last, new)]
    assert ids[0] == ids[1] != ids[2]
    for record in (old, last, new):
        assert await opened(control, vault, workspace_id, record) == b"secret"


async def test_the_database_too_refuses_to_count_past_the_bound(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """Should code ever forget it."""
    await sealed(control, vault, workspace_id)
    with pytest.raises(IntegrityError, match="uses"):
        await set_uses(control, workspace_id, MOST_USES + 1)


async def test_a_master_key_that_is_used_up_wraps_no_more(
    control: AsyncEngine, workspace_id: UUID, new_connection: NewConnection
) -> None:
    """A workspace that has its data key goes on; a new one waits for a new master key."""
    worn = MasterKey.new()
    vault = with_ring(KeyRing([worn]))
    await sealed(control, vault, workspace_id)
    async with transaction(control) as db:
        await db.execute(
            update(master_keys)
            .where(master_keys.c.master_key_id == worn.name)
            .values(uses=MOST_USES)
        )
    await sealed(control, vault, workspace_id)
    newcomer, _ = await new_connection()
    with pytest.raises(KeyUsedUp, match=worn.name):
        await sealed(control, vault, newcomer)
    fresh = with_ring(KeyRing([MasterKey.new(), worn]))
    record = await sealed(control, fresh, newcomer)
    assert await opened(control, fresh, newcomer, record) == b"secret"


async def test_most_records_open_without_asking_for_the_key_again(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> None:
    """It is in memory; a process that never had it needs the row."""
    record = await sealed(control, vault, workspace_id)
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(text("delete from control.data_keys"))
    assert await opened(control, vault, workspace_id, record) == b"secret"


async def set_uses(control: AsyncEngine, workspace_id: UUID, uses: int) -> None:
    async with transaction(control, workspace_id=workspace_id) as db:
        await db.execute(update(data_keys).values(uses=uses))
