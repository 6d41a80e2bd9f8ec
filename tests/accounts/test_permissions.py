"""The table of who may do what."""

import pytest

from accounts.permissions import Action, Role, may, may_give

EXPECTED = {
    Action.READ: "owner admin viewer",
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
