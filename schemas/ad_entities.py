"""Topic `ad-entities`: an account, campaign, ad set or ad as it is now."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from schemas.ad_metrics import Level
from schemas.envelope import Envelope, Instant, check_instant, deterministic_id
from schemas.limits import Count, Currency, Id, Label, Word, check_currency, check_word


class Entity(Struct, frozen=True, kw_only=True):
    """Name, place in the tree, status and budget of one entity when it was read.

    `status` is the platform's effective status in its own words; `zone` is an IANA name and
    only an account has one.
    """

    provider: Word
    account_id: Id
    level: Level
    entity_id: Id
    campaign_id: Id | None
    adset_id: Id | None
    name: Label
    status: Label
    currency: Currency | None
    zone: Label | None
    daily_budget_micros: Count | None
    lifetime_budget_micros: Count | None
    updated_at: Instant | None
    observed_at: Instant

    def __post_init__(self) -> None:
        check_word(self.provider)
        if self.currency is not None:
            check_currency(self.currency)
        for instant in (self.observed_at, self.updated_at):
            if instant is not None:
                check_instant(instant)


class AdEntity(Envelope, frozen=True, kw_only=True, tag_field="type", tag="ad_entity"):
    """An entity as a platform described it."""

    v: Literal[1]
    body: Entity


def entity_event_id(workspace_id: UUID, body: Entity) -> UUID:
    """The id of an entity's description: a hash of all it says."""
    return deterministic_id(workspace_id, "ad_entity", body)
