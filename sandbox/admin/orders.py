"""Orders as they come in: JSON objects with instants and dates, read strictly."""

import json
from datetime import date, datetime
from typing import Any, cast

from starlette.requests import Request


class OrderError(ValueError):
    """An order that cannot be carried out; says why."""


async def read_order(request: Request) -> dict[str, Any]:
    """The request's body, which is a JSON object; nothing is an empty one."""
    try:
        told = json.loads(await request.body() or b"{}")
    except ValueError as malformed:
        raise OrderError("the body must be JSON") from malformed
    if not isinstance(told, dict):
        raise OrderError("the body must be a JSON object")
    return cast("dict[str, Any]", told)


def read_instant(text: object) -> int:
    """Unix seconds of an RFC 3339 text with an offset."""
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as malformed:
        raise OrderError("an instant must be RFC 3339, like 2026-11-20T12:00:00Z") from malformed
    if instant.tzinfo is None:
        raise OrderError("an instant must name its offset, like 2026-11-20T12:00:00Z")
    return int(instant.timestamp())


def read_date(text: str | None, name: str) -> date | None:
    """A date, if there is one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as malformed:
        raise OrderError(f"{name} must be YYYY-MM-DD") from malformed
