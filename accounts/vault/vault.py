"""Sealing and opening for one workspace at a time, in its transaction."""

from collections import OrderedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.vault import data_keys, records
from accounts.vault.records import Place
from accounts.vault.ring import RingSource

_MOST_KEPT = 1_000


class Vault:
    """Seals and opens with a process's key ring; thread-bound, as its event loop is.

    Unwrapped data keys are kept in memory, the latest used of them, so that most records open
    without a query.
    """

    def __init__(self, source: RingSource) -> None:
        self._source = source
        self._kept: OrderedDict[tuple[UUID, UUID], bytes] = OrderedDict()

    async def seal(
        self,
        db: AsyncConnection,
        workspace_id: UUID,
        plaintext: bytes,
        *,
        provider: str,
        account: str,
        column: str,
    ) -> bytes:
        """A record that opens in this place alone. `db` is a transaction of that workspace.

        It holds the workspace's data key until it ends: seal first, write other rows then.
        """
        taken = await data_keys.take_for_sealing(db, self._source, workspace_id)
        key = await self._key(db, workspace_id, taken.data_key_id)
        place = Place(workspace_id, provider, account, column)
        return records.seal(taken.data_key_id, key, plaintext, place)

    async def open(
        self,
        db: AsyncConnection,
        workspace_id: UUID,
        record: bytes,
        *,
        provider: str,
        account: str,
        column: str,
    ) -> bytes:
        """What was sealed in this place; SealBroken if the record is damaged, or another place's.

        `db` is a transaction of that workspace, and no snapshot: it must see a rotation.
        """
        key = await self._key(db, workspace_id, records.key_id_of(record))
        return records.unseal(key, record, Place(workspace_id, provider, account, column))

    async def _key(self, db: AsyncConnection, workspace_id: UUID, data_key_id: UUID) -> bytes:
        which = (workspace_id, data_key_id)
        if which not in self._kept:
            key = await data_keys.unwrap(db, self._source, workspace_id, data_key_id)
            self._kept[which] = key
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(which)
        return self._kept[which]

    def __repr__(self) -> str:
        return "Vault()"
