"""The shapes of `GET /live`: what each event of the stream carries as data."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from api.shapes.parts import Day, Instant, Position


class Today(TypedDict):
    """An account's delivery on the date that its own calendar shows."""

    provider: Annotated[str, Field(examples=["meta"])]
    account_id: Annotated[str, Field(examples=["act_1001"])]
    day: Day
    currency: Annotated[str, Field(examples=["EUR"])]
    spend_micros: Annotated[int, Field(examples=[182_340_000])]
    impressions: int
    clicks: int
    link_clicks: int


class Changed(TypedDict):
    """What moved; null means: any of them."""

    projection: Annotated[str, Field(examples=["ad_windows"])]
    provider: str | None
    account_id: str | None
    days: Annotated[list[str] | None, Field(examples=[["2026-11-20"]])]


class LiveEvent(TypedDict):
    """Data of the events `snapshot`, `change` and `reset`; the event's id is `position`.

    `snapshot`: fetch again whatever is shown. `change`: what `changed` names; where it names
    nothing, others' events moved the position on, and nothing is to be fetched. `reset`: positions
    went back (a topic was made anew): drop what is held; a `snapshot` follows.
    """

    position: Position
    at: Instant
    today: list[Today]
    changed: list[Changed]
