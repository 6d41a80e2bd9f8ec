"""The log of changes as it is read: newest first, page by page, with names as they are now."""

import base64
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import RowMapping, Text, cast, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.tables.linked import connections
from accounts.tables.people import api_keys, audit_log, invitations, users, workspaces

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = struct.Struct(">q16s")  # microseconds, id: 32 characters of base64


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the instant and id of its last line."""

    at: datetime
    id: UUID

    def as_cursor(self) -> str:
        """What a client brings back; it says nothing that the page did not."""
        micros = (self.at - _EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(_PLACE.pack(micros, self.id.bytes)).decode()

    @classmethod
    def from_cursor(cls, cursor: str) -> Self:
        """The place; ValueError if no cursor of ours says so."""
        try:
            packed = base64.b64decode(cursor, altchars=b"-_", validate=True)
            micros, identity = _PLACE.unpack(packed)
            found = cls(_EPOCH + timedelta(microseconds=micros), UUID(bytes=identity))
        except (struct.error, OverflowError) as error:
            raise ValueError(str(error)) from None
        if found.as_cursor() != cursor:  # base64 can be spelt in several ways
            raise ValueError("not as it was given")
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """One change, with names as they are now: None for whoever is gone, and the system."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str | None
    action: str
    target: str | None  # its id where it has no name
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines, newest first; `end` is where the next page goes on, None if there is none."""

    lines: list[Line]
    end: Place | None


async def read_log(db: AsyncConnection, *, limit: int, after: Place | None) -> LogPage:
    """The log of the transaction's workspace behind a place, or from its newest line on."""
    log = audit_log.c
    query = select(audit_log).order_by(log.at.desc(), log.entry_id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(log.at, log.entry_id) < tuple_(after.at, after.id))
    rows = (await db.execute(query)).mappings().all()
    shown = rows[:limit]
    names = await _names(db, shown)
    more = len(rows) > limit
    end = Place(shown[-1]["at"], shown[-1]["entry_id"]) if more else None
    return LogPage([_line(row, names) for row in shown], end)


async def _names(db: AsyncConnection, rows: Sequence[RowMapping]) -> Mapping[str, str]:
    """What people call those whom these lines name: ids are unique over all kinds."""
    named = {str(row["actor_id"]) for row in rows} | {row["target_id"] for row in rows}
    kinds = (
        (users.c.user_id, users.c.name),
        (workspaces.c.workspace_id, workspaces.c.name),
        (api_keys.c.key_id, api_keys.c.name),
        (connections.c.connection_id, connections.c.label),
        (invitations.c.invitation_id, invitations.c.email),
    )
    known = union_all(
        *(
            select(cast(identity, Text), name).where(
                cast(identity, Text).in_(named), name.is_not(None)
            )
            for identity, name in kinds
        )
    )
    return {row[0]: row[1] for row in (await db.execute(known)).all()}


def _line(row: RowMapping, names: Mapping[str, str]) -> Line:
    target = row["target_id"]
    return Line(
        id=row["entry_id"],
        at=row["at"],
        actor_kind=row["actor_kind"],
        actor_id=row["actor_id"],
        actor_name=names.get(str(row["actor_id"])),
        action=row["action"],
        target=names.get(target, target),
        details=row["details"],
    )
