"""Events of the stream as bytes, made once and shared by all who get them."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Literal
from uuid import UUID

import msgspec

from api.live.dates import Dates
from readmodels.queries.positions import Partition, written
from readmodels.queries.today import TodayTotals

Name = Literal["snapshot", "change", "reset"]
RETRY = b"retry: 2000\n\n"
HEARTBEAT = b": still here\n\n"
_encode = msgspec.json.Encoder().encode


class Change(msgspec.Struct, frozen=True):
    """What moved; None means any of them."""

    projection: str
    provider: str | None = None
    account_id: str | None = None
    days: tuple[str, ...] | None = None


class Payload:
    """Today's figures, and the position that they include."""

    def __init__(
        self,
        position: dict[Partition, int],
        at: datetime,
        dates: Dates,
        today: Iterable[TodayTotals],
        changed: Iterable[Change],
    ) -> None:
        self.position = position
        self.dates = dates
        self.changed = list(changed)
        self.at = at
        self.today = list(today)

    def is_over(self, now: datetime) -> bool:
        """Whether one of its todays is yesterday by now."""
        return now >= self.dates.until

    def is_unexplained_by(self, before: "Payload") -> bool:
        """Whether more is new than `changed` names: another version's figures, or untold ones."""
        is_of_another_version = self.position.keys() != before.position.keys()
        return is_of_another_version or (not self.changed and self.today != before.today)

    @cached_property
    def snapshot(self) -> bytes:
        """For who must read everything again."""
        return self._event("snapshot", [])

    @cached_property
    def change(self) -> bytes:
        """For who has seen all before it."""
        return self._event("change", self.changed)

    @cached_property
    def reset(self) -> bytes:
        """For who has seen what is no longer there; a snapshot must follow."""
        return self._event("reset", [])

    def _event(self, name: Name, changed: list[Change]) -> bytes:
        position = written(self.position)
        data = _encode(
            {"position": position, "at": self.at, "today": self.today, "changed": changed}
        )
        return b"event: %b\nid: %b\ndata: %b\n\n" % (name.encode(), position.encode(), data)


def changes_in(notification: str) -> dict[UUID, list[Change]] | None:
    """What a notification names, by workspace; None if it is about all of them.

    Raises msgspec.DecodeError for another shape.
    """
    told = msgspec.json.decode(notification, type=_Notification)
    if told.workspaces is None:
        return None
    found: dict[UUID, list[Change]] = {}
    for each in told.changes:
        # No date is named where what changed has none.
        change = Change(told.projection, each.provider, each.account_id, each.days or None)
        found.setdefault(each.workspace_id, []).append(change)
    for workspace in told.workspaces:
        found.setdefault(workspace, []).append(Change(told.projection))
    return found


def merged(changes: Iterable[Change]) -> list[Change]:
    """One for each projection and account, with all their dates; "any" swallows the rest."""
    days: dict[tuple[str, str | None, str | None], set[str] | None] = {}
    for each in changes:
        key = (each.projection, each.provider, each.account_id)
        known = days.setdefault(key, set())
        if known is not None:
            days[key] = None if each.days is None else known.union(each.days)
    anything = {key[0] for key in days if key[1] is None}
    return [
        Change(*key, None if found is None else tuple(sorted(found)))
        for key, found in sorted(days.items(), key=lambda item: tuple(map(str, item[0])))
        if key[1] is None or key[0] not in anything
    ]


class _AccountChange(msgspec.Struct):
    workspace_id: UUID
    provider: str | None = None
    account_id: str | None = None
    days: tuple[str, ...] | None = None


class _Notification(msgspec.Struct):
    """What projectors say on `metricx_changes`; a long one names workspaces alone, or none."""

    projection: str
    changes: list[_AccountChange] = []
    workspaces: list[UUID] | None = []
