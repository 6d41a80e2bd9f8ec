"""What sign-up, sign-in and `me` take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from accounts.passwords import LONGEST, SHORTEST
from accounts.permissions import Role
from accounts.users import normalised

Email = Annotated[
    str,
    Field(max_length=254, examples=["owner@defanglabs.com"], json_schema_extra={"format": "email"}),
    AfterValidator(normalised),
]
# No control characters: PostgreSQL refuses NUL, and a name is one line.
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$"
    ),
]


class NewUser(BaseModel):
    """Someone who signs up; they get a workspace of their own."""

    email: Email
    password: str = Field(
        min_length=SHORTEST,
        max_length=LONGEST,
        repr=False,
        examples=["a long sentence is a good one"],
        json_schema_extra={"format": "password"},
    )
    name: Name | None = Field(default=None, examples=["Ada Lovelace"])
    workspace_name: Name | None = Field(default=None, examples=["Engines Ltd"])


class Credentials(BaseModel):
    """Who signs in."""

    email: Email
    password: str = Field(
        max_length=LONGEST,
        repr=False,
        examples=["a long sentence is a good one"],
        json_schema_extra={"format": "password"},
    )


class User(BaseModel):
    """Who is signed in."""

    id: UUID
    email: str = Field(examples=["owner@defanglabs.com"])
    name: str = Field(examples=["Ada Lovelace"])


class WorkspaceChoice(BaseModel):
    """A workspace that the user is a member of."""

    id: UUID
    name: str = Field(examples=["Defang Labs"])
    is_demo: bool
    role: Role


class CurrentWorkspace(WorkspaceChoice):
    """The workspace that the session acts in."""

    currency: str = Field(examples=["USD"])
    zone: str = Field(examples=["America/New_York"], description="IANA time zone")
    week_start: Literal["monday", "saturday", "sunday"]


class Me(BaseModel):
    """The user, the workspace acted in (null: no longer a member of it), and all of theirs."""

    user: User
    workspace: CurrentWorkspace | None
    workspaces: list[WorkspaceChoice]
