"""Who is signed in, where they act, and where else they could: what `Me` holds."""

from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.session import Session
from accounts.workspaces import workspaces_of
from api.shapes.auth import CurrentWorkspace, Me, User, WorkspaceChoice
from web.callers import signed_in
from web.state import sessions_of

EXAMPLE_CHOICE = {
    "id": "0b6f5c9e-6f0e-4c1e-9b1c-1f6f2a0f7c11",
    "name": "Defang Labs",
    "is_demo": True,
    "role": "owner",
}
EXAMPLE_WORKSPACE = {
    **EXAMPLE_CHOICE,
    "currency": "USD",
    "zone": "America/New_York",
    "week_start": "monday",
}
_ME = {
    "user": {
        "id": "5e0c0f4e-2f6a-4f5e-8a73-2d3f3f0a9d10",
        "email": "owner@defanglabs.com",
        "name": "Demo Owner",
    },
    "workspace": EXAMPLE_WORKSPACE,
    "workspaces": [EXAMPLE_CHOICE],
}
EXAMPLE: dict[str, Any] = {"content": {"application/json": {"example": _ME}}}


async def me_of(control: AsyncEngine, session: Session) -> Me:
    """What this session is, and all workspaces of its user."""
    own = session.workspace
    return Me(
        user=User(id=session.user_id, email=session.email, name=session.name),
        workspace=CurrentWorkspace.model_validate(own, from_attributes=True) if own else None,
        workspaces=[
            WorkspaceChoice.model_validate(each, from_attributes=True)
            for each in await workspaces_of(control, session)
        ],
    )


async def me_anew(request: Request, control: AsyncEngine, session: Session) -> Me:
    """The same of a session whose workspace, or whose user, has just been changed."""
    sessions_of(request).forget(session.user_id)
    return await me_of(control, await signed_in(request))
