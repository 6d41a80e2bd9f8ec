"""What workspaces, their members and their invitations look like on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from accounts.permissions import Role
from api.shapes.auth import CurrentWorkspace, Email, Name, WorkspaceChoice

WeekStart = Literal["monday", "saturday", "sunday"]


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("This is no IANA time zone, like Europe/Berlin.")
    return zone


Zone = Annotated[
    str,
    Field(max_length=64, examples=["Europe/Berlin"], description="IANA time zone"),
    AfterValidator(_known_zone),
]
Currency = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["EUR"], description="ISO 4217")
]
Token = Annotated[str, StringConstraints(min_length=16, max_length=128, pattern=r"^[\w-]+$")]


class WorkspaceList(BaseModel):
    """All workspaces of who asks, oldest membership first."""

    workspaces: list[WorkspaceChoice]


class NewWorkspace(BaseModel):
    """A workspace to be made; whoever makes it owns it."""

    name: Name = Field(examples=["Engines Ltd"])
    zone: Zone = "UTC"
    currency: Currency = "USD"
    week_start: WeekStart = "monday"


class WorkspaceDetails(CurrentWorkspace):
    """The workspace that the session acts in, with when it was made."""

    created_at: datetime


class WorkspaceChange(BaseModel):
    """What is to be other than it is; what is left out stays."""

    name: Name | None = Field(default=None, examples=["Engines Ltd"])
    zone: Zone | None = None
    currency: Currency | None = None
    week_start: WeekStart | None = None


class WorkspaceMember(BaseModel):
    """Somebody with a role in the workspace."""

    user_id: UUID
    name: str = Field(examples=["Ada Lovelace"])
    email: str = Field(examples=["ada@example.com"])
    role: Role
    joined_at: datetime
    is_you: bool


class MemberList(BaseModel):
    """All members, owners first, then by name."""

    members: list[WorkspaceMember]


class RoleChange(BaseModel):
    """The role that a member is to have."""

    role: Role


class NewInvitation(BaseModel):
    """Whom to invite; without an e-mail, whoever has the link may accept, once."""

    role: Role
    email: Email | None = None


class WorkspaceInvitation(BaseModel):
    """An invitation, without its link, which is shown once."""

    id: UUID
    email: str | None
    role: Role
    invited_by: str | None = Field(description="Name; null: no longer there")
    created_at: datetime
    expires_at: datetime
    state: Literal["open", "accepted", "expired", "revoked"]


class InvitationList(BaseModel):
    """All invitations, newest first."""

    invitations: list[WorkspaceInvitation]


class MadeInvitation(BaseModel):
    """A new invitation, with the link that is never shown again."""

    invitation: WorkspaceInvitation
    link: str = Field(examples=["http://127.0.0.1:8000/app/invitation#t0ken"])


class InvitationToken(BaseModel):
    """What an invitation's link holds behind its `#`."""

    token: Token = Field(repr=False)


class InvitationPreview(BaseModel):
    """What an invitation is to, for whoever has its link."""

    workspace_name: str = Field(examples=["Defang Labs"])
    role: Role
    email: str | None = Field(description="Who alone may accept; null: anybody with the link")
    invited_by: str | None
    expires_at: datetime
