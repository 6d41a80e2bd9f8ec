"""Who asks, and whether they may: the session of the cookie, and the table of permissions.

    async def read_me(session: SignedIn) -> Me: ...            # a person, wherever they act
    async def read_dashboard(workspace: InWorkspace) -> ...    # who may read, where they act
    async def invite(by: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)]) -> ...

The workspace is the session's and nothing else: no path, query or body names it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request

from accounts.audit import Actor
from accounts.permissions import Action, may
from accounts.session import COOKIE, Session, Workspace
from web.problems import Problem
from web.state import sessions_of


class NotSignedIn(Problem):
    """No cookie, or one whose session is forged, expired or ended: all the same answer."""

    status, code, title = 401, "not-signed-in", "Sign in first"
    meaning = "Nobody is signed in here, or the session has ended: after seven days, or elsewhere."
    remedy = "Sign in again. A client of the API sends the cookie that POST /auth/login sets."


class NoWorkspace(Problem):
    """Signed in, but no member of any workspace, or no longer of the one acted in."""

    status, code, title = 403, "no-workspace", "You are not a member of this workspace"
    meaning = "You are signed in, but not, or no longer, a member of the workspace that you act in."
    remedy = "Ask an owner of the workspace to add you again."


class NotAllowed(Problem):
    """The member's role may not do this; see accounts/permissions.py."""

    status, code, title = 403, "not-allowed", "Your role does not allow this"
    meaning = "You are a member of the workspace, in a role that may not do this."
    remedy = "Ask an owner of the workspace to do it, or to give you another role."


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who may do what was asked, and the workspace in which they do it."""

    workspace: Workspace
    actor: Actor


async def signed_in(request: Request) -> Session:
    """The live session of this request's cookie."""
    session = await sessions_of(request).check(request.cookies.get(COOKIE))
    if session is None:
        raise NotSignedIn(headers={"www-authenticate": 'Bearer realm="metricx"'})
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


@dataclass(frozen=True)
class Allowed:
    """A dependency: the caller, if they may do this action where they act.

    Tests find it in the route table, and so know which action each route is.
    """

    action: Action

    async def __call__(self, session: SignedIn) -> Acting:
        """Raises NotSignedIn, NoWorkspace or NotAllowed."""
        if session.workspace is None:
            raise NoWorkspace
        if not may(session.workspace.role, self.action):
            raise NotAllowed
        return Acting(session.workspace, Actor("user", session.user_id))


@cache
def allowed(action: Action) -> Any:
    """What a route depends on to be allowed this action; gives `Acting`."""
    return Depends(Allowed(action))


async def workspace_to_read(acting: Annotated[Acting, allowed(Action.READ)]) -> Workspace:
    """The workspace that the caller acts in, which they may read."""
    return acting.workspace


InWorkspace = Annotated[Workspace, Depends(workspace_to_read)]
