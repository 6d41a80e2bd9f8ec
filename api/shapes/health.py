"""The shapes of `/health` and `/ready`."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict


class Health(TypedDict):
    """The process runs and answers."""

    status: Literal["ok"]


class Ready(TypedDict):
    """Every part that an answer needs is there."""

    status: Literal["ready", "not-ready"]
    missing: Annotated[
        list[str],
        Field(examples=[["view readmodels.ad_day"]], description="What is not there, by name"),
    ]
