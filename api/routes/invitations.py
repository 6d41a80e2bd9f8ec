"""Invitations: made and ended in a workspace, looked at and accepted by whoever has the link."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from accounts.database import transaction
from accounts.errors import (
    AlreadyMember,
    ForAnother,
    InvitationOver,
    NoSuchInvitation,
    OwnersAlone,
)
from accounts.invitations import accept, invitations_of, invite, preview, revoke
from accounts.permissions import Action
from accounts.switching import act_in
from api.deps import not_stored
from api.me import EXAMPLE, me_anew
from api.shapes.auth import Me
from api.shapes.workspaces import (
    InvitationList,
    InvitationPreview,
    InvitationToken,
    MadeInvitation,
    NewInvitation,
    WorkspaceInvitation,
)
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, SignedIn, allowed
from web.examples import example_of
from web.limits import Entrance
from web.problems import NotFound, Problem, Unavailable, problems
from web.state import Control

router = APIRouter(prefix="/workspaces", tags=["Invitations"], dependencies=[Depends(not_stored)])

_INVITATION = {
    "id": "7d1f2a0f-5c9e-4c1e-9b1c-0b6f6f0e7c11",
    "email": "grace@example.com",
    "role": "viewer",
    "invited_by": "Ada Lovelace",
    "created_at": "2026-11-20T12:41:08Z",
    "expires_at": "2026-11-27T12:41:08Z",
    "state": "open",
}
_PREVIEW = {
    "workspace_name": "Defang Labs",
    "role": "viewer",
    "email": "grace@example.com",
    "invited_by": "Ada Lovelace",
    "expires_at": "2026-11-27T12:41:08Z",
}
_OWNERS = "Only an owner may invite owners, or end such an invitation."


class InvitationNotFound(Problem):
    """No invitation has this token."""

    status, code, title = 404, "invitation-not-found", "No such invitation"
    meaning = "The link is not whole, or it was never one of this metricx."
    remedy = "Open the link as it was sent, to its last character, or ask for a new one."


class InvitationEnded(Problem):
    """An invitation that was accepted, revoked, or has expired."""

    status, code, title = 410, "invitation-over", "This invitation is over"
    meaning = "It was accepted or revoked before, or its seven days are over."
    remedy = "Ask whoever invited you for a new one."


class InvitationForAnother(Problem):
    """An invitation that is bound to another e-mail than the account's."""

    status, code, title = 403, "invitation-for-another", "This invitation is for somebody else"
    meaning = "It is bound to an e-mail, and the account that you are signed in to has another."
    remedy = "Sign in with the e-mail that was invited, or ask for an invitation to yours."


class MemberAlready(Problem):
    """Inviting, or accepting as, somebody who is a member."""

    status, code, title = 409, "already-member", "Already a member of this workspace"
    meaning = "Whoever is to join is a member of the workspace already. Nothing was changed."
    remedy = "Enter the workspace; an owner or admin can change a member's role there."


@router.get(
    "/current/invitations",
    operation_id="listInvitations",
    responses={
        200: example_of({"invitations": [_INVITATION]}),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, Unavailable),
    },
)
async def list_invitations(
    acting: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)], control: Control
) -> InvitationList:
    """All invitations to this workspace and what has become of them, newest first."""
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        found = await invitations_of(db)
    return InvitationList(
        invitations=[
            WorkspaceInvitation.model_validate(each, from_attributes=True) for each in found
        ]
    )


@router.post(
    "/current/invitations",
    operation_id="invite",
    status_code=201,
    responses={
        201: example_of(
            {
                "invitation": _INVITATION,
                "link": "https://metricx.example/app/invitation#kHq0m3ZJ0w2hJw6o4b9kq1Y",
            }
        ),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, MemberAlready, Unavailable),
    },
)
async def make_invitation(
    new: NewInvitation,
    request: Request,
    acting: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)],
    control: Control,
) -> MadeInvitation:
    """A link by which one person can join within seven days; it is shown this once."""
    own = acting.workspace
    try:
        async with transaction(control, workspace_id=own.id) as db:
            invitation, token = await invite(
                db, own.id, role=new.role, email=new.email, by=own.role, actor=acting.actor
            )
    except OwnersAlone:
        raise NotAllowed(_OWNERS) from None
    except AlreadyMember:
        raise MemberAlready from None
    return MadeInvitation(
        invitation=WorkspaceInvitation.model_validate(invitation, from_attributes=True),
        # Behind `#`, which browsers keep to themselves: it reaches no log, here or on the way.
        link=f"{request.app.state.public_url}/app/invitation#{token}",
    )


@router.delete(
    "/current/invitations/{invitation_id}",
    operation_id="revokeInvitation",
    status_code=204,
    responses=problems(NotSignedIn, NoWorkspace, NotAllowed, NotFound, Unavailable),
)
async def revoke_invitation(
    invitation_id: UUID,
    acting: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)],
    control: Control,
) -> None:
    """Its link is worth nothing any more; one that is over already stays as it is."""
    own = acting.workspace
    try:
        async with transaction(control, workspace_id=own.id) as db:
            await revoke(db, own.id, invitation_id, by=own.role, actor=acting.actor)
    except NoSuchInvitation:
        raise NotFound from None
    except OwnersAlone:
        raise NotAllowed(_OWNERS) from None


@router.post(
    "/invitations/preview",
    operation_id="previewInvitation",
    dependencies=[Entrance],
    responses={
        200: example_of(_PREVIEW),
        **problems(InvitationNotFound, InvitationEnded, Unavailable),
    },
)
async def preview_invitation(link: InvitationToken, control: Control) -> InvitationPreview:
    """What a link invites to, and who by; whoever has it may look."""
    try:
        async with transaction(control) as db:
            offer = await preview(db, link.token)
    except NoSuchInvitation:
        raise InvitationNotFound from None
    except InvitationOver:
        raise InvitationEnded from None
    return InvitationPreview.model_validate(offer, from_attributes=True)


@router.post(
    "/invitations/accept",
    operation_id="acceptInvitation",
    dependencies=[Entrance],
    responses={
        200: EXAMPLE,
        **problems(
            NotSignedIn,
            InvitationForAnother,
            InvitationNotFound,
            MemberAlready,
            InvitationEnded,
            Unavailable,
        ),
    },
)
async def accept_invitation(
    link: InvitationToken, request: Request, session: SignedIn, control: Control
) -> Me:
    """Whoever is signed in joins, and acts in that workspace from now on; others stay theirs."""
    try:
        async with transaction(control, user_id=session.user_id) as db:
            workspace_id = await accept(db, link.token, session.user_id, session.email)
            await act_in(db, session.id, workspace_id)
    except NoSuchInvitation:
        raise InvitationNotFound from None
    except InvitationOver:
        raise InvitationEnded from None
    except ForAnother:
        raise InvitationForAnother from None
    except AlreadyMember:
        raise MemberAlready from None
    return await me_anew(request, control, session)
