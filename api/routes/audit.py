"""`GET /workspaces/current/audit`: the log of changes, for owners."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from accounts.audit_pages import Line, Place, read_log
from accounts.database import transaction
from accounts.permissions import Action
from api.deps import not_stored
from api.shapes.audit import AuditActor, AuditEntry, AuditPage, Page
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.examples import example_of
from web.problems import Problem, Unavailable, problems
from web.state import Control

router = APIRouter(
    prefix="/workspaces/current/audit", tags=["Log"], dependencies=[Depends(not_stored)]
)

MOST_LINES = 200
_CURSOR = "AAZD9QFwcwDSG5uGOuxCy5S5GC5rAT-2"
_LINE = {
    "id": "d21b9b86-3aec-42cb-94b9-182e6b013fb6",
    "at": "2026-11-20T12:41:08.120064Z",
    "actor": {
        "kind": "user",
        "id": "5e0c0f4e-2f6a-4f5e-8a73-2d3f3f0a9d10",
        "name": "Ada Lovelace",
    },
    "action": "member.role-changed",
    "target": "Grace Hopper",
    "details": {"from": "viewer", "to": "admin"},
}
_PAGE = {"data": [_LINE], "page": {"next_cursor": _CURSOR, "has_more": True}}


class InvalidCursor(Problem):
    """A cursor that no answer of ours has given."""

    status, code, title = 422, "invalid-cursor", "No list goes on from there"
    meaning = "The cursor is not one that an earlier answer gave as `next_cursor`."
    remedy = "Take `next_cursor` as it is, or leave the cursor out to begin with the newest."


@router.get(
    "",
    operation_id="readAuditLog",
    responses={
        200: example_of(_PAGE),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, InvalidCursor, Unavailable),
    },
)
async def read_audit_log(
    acting: Annotated[Acting, allowed(Action.READ_AUDIT)],
    control: Control,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES, description="Lines of a page")] = 50,
    cursor: Annotated[
        str | None, Query(examples=[_CURSOR], description="`next_cursor` of the page before")
    ] = None,
) -> AuditPage:
    """Who changed what in this workspace, newest first, with names as they are now."""
    try:
        after = None if cursor is None else Place.from_cursor(cursor)
    except ValueError:
        raise InvalidCursor from None
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        found = await read_log(db, limit=limit, after=after)
    return AuditPage(
        data=[_shown(line) for line in found.lines],
        page=Page(
            next_cursor=found.end.as_cursor() if found.end else None,
            has_more=found.end is not None,
        ),
    )


def _shown(line: Line) -> AuditEntry:
    return AuditEntry(
        id=line.id,
        at=line.at,
        actor=AuditActor.model_validate(
            {"kind": line.actor_kind, "id": line.actor_id, "name": line.actor_name}
        ),
        action=line.action,
        target=line.target,
        details=dict(line.details),
    )
