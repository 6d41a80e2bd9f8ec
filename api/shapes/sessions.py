"""What sessions, passwords and API keys look like on the wire."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from accounts.passwords import LONGEST, SHORTEST
from accounts.permissions import Scope
from api.shapes.auth import Name

_LONGEST_LIFE = timedelta(days=3_660)


def _ahead(instant: datetime) -> datetime:
    if not timedelta(0) < instant - datetime.now(UTC) < _LONGEST_LIFE:
        raise ValueError("must lie ahead, ten years at most")
    return instant


class NameChange(BaseModel):
    """How somebody wants to be called."""

    name: Name


class PasswordChange(BaseModel):
    """The password that holds, and the one that shall."""

    current: str = Field(max_length=LONGEST, repr=False, json_schema_extra={"format": "password"})
    new: str = Field(
        min_length=SHORTEST,
        max_length=LONGEST,
        repr=False,
        json_schema_extra={"format": "password"},
    )


class OwnSession(BaseModel):
    """One of somebody's own live sessions."""

    id: UUID
    agent: str | None = Field(examples=["Firefox on Linux"])
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


class SessionList(BaseModel):
    """All live sessions, the last used first."""

    sessions: list[OwnSession]


class NewApiKey(BaseModel):
    """A key to be made."""

    name: Name = Field(examples=["Looker"])
    scopes: set[Scope] = Field(min_length=1)
    expires_at: Annotated[AwareDatetime, AfterValidator(_ahead)] | None = None


class WorkspaceApiKey(BaseModel):
    """An API key, without the key itself, which is shown once."""

    id: UUID
    name: str
    hint: str = Field(examples=["mx_live_Q3x9"], description="How the key begins")
    scopes: list[Scope]
    created_by: str | None = Field(description="Name; null: no longer there")
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    state: Literal["live", "revoked", "expired"]


class ApiKeyList(BaseModel):
    """All keys, newest first."""

    api_keys: list[WorkspaceApiKey]


class MadeApiKey(BaseModel):
    """A new key, shown this once."""

    api_key: WorkspaceApiKey
    key: str = Field(repr=False, examples=["mx_live_…"])
