"""Rotations that meet somebody who read the key ring before."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.vault import KeyRing, MasterKey, Vault
from accounts.vault.rotation import retire, rotate
from tests.accounts.conftest import NewConnection
from tests.accounts.test_vault import PLACE, opened, sealed, with_ring
from tests.servers.databases import Database


@pytest.fixture
def module_database(database: Database) -> Database:
    """A database for each test: a rotation is of all workspaces."""
    return database


@pytest.fixture
async def workspace_id(new_connection: NewConnection) -> UUID:
    """A workspace that has no key yet."""
    return (await new_connection())[0]


async def test_who_read_the_ring_before_a_rotation_reads_it_again(
    control: AsyncEngine, workspace_id: UUID
) -> None:
    """The row names a master key that the ring of then lacks."""
    old = KeyRing([MasterKey.new()])
    new = old.beginning_with(MasterKey.new())
    record = await sealed(control, with_ring(old), workspace_id)
    await rotate(control, lambda: new)
    rings = iter([old, new])
    late = Vault(lambda: next(rings))
    assert await opened(control, late, workspace_id, record) == b"secret"


async def test_a_master_key_is_not_retired_while_somebody_wraps_by_it(
    control: AsyncEngine, workspace_id: UUID
) -> None:
    """Retiring waits for that transaction, and finds what it has made."""
    old = MasterKey.new()
    async with transaction(control, workspace_id=workspace_id) as db:
        await with_ring(KeyRing([old])).seal(db, workspace_id, b"secret", **PLACE)
        retiring = asyncio.create_task(retire(control, [old.name]))
        assert not (await asyncio.wait({retiring}, timeout=0.5))[0]
    assert await retiring == []
    await rotate(control, lambda: KeyRing([MasterKey("next", b"n" * 32), old]))
    assert await retire(control, [old.name]) == [old.name]
