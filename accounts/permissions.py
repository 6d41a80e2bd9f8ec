"""Who may do what: the one table that routes, tests and docs read."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """A member's place in a workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    VIEWER = "viewer"


class Action(StrEnum):
    """Something a route does on behalf of a member; its value is how docs name it."""

    READ = "read figures, connections and members"
    LEAVE = "leave the workspace"
    MANAGE_CONNECTIONS = "connect, pause and disconnect accounts"
    EDIT_WORKSPACE = "change name, time zone, currency and week start"
    MANAGE_MEMBERS = "invite, remove and give roles"
    MANAGE_KEYS = "make and end API keys"
    READ_AUDIT = "read the log of changes"


_ALL = frozenset(Role)
_ADMINS = frozenset({Role.OWNER, Role.ADMIN})
_OWNERS = frozenset({Role.OWNER})

ALLOWED: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.READ: _ALL,
        Action.LEAVE: _ALL,
        Action.MANAGE_CONNECTIONS: _ADMINS,
        Action.EDIT_WORKSPACE: _ADMINS,
        Action.MANAGE_MEMBERS: _ADMINS,
        Action.MANAGE_KEYS: _ADMINS,
        Action.READ_AUDIT: _OWNERS,
    }
)


class Scope(StrEnum):
    """What an API key was made for."""

    READ = "read"
    CONNECTIONS = "connections"


SCOPES: Mapping[Scope, frozenset[Action]] = MappingProxyType(
    {
        Scope.READ: frozenset({Action.READ}),
        Scope.CONNECTIONS: frozenset({Action.READ, Action.MANAGE_CONNECTIONS}),
    }
)
"""What a key may do, whoever made it: never manage members, settings or keys."""


def may(role: Role, action: Action) -> bool:
    """Whether a member with this role may do it; what the table does not name, nobody may."""
    return role in ALLOWED.get(action, frozenset())


def key_may(scopes: Iterable[Scope], action: Action) -> bool:
    """Whether a key of these scopes may do it."""
    return any(action in SCOPES[scope] for scope in scopes)


def may_give(by: Role, role: Role) -> bool:
    """Whether somebody may make, or change, a member of this role: owners alone touch owners."""
    return may(by, Action.MANAGE_MEMBERS) and (by is Role.OWNER or role is not Role.OWNER)
