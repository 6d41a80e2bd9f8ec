"""Rotation: all data keys under the ring's first key, while everybody goes on sealing and opening.

Each workspace is one short transaction: its data keys are wrapped anew, a new one seals from now
on, and its tokens are sealed by that one. What the older ones have sealed besides (its hash key,
persons' keys) stays, and opens as before. So a kill leaves some workspaces for the next run.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.tables.lookups import data_keys_by_master, data_keys_under_others
from accounts.tables.vault import master_keys
from accounts.tokens import reseal
from accounts.vault import data_keys
from accounts.vault.ring import KeyRing, RingSource
from accounts.vault.vault import Vault

_BATCH = 500


@dataclass(frozen=True, slots=True)
class MasterKeyUse:
    """What lies under a master key, and how often it has wrapped."""

    name: str
    data_keys: int
    uses: int
    first_used_at: datetime
    retired_at: datetime | None


async def rotate(control: AsyncEngine, source: RingSource) -> int:
    """All data keys of all workspaces lie under the ring's first key; how many did not before.

    MasterKeyUnknown if the ring lacks one that a data key needs, MasterKeyRetired if its first key
    was rotated out once.
    """
    ring, vault = source(), Vault(source)
    async with transaction(control) as db:
        await data_keys.know(db, ring.first.name)
    moved = 0
    while workspaces := await _with_others(control, ring.first.name):
        for workspace_id in workspaces:
            moved += await _rotate_workspace(control, vault, ring, workspace_id)
    return moved


async def retire(control: AsyncEngine, names: Collection[str]) -> list[str]:
    """Those of these master keys that nothing lies under; from now on nothing ever will.

    Locking the key's row waits for whoever is just wrapping by it, so that none is overlooked.
    """
    retired: list[str] = []
    for name in sorted(names):
        async with transaction(control) as db:
            row = master_keys.c.master_key_id == name
            await data_keys.know(db, name)
            await db.execute(select(master_keys.c.uses).where(row).with_for_update())
            found = data_keys_by_master()
            query = select(found.c.data_keys).where(found.c.master_key_id == name)
            if await db.scalar(query):
                continue
            await db.execute(
                update(master_keys)
                .where(row, master_keys.c.retired_at.is_(None))
                .values(retired_at=func.now())
            )
            retired.append(name)
    return retired


async def uses(control: AsyncEngine) -> list[MasterKeyUse]:
    """Every master key that was ever used, the oldest first."""
    found = data_keys_by_master()
    query = (
        select(
            master_keys.c.master_key_id,
            func.coalesce(found.c.data_keys, 0),
            master_keys.c.uses,
            master_keys.c.first_used_at,
            master_keys.c.retired_at,
        )
        .select_from(
            master_keys.outerjoin(found, found.c.master_key_id == master_keys.c.master_key_id)
        )
        .order_by(master_keys.c.first_used_at, master_keys.c.master_key_id)
    )
    async with transaction(control) as db:
        return [MasterKeyUse(*row) for row in await db.execute(query)]


async def _with_others(control: AsyncEngine, master_name: str) -> list[UUID]:
    query = select(data_keys_under_others(master_name, _BATCH).c.workspace_id)
    async with transaction(control) as db:
        return sorted(set((await db.execute(query)).scalars()))


async def _rotate_workspace(
    control: AsyncEngine, vault: Vault, ring: KeyRing, workspace_id: UUID
) -> int:
    async with transaction(control, workspace_id=workspace_id) as db:
        moved = await data_keys.rewrap(db, workspace_id, ring)
        if moved:  # else another rotation was here meanwhile
            await data_keys.replace(db, workspace_id, ring.first)
            await reseal(db, vault, workspace_id)
        return moved
