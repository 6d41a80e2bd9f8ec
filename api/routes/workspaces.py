"""`/workspaces`: those of whoever asks, making one, entering, its settings, leaving it."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.database import transaction
from accounts.errors import LastOwner, NoSuchMember
from accounts.members import leave
from accounts.permissions import Action, Role
from accounts.session import Workspace
from accounts.switching import act_in, enter
from accounts.workspaces import change_workspace, make_workspace, settings_of, workspaces_of
from api.deps import not_stored
from api.me import EXAMPLE, EXAMPLE_CHOICE, EXAMPLE_WORKSPACE, me_anew
from api.routes.members import WouldHaveNoOwner
from api.shapes.auth import CurrentWorkspace, Me, WorkspaceChoice
from api.shapes.workspaces import NewWorkspace, WorkspaceChange, WorkspaceDetails, WorkspaceList
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, SignedIn, allowed
from web.examples import example_of
from web.problems import NotFound, Unavailable, problems
from web.state import Control, Simulated, sessions_of

router = APIRouter(prefix="/workspaces", tags=["Workspaces"], dependencies=[Depends(not_stored)])

_DETAILS = {**EXAMPLE_WORKSPACE, "created_at": "2026-11-20T12:41:08Z"}


@router.get(
    "",
    operation_id="listWorkspaces",
    responses={
        200: example_of({"workspaces": [EXAMPLE_CHOICE]}),
        **problems(NotSignedIn, Unavailable),
    },
)
async def list_workspaces(session: SignedIn, control: Control) -> WorkspaceList:
    """All workspaces of whoever asks, the oldest membership first."""
    return WorkspaceList(
        workspaces=[
            WorkspaceChoice.model_validate(each, from_attributes=True)
            for each in await workspaces_of(control, session)
        ]
    )


@router.post(
    "",
    operation_id="makeWorkspace",
    status_code=201,
    responses={201: example_of(EXAMPLE_WORKSPACE), **problems(NotSignedIn, Unavailable)},
)
async def make(
    new: NewWorkspace, request: Request, session: SignedIn, control: Control, simulated: Simulated
) -> CurrentWorkspace:
    """A workspace that whoever asks owns, and in which the session acts from now on."""
    workspace_id, owner = uuid4(), session.user_id
    async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
        await make_workspace(
            db,
            workspace_id,
            owner,
            new.name,
            zone=new.zone,
            currency=new.currency,
            week_start=new.week_start,
            is_demo=simulated,
        )
        await act_in(db, session.id, workspace_id)
    sessions_of(request).forget(owner)
    return CurrentWorkspace(id=workspace_id, role=Role.OWNER, is_demo=simulated, **new.model_dump())


@router.post(
    "/{workspace_id}/enter",
    operation_id="enterWorkspace",
    responses={200: EXAMPLE, **problems(NotSignedIn, NotFound, Unavailable)},
)
async def enter_workspace(
    workspace_id: UUID, request: Request, session: SignedIn, control: Control
) -> Me:
    """The session acts in this workspace from now on, with the role that its user has there."""
    try:
        await enter(control, session, workspace_id)
    except NoSuchMember:
        raise NotFound from None
    return await me_anew(request, control, session)


@router.get(
    "/current",
    operation_id="readWorkspace",
    responses={
        200: example_of(_DETAILS),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, Unavailable),
    },
)
async def read_workspace(
    acting: Annotated[Acting, allowed(Action.READ)], control: Control
) -> WorkspaceDetails:
    """The workspace that the session acts in."""
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        return await _details(db, acting.workspace)


@router.patch(
    "/current",
    operation_id="updateWorkspace",
    responses={
        200: example_of(_DETAILS),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, Unavailable),
    },
)
async def update_workspace(
    change: WorkspaceChange,
    request: Request,
    acting: Annotated[Acting, allowed(Action.EDIT_WORKSPACE)],
    control: Control,
) -> WorkspaceDetails:
    """Its name, time zone, currency and week start; what is left out or null stays as it is."""
    own = acting.workspace
    async with transaction(control, workspace_id=own.id) as db:
        await change_workspace(db, own.id, acting.actor, change.model_dump(exclude_none=True))
        details = await _details(db, own)
    sessions_of(request).forget(own.id)
    return details


@router.post(
    "/current/leave",
    operation_id="leaveWorkspace",
    status_code=204,
    responses=problems(NotSignedIn, NoWorkspace, NotAllowed, WouldHaveNoOwner, Unavailable),
)
async def leave_workspace(
    request: Request,
    acting: Annotated[Acting, allowed(Action.LEAVE)],
    session: SignedIn,
    control: Control,
) -> None:
    """No member any more; the session acts nowhere until it enters another workspace."""
    own = acting.workspace
    try:
        async with transaction(control, workspace_id=own.id, user_id=session.user_id) as db:
            await leave(db, own.id, session.user_id)
    except LastOwner:
        raise WouldHaveNoOwner from None
    except NoSuchMember:  # removed since the session was checked
        raise NoWorkspace from None
    sessions_of(request).forget(session.user_id)


async def _details(db: AsyncConnection, own: Workspace) -> WorkspaceDetails:
    stored = await settings_of(db, own.id)
    return WorkspaceDetails(id=own.id, role=own.role, **stored)
