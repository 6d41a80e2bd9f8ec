"""Who asks, and whether they may: a cookie's session or an API key, and the table of permissions.

    async def read_me(session: SignedIn) -> Me: ...            # a person, wherever they act
    async def read_dashboard(workspace: InWorkspace) -> ...    # who may read, where they act
    async def invite(by: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)]) -> ...

The workspace is the session's, or the key's, and nothing else: no path, query or body names it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from accounts.api_keys import ApiKey
from accounts.audit import Actor
from accounts.permissions import Action, key_may, may
from accounts.session import Session, Workspace
from web.credentials import key_of, session_credential_of
from web.limits import limits_of
from web.problems import Problem
from web.state import api_keys_of, sessions_of

_CHALLENGE = {"www-authenticate": 'Bearer realm="metricx"'}


class NotSignedIn(Problem):
    """No cookie or key, or one that is forged, expired or ended: all the same answer."""

    status, code, title = 401, "not-signed-in", "Sign in first"
    meaning = (
        "Nobody is signed in here, or the session has ended: after seven days, or elsewhere. Of an "
        "API key: there is no such key, or it has ended."
    )
    remedy = (
        "Sign in again. A client of the API sends the cookie that POST /auth/login sets, or "
        "`Authorization: Bearer` and an API key where the path takes one."
    )


class NoWorkspace(Problem):
    """Signed in, but no member of any workspace, or no longer of the one acted in."""

    status, code, title = 403, "no-workspace", "You are not a member of this workspace"
    meaning = "You are signed in, but not, or no longer, a member of the workspace that you act in."
    remedy = "Ask an owner of the workspace to add you again."


class NotAllowed(Problem):
    """The member's role, or the key's scope, may not do this; see accounts/permissions.py."""

    status, code, title = 403, "not-allowed", "Your role does not allow this"
    meaning = (
        "You are a member of the workspace, in a role that may not do this; or the API key was not "
        "made for it."
    )
    remedy = (
        "Ask an owner of the workspace to do it, or to give you another role. For a program, make "
        "a key with the scope that it needs."
    )


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who may do what was asked, and the workspace in which they do it."""

    workspace: Workspace
    actor: Actor


async def signed_in(request: Request) -> Session:
    """The live session of this request's credential: a person, never a key."""
    session = await sessions_of(request).check(session_credential_of(request))
    if session is None:
        raise NotSignedIn(headers=_CHALLENGE)
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


async def caller(request: Request) -> Session | ApiKey:
    """Whoever this request shows to be; a key counts before a cookie."""
    key = key_of(request)
    if key is None:
        return await signed_in(request)
    found = await api_keys_of(request).check(key)
    if found is None:
        raise NotSignedIn(headers=_CHALLENGE)
    return found


Caller = Annotated[Session | ApiKey, Depends(caller)]


@dataclass(frozen=True)
class Allowed:
    """A dependency: the caller, if they may do this action where they act.

    Tests find it in the route table, and so know which action each route is.
    """

    action: Action
    is_counted: bool = True  # among the requests of the workspace
    by_key: bool = True  # whether an API key may, if its scopes hold the action

    async def __call__(self, request: Request, by: Caller) -> Acting:
        """Raises NotSignedIn, NoWorkspace, NotAllowed or TooManyRequests."""
        if by.workspace is None:
            raise NoWorkspace
        if self.is_counted:
            limits_of(request).acting(by.workspace.id)
        if isinstance(by, ApiKey):
            may_do = self.by_key and key_may(by.scopes, self.action)
            actor = Actor("api-key", by.id)
        else:
            may_do, actor = may(by.workspace.role, self.action), Actor("user", by.user_id)
        if not may_do:
            raise NotAllowed
        return Acting(by.workspace, actor)


@cache
def allowed(action: Action, *, is_counted: bool = True, by_key: bool = True) -> Any:
    """What a route depends on to be allowed this action; gives `Acting`."""
    return Depends(Allowed(action, is_counted, by_key))


def found_in(dependant: Dependant) -> Iterator[Allowed]:
    """What a route is guarded by, wherever among its dependencies it lies."""
    if isinstance(dependant.call, Allowed):
        yield dependant.call
    for each in dependant.dependencies:
        yield from found_in(each)


async def workspace_to_read(acting: Annotated[Acting, allowed(Action.READ)]) -> Workspace:
    """The workspace that the caller acts in, which they may read."""
    return acting.workspace


InWorkspace = Annotated[Workspace, Depends(workspace_to_read)]
