"""`/workspaces/current/members`: who is in the workspace, in which role."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from accounts.audit import Actor
from accounts.database import transaction
from accounts.errors import LastOwner, NoSuchMember, OwnersAlone
from accounts.members import Fellow, change_role, member, members_of, remove
from accounts.permissions import Action
from api.deps import not_stored
from api.session_cookie import give
from api.shapes.workspaces import MemberList, RoleChange, WorkspaceMember
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, SignedIn, allowed
from web.examples import example_of
from web.problems import NotFound, Problem, Unavailable, problems
from web.state import Control, clerk_of, sessions_of

router = APIRouter(
    prefix="/workspaces/current/members", tags=["Members"], dependencies=[Depends(not_stored)]
)

_MEMBER = {
    "user_id": "5e0c0f4e-2f6a-4f5e-8a73-2d3f3f0a9d10",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "role": "admin",
    "joined_at": "2026-11-20T12:41:08Z",
    "is_you": False,
}
_OWNERS = "Only an owner may make, change or remove an owner."


class WouldHaveNoOwner(Problem):
    """Leaving, removing or demoting the only owner that a workspace has."""

    status, code, title = 409, "last-owner", "A workspace needs an owner"
    meaning = "This is the only owner of the workspace, who cannot leave, go or lose the role."
    remedy = "Make another member an owner first."


@router.get(
    "",
    operation_id="listMembers",
    responses={
        200: example_of({"members": [_MEMBER]}),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, Unavailable),
    },
)
async def list_members(
    acting: Annotated[Acting, allowed(Action.READ)], control: Control
) -> MemberList:
    """All members: owners first, then admins, then viewers, each by name."""
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        found = await members_of(db)
    return MemberList(members=[_shown(each, acting.actor) for each in found])


@router.patch(
    "/{user_id}",
    operation_id="changeRole",
    responses={
        200: example_of(_MEMBER),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, NotFound, WouldHaveNoOwner, Unavailable),
    },
)
async def give_role(
    user_id: UUID,
    change: RoleChange,
    request: Request,
    response: Response,
    acting: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)],
    session: SignedIn,
    control: Control,
) -> WorkspaceMember:
    """Another role; what the member was signed in with here ends within a second.

    Whoever changes their own is signed in anew by the answer; with Clerk they do it themselves.
    """
    own, sessions, cookie = acting.workspace, sessions_of(request), None
    with _refusals():
        async with transaction(control, workspace_id=own.id, user_id=session.user_id) as db:
            is_changed = await change_role(
                db, own.id, user_id, change.role, by=own.role, actor=acting.actor
            )
            if is_changed and user_id == session.user_id and clerk_of(request) is None:
                cookie = await sessions.open(db, user_id, own.id)
            changed = await member(db, user_id)
    sessions.forget(user_id)
    if cookie:
        give(request, response, cookie)
    return _shown(changed, acting.actor)


@router.delete(
    "/{user_id}",
    operation_id="removeMember",
    status_code=204,
    responses=problems(
        NotSignedIn, NoWorkspace, NotAllowed, NotFound, WouldHaveNoOwner, Unavailable
    ),
)
async def remove_member(
    user_id: UUID,
    request: Request,
    acting: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)],
    control: Control,
) -> None:
    """No member any more; what they are signed in with acts nowhere within a second."""
    own = acting.workspace
    with _refusals():
        async with transaction(control, workspace_id=own.id) as db:
            await remove(db, own.id, user_id, by=own.role, actor=acting.actor)
    sessions_of(request).forget(user_id)


@contextmanager
def _refusals() -> Generator[None]:
    """What the room refuses of a member, as problems."""
    try:
        yield
    except NoSuchMember:
        raise NotFound from None
    except OwnersAlone:
        raise NotAllowed(_OWNERS) from None
    except LastOwner:
        raise WouldHaveNoOwner from None


def _shown(found: Fellow, asking: Actor) -> WorkspaceMember:
    return WorkspaceMember(
        user_id=found.user_id,
        name=found.name,
        email=found.email,
        role=found.role,
        joined_at=found.joined_at,
        is_you=asking.id == found.user_id,
    )
