"""Who may do what: the one table that routes, tests and docs read."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """A member's place in a workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    VIEWER = "viewer"


class Action(StrEnum):
    """Something a route does on behalf of a member."""

    READ = "read"  # any figure, connection or state of the workspace


ALLOWED: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.READ: frozenset(Role),
    }
)


def may(role: Role, action: Action) -> bool:
    """Whether a member with this role may do it; what the table does not name, nobody may."""
    return role in ALLOWED.get(action, frozenset())
