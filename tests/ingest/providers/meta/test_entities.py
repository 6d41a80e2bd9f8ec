"""Recorded accounts, campaigns, ad sets and ads to entity events."""

from datetime import UTC, datetime

import pytest

from ingest.providers.meta.client import Page
from ingest.providers.meta.entities import AccountNode, EntityNode, account_event, entity_event
from ingest.record import record
from schemas.ad_entities import Entity
from schemas.ad_metrics import Level
from schemas.topics import Topic
from tests.ingest.providers.meta.recorded import read, reply


def entity(name: str, level: Level, currency: str = "USD") -> Entity:
    """The one entity of a recorded list."""
    (node,) = reply(name, Page[EntityNode]).data
    return entity_event(level, node, read(currency)).body


def test_an_account_tells_its_currency_and_zone() -> None:
    """And its status as a word; Meta sends a number."""
    body = account_event(reply("account", AccountNode), read()).body
    assert (body.entity_id, body.currency, body.zone) == ("1", "USD", "America/New_York")
    assert (body.name, body.status) == ("Defang Labs", "ACTIVE")


def test_an_ad_stands_below_its_ad_set_and_campaign() -> None:
    """Its own id is the entity's."""
    body = entity("ads", "ad")
    assert (body.entity_id, body.adset_id, body.campaign_id) == ("122", "121", "120")


def test_the_status_is_the_effective_one() -> None:
    """An ad set whose campaign is paused does not run, whatever its own switch says."""
    assert entity("adsets", "adset").status == "CAMPAIGN_PAUSED"


@pytest.mark.parametrize(
    ("currency", "micros"),
    [("USD", 50_000_000), ("JPY", 5_000_000_000), ("HUF", 5_000_000_000), ("KWD", 50_000_000)],
)
def test_a_budget_is_in_metas_smallest_units(currency: str, micros: int) -> None:
    """5000 are 50.00 dollars, 5000 yen, and by Meta's own table 5000 forints and 50 dinars."""
    assert entity("campaigns", "campaign", currency).daily_budget_micros == micros


def test_a_budget_of_zero_is_none() -> None:
    """The ad set's campaign holds the budget, or it has one for its lifetime."""
    body = entity("adsets", "adset")
    assert (body.daily_budget_micros, body.lifetime_budget_micros) == (None, 1_200_500_000)


def test_a_time_with_an_offset_becomes_utc() -> None:
    """Meta writes the offset without a colon."""
    assert entity("campaigns", "campaign").updated_at == datetime(2026, 4, 14, 1, 4, 59, tzinfo=UTC)


def test_a_name_loses_what_postgresql_cannot_hold() -> None:
    """A typed NUL must not cost a dead letter."""
    (node,) = reply("ads", Page[EntityNode]).data
    event = entity_event("ad", node, read())
    assert event.body.name == "Video A"
    assert record(event).lane.topic is Topic.AD_ENTITIES
