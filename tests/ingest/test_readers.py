"""By which token a connection is read."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection, connect, connection_of
from accounts.database import engine, transaction
from accounts.tokens import Grant, forget_token, keep_token, mark_dead
from accounts.vault import KeyRing, MasterKey, Vault
from accounts.workspaces import add_workspace
from ingest.providers.errors import TokenDead
from ingest.providers.protocol import Provider
from ingest.providers.registry import open_provider
from ingest.readers import Readers
from tests.api.signing_in import key_ring
from tests.servers.databases import Database


@dataclass
class Shop:
    """A workspace with one connection, and readers of one process."""

    control: AsyncEngine
    meta: Provider
    readers: Readers
    connection: Connection
    token_id: UUID

    async def keep(self, token: str) -> None:
        """The same person's consent, given anew."""
        workspace_id = self.connection.workspace_id
        async with transaction(self.control, workspace_id=workspace_id) as db:
            vault = Vault(key_ring)
            await keep_token(db, vault, workspace_id, "meta", "u1", Grant(token), None)


@pytest.fixture
async def shop(module_database: Database) -> AsyncIterator[Shop]:
    """Connected; nothing was read yet."""
    control, workspace_id = engine(module_database.control), uuid4()
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_workspace(db, workspace_id, "Shop")
        vault = Vault(key_ring)
        token_id = await keep_token(db, vault, workspace_id, "meta", "u1", Grant("first"), None)
        connection_id = await connect(
            db, workspace_id, provider="meta", account_id="1", label="Shop", token_id=token_id
        )
        connection = await connection_of(db, connection_id)
    assert connection is not None
    meta = open_provider("meta", {"base_url": "http://x", "version": "v26.0"})
    yield Shop(
        control, meta, Readers({"meta": meta}, control, Vault(key_ring)), connection, token_id
    )
    await meta.close()
    await control.dispose()


async def test_a_connection_keeps_its_reader_until_its_token_is_issued_anew(shop: Shop) -> None:
    """The account's facts are asked for once; of the token before nothing is left."""
    first, issue = await shop.readers.of(shop.connection)
    assert await shop.readers.of(shop.connection) == (first, issue)
    await shop.keep("second")
    second, later = await shop.readers.of(shop.connection)
    assert second is not first
    assert later.issued_at > issue.issued_at
    assert len(shop.readers._readers) == 1


async def test_a_dead_token_opens_nothing_until_it_is_given_anew(shop: Shop) -> None:
    """Though its reader is still known here."""
    await shop.readers.of(shop.connection)
    async with transaction(shop.control, workspace_id=shop.connection.workspace_id) as db:
        await mark_dead(db, shop.token_id, "it was revoked")
    with pytest.raises(TokenDead, match="it was revoked"):
        await shop.readers.of(shop.connection)
    await shop.keep("second")
    await shop.readers.of(shop.connection)


async def test_without_a_token_there_is_nothing_to_read(shop: Shop) -> None:
    """Once it is forgotten, a reader that was made by it serves no more."""
    await shop.readers.of(shop.connection)
    async with transaction(shop.control, workspace_id=shop.connection.workspace_id) as db:
        await forget_token(db, shop.token_id)
    with pytest.raises(TokenDead, match="no access token is kept"):
        await shop.readers.of(shop.connection)


async def test_a_token_that_does_not_open_is_as_good_as_none(shop: Shop) -> None:
    """By another key ring: the person connects again, nothing breaks."""
    ring = KeyRing([MasterKey.new()])
    strange = Readers({"meta": shop.meta}, shop.control, Vault(lambda: ring))
    with pytest.raises(TokenDead, match="does not open"):
        await strange.of(shop.connection)
