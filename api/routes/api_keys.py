"""`/workspaces/current/api-keys`: keys by which programs act in the workspace."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from accounts.permissions import Action
from api.deps import not_stored
from api.shapes.sessions import ApiKeyList, MadeApiKey, NewApiKey, WorkspaceApiKey
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.examples import example_of
from web.problems import NotFound, Unavailable, problems
from web.state import api_keys_of

router = APIRouter(
    prefix="/workspaces/current/api-keys", tags=["API keys"], dependencies=[Depends(not_stored)]
)

ManagingKeys = Annotated[Acting, allowed(Action.MANAGE_KEYS)]
_PROBLEMS = (NotSignedIn, NoWorkspace, NotAllowed, Unavailable)
_KEY = {
    "id": "3f0f9a7e-6b39-4b39-8a43-7b1f5e0c2d11",
    "name": "Looker",
    "hint": "mx_live_Q3x9",
    "scopes": ["read"],
    "created_by": "Demo Owner",
    "created_at": "2026-11-20T12:41:08Z",
    "expires_at": None,
    "last_used_at": None,
    "state": "live",
}


@router.get(
    "",
    operation_id="listApiKeys",
    responses={200: example_of({"api_keys": [_KEY]}), **problems(*_PROBLEMS)},
)
async def list_keys(request: Request, by: ManagingKeys) -> ApiKeyList:
    """All keys of the workspace, ended ones too, the newest first; never a key itself."""
    kept = await api_keys_of(request).of(by.workspace.id)
    return ApiKeyList(
        api_keys=[WorkspaceApiKey.model_validate(each, from_attributes=True) for each in kept]
    )


@router.post(
    "",
    operation_id="makeApiKey",
    status_code=201,
    responses={
        201: example_of({"api_key": _KEY, "key": "mx_live_Q3x9…"}),
        **problems(*_PROBLEMS),
    },
)
async def make_key(new: NewApiKey, request: Request, by: ManagingKeys) -> MadeApiKey:
    """A new key, shown this once: metricx keeps a hash of it."""
    made, key = await api_keys_of(request).make(
        by.workspace.id, by.actor, name=new.name, scopes=new.scopes, expires_at=new.expires_at
    )
    return MadeApiKey(api_key=WorkspaceApiKey.model_validate(made, from_attributes=True), key=key)


@router.delete(
    "/{key_id}",
    operation_id="revokeApiKey",
    status_code=204,
    responses=problems(*_PROBLEMS, NotFound),
)
async def revoke_key(key_id: UUID, request: Request, by: ManagingKeys) -> None:
    """The key has ended, everywhere within a second; ending it twice is no error."""
    if not await api_keys_of(request).revoke(by.workspace.id, by.actor, key_id):
        raise NotFound
