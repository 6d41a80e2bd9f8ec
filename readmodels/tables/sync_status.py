"""Tables of `sync_status`: what pollers were asked and did, and how far each connection reaches."""

from sqlalchemy import Date, MetaData, Table, Text, Uuid

from readmodels.tables.columns import instant, key, value, workspace

_metadata = MetaData()

sync_request = Table(
    "sync_request",
    _metadata,
    workspace(),
    key("event_id", Uuid),
    value("provider", Text),
    value("connection_id", Uuid),
    value("account_id", Text),
    value("piece", Text),
    instant("requested_at"),
    value("requested_by", Text),
    comment="What was asked of a poller.",
)

sync_run = Table(
    "sync_run",
    _metadata,
    workspace(),
    key("run_id", Uuid),
    instant("finished_at"),
    value("event_id", Uuid),
    value("provider", Text),
    value("connection_id", Uuid),
    value("account_id", Text),
    value("piece", Text),
    instant("started_at"),
    instant("observed_at", nullable=True),
    value("outcome", Text),
    value("reason", Text, nullable=True),
    value("next_step", Text, nullable=True),
    instant("retry_at", nullable=True),
    value("data_from", Date, nullable=True),
    value("data_through", Date, nullable=True),
    value("rows"),
    value("events"),
    comment="How each attempt to read a piece of a connection ended.",
)

connection_freshness = Table(
    "connection_freshness",
    _metadata,
    workspace(),
    key("connection_id", Uuid),
    value("provider", Text),
    value("account_id", Text),
    instant("last_finished_at"),
    value("last_event_id", Uuid),
    value("last_outcome", Text),
    value("last_reason", Text, nullable=True),
    value("last_next_step", Text, nullable=True),
    instant("observed_until", nullable=True),
    instant("last_success_at", nullable=True),
    value("data_from", Date, nullable=True),
    value("data_through", Date, nullable=True),
    comment="How far a connection's figures reach, and how its last sync ended.",
)

TABLES = (sync_request, sync_run, connection_freshness)

VIEWS = {
    "sync_request": """
        SELECT workspace_id, provider, connection_id, account_id, piece, requested_at, requested_by
        FROM {schema}.sync_request""",
    "sync_run": """
        SELECT workspace_id, run_id, provider, connection_id, account_id, piece, started_at,
            observed_at, finished_at, outcome, reason, next_step, retry_at, data_from, data_through,
            rows, events
        FROM {schema}.sync_run""",
    "connection_freshness": """
        SELECT workspace_id, connection_id, provider, account_id, observed_until, last_outcome,
            last_reason, last_next_step, last_finished_at, last_success_at, data_from, data_through
        FROM {schema}.connection_freshness""",
}
