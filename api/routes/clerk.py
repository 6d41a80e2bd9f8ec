"""`/webhooks/clerk` and `/auth/clerk/repair`: how word of Clerk's users comes in."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Request

from accounts.audit import record
from accounts.clerk.errors import ClerkAway as Away
from accounts.clerk.events import said
from accounts.database import transaction
from accounts.permissions import Action
from api.shapes.clerk import ClerkRepair
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.examples import example_of
from web.problems import (
    BodyTooLarge,
    FieldError,
    InvalidRequest,
    NotFound,
    Problem,
    Unavailable,
    problems,
)
from web.state import Control, clerk_of
from web.webhooks import BadSignature

router = APIRouter(tags=["Clerk"])
log = structlog.get_logger(__name__)

_REPAIRED = {"seen": 120, "created": 1, "updated": 0, "deleted": 2}
_EVENT = {
    "type": "user.updated",
    "timestamp": 1763660000123,
    "data": {"id": "user_2a", "object": "user", "updated_at": 1763660000100},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "example": _EVENT}},
    }
}


class ClerkNotSet(Problem):
    """No Clerk in the settings, or no key of its Backend API."""

    status, code, title = 409, "clerk-not-set", "Clerk cannot be asked here"
    meaning = "This installation signs people in by password, or has no secret key of Clerk's."
    remedy = "Whoever runs metricx sets METRICX_CLERK__ISSUER and METRICX_CLERK__SECRET_KEY."


class ClerkAway(Problem):
    """What was done until then stands; the rest is done by the next repair."""

    status, code, title = 503, "clerk-away", "Clerk does not answer"
    meaning = "Clerk did not answer, or refused. What was mended until then stands."
    remedy = "Try again after the seconds that the answer names in Retry-After."


@router.post(
    "/webhooks/clerk",
    operation_id="receiveClerkWebhook",
    status_code=204,
    responses=problems(BadSignature, NotFound, BodyTooLarge, InvalidRequest, Unavailable),
    openapi_extra=_BODY,
)
async def receive(request: Request) -> None:
    """What Clerk says of its users, signed by svix; each delivery has its effect once.

    Users alone matter here: events of other types are taken and change nothing.
    """
    webhooks = request.app.state.clerk_webhooks
    if webhooks is None:
        raise NotFound
    body = await request.body()
    delivery_id = webhooks.delivery_id(request.headers, body)
    try:
        event = said(body)
    except ValueError as error:
        log.warning("Cannot read a webhook of Clerk's", marker="[AUTH]", why=str(error))
        wrong = FieldError(pointer="/body", code="value_error", message=str(error))
        raise InvalidRequest(errors=[wrong]) from None
    clerk = clerk_of(request)
    if clerk is not None and event is not None:
        await clerk.receive(event, delivery_id, body)


@router.post(
    "/auth/clerk/repair",
    operation_id="repairClerkUsers",
    responses={
        200: example_of(_REPAIRED),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, ClerkNotSet, ClerkAway, Unavailable),
    },
)
async def repair_users(
    acting: Annotated[Acting, allowed(Action.MANAGE_MEMBERS)], request: Request, control: Control
) -> ClerkRepair:
    """All users as Clerk has them now, whatever webhooks were missed; a second time nothing.

    It reaches beyond the workspace, yet whoever asks decides nothing: it does what Clerk's own
    webhooks would have done, and shows no more than four numbers.
    """
    clerk = clerk_of(request)
    if clerk is None or clerk.repair is None:
        raise ClerkNotSet
    try:
        done = await clerk.repair.run()
    except Away as error:
        told = {"retry-after": str(error.retry_after_seconds)}
        raise ClerkAway(str(error), headers=told) from None
    workspace_id = acting.workspace.id
    async with transaction(control, workspace_id=workspace_id) as db:
        await record(db, workspace_id, acting.actor, "clerk.repaired")
    return ClerkRepair.model_validate(done, from_attributes=True)
