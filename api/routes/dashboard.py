"""`GET /dashboard/unified`: the whole dashboard in one answer."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, JsonValue

from api.dashboard.ask import Asked, ask
from api.dashboard.build import build
from api.dashboard.example import DASHBOARD
from api.deps import Reader
from api.shapes.dashboard import Dashboard
from readmodels.queries.elapsed import known_zone
from readmodels.queries.ranges import (
    LONGEST_DAYS,
    ComparisonMode,
    RangeInvalid,
    Timeframe,
    compared_with,
    resolve,
    today_in,
)
from readmodels.semantic.catalogue import BY_ID
from readmodels.semantic.query import Order
from web.callers import InWorkspace, NotAllowed, NotSignedIn, NoWorkspace
from web.problems import InvalidRequest, Problem, Unavailable, problems

router = APIRouter(tags=["Dashboard"])
_encode = msgspec.json.Encoder().encode
_METRIC_IDS: dict[str, JsonValue] = {"enum": [*BY_ID]}


def _known_metric(metric: str) -> str:
    if metric not in BY_ID:
        raise ValueError(f"No such metric; there are {', '.join(BY_ID)}.")
    return metric


def _ordered(metric: str, order: Literal["best", "asc", "desc"]) -> Order:
    return Order(metric) if order == "best" else Order.directed(metric, descending=order == "desc")


class InvalidRange(Problem):
    """Dates that are missing, reversed or too far apart; `detail` says which."""

    status, code, title = 422, "invalid-range", "These dates cannot be asked for"
    meaning = (
        "The dates are missing, in the wrong order, before 2000, after 2099, or more than "
        f"{LONGEST_DAYS} in number; `detail` says which."
    )
    remedy = "Ask for other dates."


@router.get(
    "/dashboard/unified",
    operation_id="readDashboard",
    response_model=Dashboard,
    responses={
        200: {"content": {"application/json": {"example": DASHBOARD}}},
        **problems(NotSignedIn, NoWorkspace, NotAllowed, InvalidRequest, InvalidRange, Unavailable),
    },
)
async def read_dashboard(
    db: Reader,
    workspace: InWorkspace,
    timeframe: Annotated[
        Timeframe, Query(description="Last N days end with today; `custom` reads `from` and `to`")
    ] = Timeframe.LAST_28_DAYS,
    first: Annotated[date | None, Query(alias="from", examples=["2026-10-01"])] = None,
    last: Annotated[date | None, Query(alias="to", examples=["2026-10-31"])] = None,
    comparison: Annotated[
        ComparisonMode,
        Query(
            description="`custom` reads `comparison_from` and `comparison_to`; if they hold more "
            "days than the range, the first count"
        ),
    ] = ComparisonMode.PREVIOUS_PERIOD,
    comparison_from: Annotated[date | None, Query(examples=["2026-09-01"])] = None,
    comparison_to: Annotated[date | None, Query(examples=["2026-09-30"])] = None,
    match_weekdays: Annotated[
        bool, Query(description="Move the comparison by whole weeks, so that weekdays agree")
    ] = True,
    metric: Annotated[
        str,
        AfterValidator(_known_metric),
        Query(description="Orders the campaigns", json_schema_extra=_METRIC_IDS),
    ] = "spend",
    order: Annotated[
        Literal["best", "asc", "desc"],
        Query(description="Which campaigns come first: the best, those with the least, the most"),
    ] = "best",
) -> Response:
    """Tiles with deltas and sparklines, charts, top campaigns, spend mix and freshness.

    One consistent instant: `meta.position` names the events that all figures include.
    """
    now = datetime.now(UTC)
    today = today_in(known_zone(workspace.zone, "UTC"), now)
    try:
        span = resolve(timeframe, today, first, last)
        other = compared_with(
            comparison, timeframe, span, match_weekdays, comparison_from, comparison_to
        )
    except RangeInvalid as invalid:
        raise InvalidRange(str(invalid)) from None
    asked = Asked(
        workspace=workspace,
        timeframe=timeframe,
        span=span,
        mode=comparison,
        other=other,
        match_weekdays=match_weekdays,
        order=_ordered(metric, order),
        now=now,
    )
    return Response(_encode(build(await ask(db, asked))), media_type="application/json")
