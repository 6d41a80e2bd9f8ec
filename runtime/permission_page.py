"""`docs/permissions.md`, written from the table of permissions and from the routes themselves."""

from pathlib import Path

from accounts.permissions import Action, Role, may
from runtime.openapi import never_started
from runtime.route_permissions import WITHOUT_WORKSPACE, asked
from runtime.settings_pages import PROJECT, write_changed

PERMISSIONS = PROJECT / "docs" / "permissions.md"

_OPENING = """\
# Permissions

Written from `accounts/permissions.py` and from the routes by `make docs`; a test holds them equal,
and asks every route as every role. A member has one role in each workspace. The workspace is the
one that the session acts in; no path, query or body names it. What a role may not do is answered
with 403 `not-allowed`.
"""
_OWNERS = """\
Owners alone make, change and remove owners, and invite them. A workspace keeps one: the last owner
cannot leave, be removed or lose the role (409 `last-owner`).
"""


def page() -> str:
    """The whole page."""
    lines = [_OPENING, "## Roles", ""]
    lines += [f"| may | {' | '.join(Role)} |", "| --- |" + " :---: |" * len(Role)]
    for action in Action:
        marks = " | ".join("yes" if may(role, action) else "–" for role in Role)
        lines.append(f"| {action} | {marks} |")
    lines += ["", _OWNERS, "## Routes", "", "| route | action |", "| --- | --- |"]
    for route in asked(never_started()):
        if route.actions:
            lines.append(f"| `{route.method} {route.path}` | {' · '.join(route.actions)} |")
    lines += ["", "## Routes that ask for no role", "", "| route | why |", "| --- | --- |"]
    lines += [f"| `{method} {path}` | {why} |" for (method, path), why in _by_path()]
    return "\n".join([*lines, ""])


def write() -> list[Path]:
    """Write it; the file, if it changed."""
    return write_changed({PERMISSIONS: page()})


def _by_path() -> list[tuple[tuple[str, str], str]]:
    return sorted(WITHOUT_WORKSPACE.items(), key=lambda each: (each[0][1], each[0][0]))
