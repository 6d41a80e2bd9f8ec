"""The table of who may do what."""

import pytest

from accounts.permissions import Action, Role, may

EXPECTED = {
    (Role.OWNER, Action.READ): True,
    (Role.ADMIN, Action.READ): True,
    (Role.VIEWER, Action.READ): True,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_role_may_what_is_written_here(role: Role, action: Action) -> None:
    """Worked out by hand: a new action needs a new line, or fails."""
    assert may(role, action) == EXPECTED[role, action]
