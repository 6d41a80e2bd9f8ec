"""What one raw record says, read by the standard library alone; what says nothing is poison."""

from collections.abc import Callable
from typing import Any

from tests.oracle.facts import (
    KINDS,
    LEVELS,
    Account,
    Coverage,
    Day,
    Entity,
    Fact,
    Hours,
    Place,
    Record,
    Request,
    Run,
)
from tests.oracle.fields import (
    CURRENCY,
    ID,
    LABEL,
    LARGEST_CONVERSION,
    SOURCE,
    WORD,
    Fields,
    PoisonError,
    figure_of,
    parsed,
    text_of,
)

TYPES = {
    "ad-metrics": ("hours_observation", "day_observation", "coverage"),
    "ad-entities": ("ad_entity",),
    "sync-requests": ("sync_requested",),
    "sync-runs": ("sync_run",),
}

ANY_YEAR = range(1, 10_000)


def fact_of(record: Record) -> Fact:
    """What the record says; raises PoisonError if it says nothing that can be used."""
    if record.value is None:
        raise PoisonError("no value")
    envelope = Fields(parsed(record.value))
    event_id = envelope.uuid("event_id")
    workspace = envelope.uuid("workspace_id")
    envelope.instant("occurred_at", ANY_YEAR)
    envelope.instant("recorded_at", ANY_YEAR)
    envelope.text("source", SOURCE)
    if envelope.whole("v") != 1:
        raise PoisonError("unknown version")
    kind = envelope.text("type", LABEL)
    if kind not in TYPES[record.topic]:
        raise PoisonError("unknown type")
    return _READERS[kind](envelope.fields("body"), workspace, event_id)


def _account(body: Fields, workspace: str) -> Account:
    return Account(workspace, body.text("provider", WORD), body.text("account_id", ID))


def _place(body: Fields) -> Place:
    level = body.one_of("level", LEVELS)
    names = ("campaign_id", "adset_id", "ad_id")
    ids = [body.maybe_text(name, ID) or "" for name in names]
    depth = LEVELS.index(level)
    if depth and not ids[depth - 1]:
        raise PoisonError("the level's own id is missing")
    if any(ids[depth:]):
        raise PoisonError("an id below the level")
    return Place(level, (ids[0], ids[1], ids[2]))


def _reading(body: Fields, workspace: str, event_id: str) -> dict[str, Any]:
    return {
        "account": _account(body, workspace),
        "place": _place(body),
        "day": body.day("day"),
        "currency": body.text("currency", CURRENCY),
        "observed_at": body.instant("observed_at"),
        "event_id": event_id,
    }


def _hours(body: Fields, workspace: str, event_id: str) -> Hours:
    lengths = body.take("hour_seconds")
    if not isinstance(lengths, list) or len(lengths) != 24:
        raise PoisonError("a day has 24 labels")
    if max(map(figure_of, lengths)) > 10_800:
        raise PoisonError("a label of more than three hours")
    figures: dict[int, tuple[int, ...]] = {}
    for label, *values in body.rows("hours", 5, 24):
        if figure_of(label) > 23 or label in figures:
            raise PoisonError("a label is unknown or told twice")
        figures[label] = tuple(map(figure_of, values))
    return Hours(
        **_reading(body, workspace, event_id),
        starts_at=body.instant("day_starts_at"),
        lengths=tuple(lengths),
        figures=figures,
    )


def _day(body: Fields, workspace: str, event_id: str) -> Day:
    conversions: dict[tuple[str, str], tuple[int, ...]] = {}
    for goal, window, *values in body.rows("conversions", 4, 500):
        name = (text_of(goal, WORD), text_of(window, WORD))
        if name in conversions:
            raise PoisonError("a conversion is told twice")
        conversions[name] = tuple(
            figure_of(value, -LARGEST_CONVERSION, LARGEST_CONVERSION) for value in values
        )
    delivery = None
    if body.take("delivery") is not None:
        told = body.fields("delivery")
        names = ("spend_micros", "impressions", "clicks", "link_clicks")
        delivery = tuple(told.whole(name) for name in names)
    return Day(**_reading(body, workspace, event_id), conversions=conversions, delivery=delivery)


def _coverage(body: Fields, workspace: str, event_id: str) -> Coverage:
    return Coverage(
        account=_account(body, workspace),
        level=body.one_of("level", LEVELS),
        kind=body.one_of("kind", KINDS),
        day=body.day("day"),
        observed_at=body.instant("observed_at"),
        event_id=event_id,
    )


def _entity(body: Fields, workspace: str, event_id: str) -> Entity:
    body.maybe("updated_at", "instant")
    return Entity(
        account=_account(body, workspace),
        level=body.one_of("level", LEVELS),
        entity=body.text("entity_id", ID),
        observed_at=body.instant("observed_at"),
        event_id=event_id,
        says={
            "campaign_id": body.maybe_text("campaign_id", ID),
            "adset_id": body.maybe_text("adset_id", ID),
            "name": body.text("name", LABEL),
            "status": body.text("status", LABEL),
            "currency": body.maybe_text("currency", CURRENCY),
            "zone": body.maybe_text("zone", LABEL),
            "daily_budget_micros": body.maybe("daily_budget_micros", "whole"),
            "lifetime_budget_micros": body.maybe("lifetime_budget_micros", "whole"),
        },
    )


def _run(body: Fields, workspace: str, event_id: str) -> Run:
    days = None
    if body.take("days") is not None:
        span = body.fields("days")
        days = (span.day("from"), span.day("to"))
        if days[1] < days[0]:
            raise PoisonError("days end before they start")
    return Run(
        workspace=workspace,
        event_id=event_id,
        run=body.uuid("run_id"),
        connection=body.uuid("connection_id"),
        kind=body.text("kind", WORD) if "kind" in body.members else None,
        observed_at=body.maybe("observed_at", "instant"),
        finished_at=body.instant("finished_at"),
        outcome=body.one_of("outcome", ("ok", "throttled", "failed")),
        days=days,
        says={
            "provider": body.text("provider", WORD),
            "account_id": body.text("account_id", ID),
            "piece": body.text("piece", LABEL),
            "started_at": body.instant("started_at"),
            "reason": body.maybe_text("reason", LABEL),
            "next_step": body.maybe_text("next_step", LABEL),
            "retry_at": body.maybe("retry_at", "instant"),
            "rows": body.whole("rows"),
            "events": body.whole("events"),
        },
    )


def _request(body: Fields, workspace: str, event_id: str) -> Request:
    return Request(
        workspace=workspace,
        event_id=event_id,
        requested_at=body.instant("requested_at"),
        says={
            "provider": body.text("provider", WORD),
            "connection_id": body.uuid("connection_id"),
            "account_id": body.text("account_id", ID),
            "piece": body.text("piece", LABEL),
            "requested_by": body.text("requested_by", LABEL),
        },
    )


_READERS: dict[str, Callable[[Fields, str, str], Fact]] = {
    "hours_observation": _hours,
    "day_observation": _day,
    "coverage": _coverage,
    "ad_entity": _entity,
    "sync_run": _run,
    "sync_requested": _request,
}
