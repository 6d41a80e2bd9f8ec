"""Tables of `ad_entities`: the tree of accounts, campaigns, ad sets and ads as it is now."""

from sqlalchemy import Date, MetaData, Table, Text, Uuid

from readmodels.tables.columns import instant, key, value, workspace

_metadata = MetaData()

ad_entity = Table(
    "ad_entity",
    _metadata,
    workspace(),
    key("provider"),
    key("account_id"),
    key("level"),
    key("entity_id"),
    instant("observed_at"),
    value("event_id", Uuid),
    value("campaign_id", Text, nullable=True),
    value("adset_id", Text, nullable=True),
    value("name", Text),
    value("status", Text),
    value("currency", Text, nullable=True),
    value("zone", Text, nullable=True),
    value("daily_budget_micros", nullable=True),
    value("lifetime_budget_micros", nullable=True),
    instant("updated_at", nullable=True),
    comment="The newest description of each entity.",
)

ad_entity_status = Table(
    "ad_entity_status",
    _metadata,
    workspace(),
    key("provider"),
    key("account_id"),
    key("level"),
    key("entity_id"),
    key("known_on", Date),
    instant("observed_at"),
    value("event_id", Uuid),
    value("status", Text),
    comment="An entity's last status of each UTC day on which it was read.",
)

TABLES = (ad_entity, ad_entity_status)

VIEWS = {
    "ad_entity": """
        SELECT workspace_id, provider, account_id, level, entity_id, campaign_id, adset_id, name,
            status, currency, zone, daily_budget_micros, lifetime_budget_micros, observed_at
        FROM {schema}.ad_entity""",
    "ad_entity_status": """
        SELECT workspace_id, provider, account_id, level, entity_id, known_on, status, observed_at
        FROM {schema}.ad_entity_status""",
}
