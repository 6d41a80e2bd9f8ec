"""`GET /live`: the stream of changes of the session's workspace."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from accounts.permissions import Action
from api.live.stream import LiveStream, TooManyStreams
from api.shapes.live import LiveEvent
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.credentials import credential_of
from web.problems import Unavailable, problems

router = APIRouter(tags=["Live"])

_POSITION = "ad_windows.v1/ad-metrics/0=1043,sync_status.v1/sync-runs/0=77"
_EXAMPLE = f"""\
retry: 2000

event: change
id: {_POSITION}
data: {{"position":"{_POSITION}","at":"2026-11-20T12:41:08Z","today":[{{"provider":"meta",\
"account_id":"act_1001","day":"2026-11-20","currency":"EUR","spend_micros":54230000,\
"impressions":9120,"clicks":211,"link_clicks":160}}],"changed":[{{"projection":"ad_windows",\
"provider":"meta","account_id":"act_1001","days":["2026-11-20"]}}]}}

: still here

"""


@router.get(
    "/live",
    operation_id="streamLive",
    status_code=200,
    response_class=LiveStream,
    responses={
        200: {
            "model": LiveEvent,
            "description": "Events `snapshot`, `change`, `reset`; a comment every 10 s",
            "content": {"text/event-stream": {"example": _EXAMPLE}},
        },
        **problems(NotSignedIn, NoWorkspace, NotAllowed, TooManyStreams, Unavailable),
    },
)
async def stream_live(
    request: Request,
    by: Annotated[Acting, allowed(Action.READ, is_counted=False)],
    header: Annotated[str | None, Header(alias="last-event-id")] = None,
    query: Annotated[
        str | None,
        Query(
            alias="last_event_id",
            examples=[_POSITION],
            description="The position that the client has, where it cannot set Last-Event-ID",
        ),
    ] = None,
) -> LiveStream:
    """What changed, as it changes, with today's totals of each account.

    A client at the current position gets nothing at first; one that is behind, or unknown, a
    `snapshot`; one that is ahead a `reset`, then a `snapshot`. After `change`, fetch again what is
    shown of the dates named. The stream ends when the session or the API key does, or the client
    is too slow.
    """
    return LiveStream(
        request.app.state.hub, by.actor, by.workspace, credential_of(request), header or query
    )
