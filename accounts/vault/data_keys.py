"""Data keys: a workspace's own keys, wrapped by a master key, each use counted.

Order of locks, or two would wait for each other: the data key's row, then its master key's, then
whatever rows hold what was sealed.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.errors import KeyUsedUp, MasterKeyRetired, MasterKeyUnknown, SealBroken
from accounts.tables.vault import data_keys, master_keys
from accounts.vault import records
from accounts.vault.ring import KeyRing, MasterKey, RingSource

MOST_USES = 2**31
"""Half of NIST's bound for random nonces: a back-up that is brought back counts from then again."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as the table holds it."""

    data_key_id: UUID
    wrapped: bytes
    master_key_id: str

    def unwrapped(self, ring: KeyRing, workspace_id: UUID) -> bytes:
        """The key itself; MasterKeyUnknown if the ring lacks what wraps it."""
        master = ring.get(self.master_key_id)
        if master is None:
            raise MasterKeyUnknown(
                f"Data key {self.data_key_id} is wrapped by the master key "
                f"{self.master_key_id!r}, which the key ring lacks."
            )
        return records.unwrap(
            master.name, master.key, self.wrapped, workspace=workspace_id, of=self.data_key_id
        )


_COLUMNS = (data_keys.c.data_key_id, data_keys.c.wrapped, data_keys.c.master_key_id)


async def unwrap(
    db: AsyncConnection, source: RingSource, workspace_id: UUID, data_key_id: UUID
) -> bytes:
    """A data key of the transaction's workspace; SealBroken if it has no such key.

    The ring is read before the row. Should a rotation come between them, the row names a key that
    the ring of then lacks, and both are read again.
    """
    ring, held = source(), await _held(db, data_key_id)
    for _ in range(_TRIES):
        if ring.get(held.master_key_id):
            break
        ring, held = source(), await _held(db, data_key_id)
    return held.unwrapped(ring, workspace_id)


async def take_for_sealing(db: AsyncConnection, source: RingSource, workspace_id: UUID) -> Wrapped:
    """The data key that seals now, with one more use counted; made if there is none.

    The count holds the row until the transaction ends, so that no use is lost.
    """
    in_use = data_keys.c.retired_at.is_(None)
    taking = (
        update(data_keys)
        .where(in_use, data_keys.c.uses < MOST_USES)
        .values(uses=data_keys.c.uses + 1)
        .returning(*_COLUMNS)
    )
    for _ in range(_TRIES):
        if row := (await db.execute(taking)).one_or_none():
            return Wrapped(*row)
        await db.execute(
            update(data_keys)
            .where(in_use, data_keys.c.uses >= MOST_USES)
            .values(retired_at=func.now())
        )
        await _make(db, source, workspace_id)
    raise KeyUsedUp("No data key could be taken for sealing: they are retired as soon as made.")


async def replace(db: AsyncConnection, workspace_id: UUID, master: MasterKey) -> None:
    """Retire the data key that seals now, and make another under this master key."""
    await db.execute(
        update(data_keys).where(data_keys.c.retired_at.is_(None)).values(retired_at=func.now())
    )
    await _insert(db, workspace_id, master)


async def rewrap(db: AsyncConnection, workspace_id: UUID, ring: KeyRing) -> int:
    """All data keys of the workspace lie under the ring's first key; how many did not before.

    Only the wrapping changes: what they have sealed stays as it is.
    """
    query = select(*_COLUMNS).order_by(data_keys.c.data_key_id).with_for_update()
    held = [Wrapped(*row) for row in await db.execute(query)]
    others = [each for each in held if each.master_key_id != ring.first.name]
    for each in others:
        key = each.unwrapped(ring, workspace_id)
        await count_wrapping(db, ring.first.name)
        await db.execute(
            update(data_keys)
            .where(data_keys.c.data_key_id == each.data_key_id)
            .values(
                wrapped=_wrapped(ring.first, workspace_id, each.data_key_id, key),
                master_key_id=ring.first.name,
            )
        )
    return len(others)


async def know(db: AsyncConnection, master_name: str) -> None:
    """The master key has a row to be counted in."""
    await db.execute(upsert(master_keys).values(master_key_id=master_name).on_conflict_do_nothing())


async def count_wrapping(db: AsyncConnection, master_name: str) -> None:
    """One more use of a master key; refused if it was retired, or has been used too often."""
    row = master_keys.c.master_key_id == master_name
    counted = await db.execute(
        update(master_keys)
        .where(row, master_keys.c.retired_at.is_(None), master_keys.c.uses < MOST_USES)
        .values(uses=master_keys.c.uses + 1)
        .returning(literal(1))
    )
    if counted.one_or_none():
        return
    if await db.scalar(select(master_keys.c.retired_at).where(row)):
        raise MasterKeyRetired(f"The master key {master_name!r} was rotated out of use.")
    raise KeyUsedUp(
        f"The master key {master_name!r} has wrapped 2^31 data keys, and wraps no more."
    )


async def _held(db: AsyncConnection, data_key_id: UUID) -> Wrapped:
    query = select(*_COLUMNS).where(data_keys.c.data_key_id == data_key_id)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise SealBroken("This workspace has no data key for a record.")
    return Wrapped(*row)


async def _make(db: AsyncConnection, source: RingSource, workspace_id: UUID) -> None:
    """A data key to seal with, unless another transaction makes one meanwhile."""
    tried = source().first
    try:
        async with db.begin_nested():
            await _insert(db, workspace_id, tried)
    except MasterKeyRetired:
        if source().first.name == tried.name:  # it was not a rotation that has just ended
            raise


async def _insert(db: AsyncConnection, workspace_id: UUID, master: MasterKey) -> None:
    await know(db, master.name)
    data_key_id, key = uuid4(), secrets.token_bytes(records.KEY_BYTES)
    made = await db.execute(
        upsert(data_keys)
        .values(
            workspace_id=workspace_id,
            data_key_id=data_key_id,
            wrapped=_wrapped(master, workspace_id, data_key_id, key),
            master_key_id=master.name,
        )
        .on_conflict_do_nothing()
        .returning(data_keys.c.data_key_id)
    )
    if made.one_or_none():
        await count_wrapping(db, master.name)


def _wrapped(master: MasterKey, workspace_id: UUID, data_key_id: UUID, key: bytes) -> bytes:
    return records.wrap(master.name, master.key, key, workspace=workspace_id, of=data_key_id)
