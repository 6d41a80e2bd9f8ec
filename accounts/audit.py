"""The log of changes: who did what to a workspace's control data; written on, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.tables.people import audit_log


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it; `id` is None for the system itself."""

    kind: Literal["user", "api-key", "system"]
    id: UUID | None


SYSTEM = Actor("system", None)


async def record(
    db: AsyncConnection,
    workspace_id: UUID,
    actor: Actor,
    action: str,
    target: UUID | str | None = None,
    **details: Any,
) -> None:
    """A line of the log, in the transaction that makes the change: both are kept, or neither.

    `action` is "thing.happened"; `details` are JSON and hold ids and words of ours, never a secret
    and no e-mail: names are looked up when it is read.
    """
    line: Mapping[str, Any] = {
        "workspace_id": workspace_id,
        "entry_id": uuid4(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "action": action,
        "target_id": None if target is None else str(target),
        "details": details,
    }
    await db.execute(insert(audit_log).values(**line))
