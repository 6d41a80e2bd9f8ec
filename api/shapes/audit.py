"""What the log of changes looks like on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field


class AuditActor(BaseModel):
    """Who did it."""

    kind: Literal["user", "api-key", "system"]
    id: UUID | None
    name: str | None = Field(description="Null: the system, or somebody who is gone")


class AuditEntry(BaseModel):
    """One change."""

    id: UUID
    at: datetime
    actor: AuditActor
    action: str = Field(examples=["member.role-changed"])
    target: str | None = Field(description="What it was done to, as people call it")
    details: dict[str, Any]


class Page(BaseModel):
    """Where a list goes on."""

    next_cursor: str | None
    has_more: bool


class AuditPage(BaseModel):
    """Changes, newest first."""

    data: list[AuditEntry]
    page: Page
