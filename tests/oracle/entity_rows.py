"""Rows of what accounts, campaigns, ad sets and ads are called and how they stand."""

from collections.abc import Iterable
from typing import Any

from tests.oracle.facts import Entity, Fact, instant

Row = tuple[Any, ...]

SAID = (
    "campaign_id", "adset_id", "name", "status", "currency", "zone",
    "daily_budget_micros", "lifetime_budget_micros",
)  # fmt: skip


def entity_rows(facts: Iterable[Fact]) -> dict[str, list[Row]]:
    """Each entity as it was last seen, and its status on each UTC day on which it was seen."""
    newest: dict[Row, Entity] = {}
    on_day: dict[Row, Entity] = {}
    seen = (fact for fact in facts if isinstance(fact, Entity))
    for entity in sorted(seen, key=lambda entity: (entity.observed_at, entity.event_id)):
        account = entity.account
        key = (
            account.workspace, account.provider, account.account, entity.level, entity.entity,
        )  # fmt: skip
        newest[key] = entity
        on_day[(*key, instant(entity.observed_at).date())] = entity
    return {
        "ad_entity": [
            (*key, *(entity.says[name] for name in SAID), instant(entity.observed_at))
            for key, entity in newest.items()
        ],
        "ad_entity_status": [
            (*key, entity.says["status"], instant(entity.observed_at))
            for key, entity in on_day.items()
        ],
    }
