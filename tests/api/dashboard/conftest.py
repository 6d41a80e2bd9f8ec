"""A dashboard of a workspace at a chosen instant."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from accounts.permissions import Role
from accounts.session import Workspace
from api.dashboard.ask import Asked, ask
from api.dashboard.build import build
from readmodels.queries.elapsed import known_zone
from readmodels.queries.ranges import (
    ComparisonMode,
    DateRange,
    Timeframe,
    compared_with,
    resolve,
    today_in,
)
from readmodels.semantic.query import Order
from tests.readmodels.conftest import Reading, reading, world

__all__ = ["reading", "world"]

Show = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def show(reading: Reading) -> Show:
    """The dashboard's answer, as the route makes it, but at the instant `now`."""

    async def made(
        workspace_id: UUID,
        now: datetime,
        timeframe: str = "today",
        *,
        span: tuple[date, date] | None = None,
        other: tuple[date, date] | None = None,
        mode: str = "previous_period",
        match_weekdays: bool = True,
        metric: str = "spend",
        worst: bool = False,
        zone: str = "UTC",
        currency: str = "USD",
    ) -> dict[str, Any]:
        chosen = Timeframe.CUSTOM if span else Timeframe(timeframe)
        dates = DateRange(*span) if span else resolve(chosen, today_in(zone, now))
        comparison = ComparisonMode.CUSTOM if other else ComparisonMode(mode)
        ends = other or (None, None)
        asked = Asked(
            Workspace(workspace_id, "Acme", False, Role.VIEWER, currency, zone, "monday"),
            chosen,
            dates,
            comparison,
            compared_with(comparison, chosen, dates, match_weekdays, *ends),
            match_weekdays,
            Order(metric, worst),
            now,
        )
        assert known_zone(zone, "UTC") == zone
        async with reading(workspace_id) as db:
            return dict(build(await ask(db, asked)))

    return made


def kpi(answer: dict[str, Any], metric: str) -> dict[str, Any]:
    """The tile of a metric."""
    return next(each for each in answer["kpis"] if each["metric"] == metric)


def codes(answer: dict[str, Any]) -> list[str]:
    """The codes of the answer's warnings."""
    return [each["code"] for each in answer["meta"]["warnings"]]
