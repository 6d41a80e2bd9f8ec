"""What listeners are told when rows moved: which projection, whose account, which days."""

from collections.abc import Iterable
from typing import Any

import msgspec

from processors.projection import Change, Projection

CHANNEL = "metricx_changes"
_MOST_BYTES = 7_500  # PostgreSQL refuses a notification of 8,000


def notice(projection: Projection[Any, Any], changes: Iterable[Change]) -> str:
    """The payload of a NOTIFY on `CHANNEL`; names workspaces alone where the days would not fit."""
    days: dict[tuple[str, str, str], list[str]] = {}
    for change in sorted(changes, key=str):
        account = (str(change.workspace_id), change.provider, change.account_id)
        held = days.setdefault(account, [])
        if change.day is not None:
            held.append(change.day.isoformat())
    payload = _encoded(
        projection,
        changes=[
            {"workspace_id": workspace, "provider": provider, "account_id": account, "days": each}
            for (workspace, provider, account), each in days.items()
        ],
    )
    if len(payload) > _MOST_BYTES:
        workspaces = sorted({workspace for workspace, _, _ in days})
        payload = _encoded(projection, workspaces=workspaces)
    if len(payload) > _MOST_BYTES:
        payload = _encoded(projection, workspaces=None)
    return payload.decode()


def _encoded(projection: Projection[Any, Any], **named: object) -> bytes:
    return msgspec.json.encode({"projection": projection.name, **named})
