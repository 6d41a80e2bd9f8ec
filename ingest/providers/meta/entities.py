"""Accounts, campaigns, ad sets and ads: what is asked for, and the way to entity events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from ingest.amounts import UnreadableNumber, micros_of_minor_units
from ingest.providers.errors import Unreadable
from ingest.providers.meta.observations import PROVIDER, Read
from schemas.ad_entities import AdEntity, Entity, entity_event_id
from schemas.ad_metrics import Level

ACCOUNT_FIELDS = "id,account_id,name,account_status,currency,timezone_name"

_LONGEST_NAME = 1024  # of schemas.limits.Label

_ACCOUNT_STATUS: Mapping[int, str] = {
    1: "ACTIVE",
    2: "DISABLED",
    3: "UNSETTLED",
    7: "PENDING_RISK_REVIEW",
    8: "PENDING_SETTLEMENT",
    9: "IN_GRACE_PERIOD",
    100: "PENDING_CLOSURE",
    101: "CLOSED",
}

_WHOLE_UNITS = frozenset(
    ("CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND")
)
"""Currencies whose smallest unit at Meta is the whole one. All others have hundredths there,
three-decimal dinars too: Meta's own table of offsets, not ISO 4217's exponents."""

_STATUSES = ("ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES")


class AccountNode(msgspec.Struct, frozen=True):
    """An ad account as Meta tells it."""

    account_id: str
    currency: str
    timezone_name: str
    name: str = ""
    account_status: int | None = None


class EntityNode(msgspec.Struct, frozen=True):
    """A campaign, ad set or ad as Meta tells it; budgets are text in the smallest unit."""

    id: str
    name: str = ""
    effective_status: str = ""
    campaign_id: str | None = None
    adset_id: str | None = None
    daily_budget: str | None = None
    lifetime_budget: str | None = None
    updated_time: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A list under an account. By itself Meta leaves out what was deleted or archived."""

    path: str
    level: Level
    fields: str
    statuses: tuple[str, ...]


_COMMON = "id,name,effective_status,updated_time"

EDGES = (
    Edge("campaigns", "campaign", f"{_COMMON},daily_budget,lifetime_budget", _STATUSES),
    Edge(
        "adsets",
        "adset",
        f"{_COMMON},campaign_id,daily_budget,lifetime_budget",
        (*_STATUSES, "CAMPAIGN_PAUSED"),
    ),
    Edge(
        "ads",
        "ad",
        f"{_COMMON},campaign_id,adset_id",
        (
            *_STATUSES,
            "CAMPAIGN_PAUSED",
            "ADSET_PAUSED",
            "DISAPPROVED",
            "PENDING_REVIEW",
            "PREAPPROVED",
            "PENDING_BILLING_INFO",
        ),
    ),
)


def edge_query(edge: Edge) -> dict[str, str]:
    """Everything of the edge, whatever its status."""
    return {
        "fields": edge.fields,
        "effective_status": msgspec.json.encode(edge.statuses).decode(),
    }


def account_event(node: AccountNode, read: Read) -> AdEntity:
    """The account: it alone has a zone."""
    status = node.account_status
    return _event(
        read,
        Entity(
            provider=PROVIDER,
            account_id=read.account_id,
            level="account",
            entity_id=read.account_id,
            campaign_id=None,
            adset_id=None,
            name=_name(node.name),
            status=_ACCOUNT_STATUS.get(status, str(status)) if status is not None else "",
            currency=node.currency,
            zone=node.timezone_name,
            daily_budget_micros=None,
            lifetime_budget_micros=None,
            updated_at=None,
            observed_at=read.observed_at,
        ),
    )


def entity_event(level: Level, node: EntityNode, read: Read) -> AdEntity:
    """A campaign, ad set or ad, with the ids at and above its level."""
    currency = read.facts.currency
    return _event(
        read,
        Entity(
            provider=PROVIDER,
            account_id=read.account_id,
            level=level,
            entity_id=node.id,
            campaign_id=node.id if level == "campaign" else node.campaign_id,
            adset_id=node.id if level == "adset" else node.adset_id,
            name=_name(node.name),
            status=_name(node.effective_status),
            currency=currency,
            zone=None,
            daily_budget_micros=_budget(node.daily_budget, currency),
            lifetime_budget_micros=_budget(node.lifetime_budget, currency),
            updated_at=_instant(node.updated_time),
            observed_at=read.observed_at,
        ),
    )


def _event(read: Read, body: Entity) -> AdEntity:
    return AdEntity(
        v=1, event_id=entity_event_id(read.workspace_id, body), body=body, **read.shared
    )


def _budget(text: str | None, currency: str) -> int | None:
    """None where there is no budget at this level, which Meta also writes as 0."""
    if text is None or text == "0":
        return None
    try:
        return micros_of_minor_units(text, 1 if currency in _WHOLE_UNITS else 100)
    except UnreadableNumber as error:
        raise Unreadable(f"budget: {error}") from error


def _name(text: str) -> str:
    """What a person typed, without what PostgreSQL cannot hold."""
    return text.replace("\x00", "")[:_LONGEST_NAME]


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except ValueError as error:
        raise Unreadable(f"{text!r} is no time of Meta's") from error
