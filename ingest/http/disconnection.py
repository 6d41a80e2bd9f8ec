"""`DELETE /connections/{connection_id}`: it is read no more, its token ends, its history stays."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from accounts.permissions import Action
from ingest.http.asking import InLinking
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.problems import InvalidRequest, NotFound, Unavailable, problems

router = APIRouter(prefix="/connections", tags=["Connections"])


@router.delete(
    "/{connection_id}",
    operation_id="disconnect",
    status_code=204,
    responses=problems(NotSignedIn, NoWorkspace, NotAllowed, NotFound, InvalidRequest, Unavailable),
)
async def disconnect(
    connection_id: UUID,
    by: Annotated[Acting, allowed(Action.MANAGE_CONNECTIONS)],
    linking: InLinking,
) -> None:
    """The account is read no more; its figures stay. A second time changes nothing.

    The token is deleted, and revoked at the platform, unless another connection is read by it.
    """
    if not await linking.disconnect(by.workspace.id, connection_id, by.actor):
        raise NotFound
