"""The table of who may do what."""

import pytest

from accounts.permissions import SCOPES, Action, Role, Scope, key_may, may, may_give

EXPECTED = {
    Action.READ: "owner admin viewer",
    Action.LEAVE: "owner admin viewer",
    Action.MANAGE_CONNECTIONS: "owner admin",
    Action.EDIT_WORKSPACE: "owner admin",
    Action.MANAGE_MEMBERS: "owner admin",
    Action.MANAGE_KEYS: "owner admin",
    Action.READ_AUDIT: "owner",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_role_may_what_is_written_here(role: Role, action: Action) -> None:
    """Worked out by hand: a new action needs a new line, or fails."""
    assert may(role, action) == (role.value in EXPECTED[action].split())


def test_owners_alone_touch_owners() -> None:
    """An admin who could make an owner would be one."""
    given = {(by, role) for by in Role for role in Role if may_give(by, role)}
    below = {Role.ADMIN, Role.VIEWER}
    assert given == {
        *((Role.OWNER, role) for role in Role),
        *((Role.ADMIN, role) for role in below),
    }


@pytest.mark.parametrize("action", Action)
def test_a_key_may_what_its_scopes_say(action: Action) -> None:
    """Worked out by hand: none manages members, settings or keys, or reads the log."""
    expected = {
        Action.READ: {Scope.READ, Scope.CONNECTIONS},
        Action.MANAGE_CONNECTIONS: {Scope.CONNECTIONS},
    }
    assert {scope for scope in Scope if key_may([scope], action)} == expected.get(action, set())
    assert key_may(Scope, action) == (action in expected)
    assert not key_may([], action)


def test_every_scope_has_its_line() -> None:
    """A scope that the table does not name would be an error at its first request."""
    assert set(SCOPES) == set(Scope)
