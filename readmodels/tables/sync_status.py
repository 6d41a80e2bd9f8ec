"""Tables of `sync_status`: what pollers were asked and did, and how far each connection reaches."""

from sqlalchemy import Date, Index, MetaData, Table, Text, Uuid, text

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
    # A connection's last run, and those that were throttled, among years of runs.
    Index("sync_run_newest", "workspace_id", "connection_id", "finished_at"),
    Index(
        "sync_run_throttled",
        *("workspace_id", "connection_id", "retry_at"),
        postgresql_where=text("outcome = 'throttled'"),
    ),
    comment="How each attempt to read a piece of a connection ended.",
)

connection_reach = Table(
    "connection_reach",
    _metadata,
    workspace(),
    key("connection_id", Uuid),
    key("kind"),
    value("provider", Text),
    value("account_id", Text),
    value("last_day", Date, nullable=True),
    instant("last_finished_at"),
    value("last_event_id", Uuid),
    value("last_outcome", Text),
    value("last_reason", Text, nullable=True),
    value("last_next_step", Text, nullable=True),
    instant("observed_until", nullable=True),
    instant("last_success_at", nullable=True),
    value("data_from", Date, nullable=True),
    value("data_through", Date, nullable=True),
    comment="How far a connection was read for each kind, and how the last read of it ended.",
)

TABLES = (sync_request, sync_run, connection_reach)

VIEWS = {
    "sync_request": """
        SELECT workspace_id, provider, connection_id, account_id, piece, requested_at, requested_by
        FROM {schema}.sync_request""",
    "sync_run": """
        SELECT workspace_id, run_id, provider, connection_id, account_id, piece, started_at,
            observed_at, finished_at, outcome, reason, next_step, retry_at, data_from, data_through,
            rows, events
        FROM {schema}.sync_run""",
    # Figures stand side by side, so that they reach as far as every kind was read: the latest first
    # date, the earliest last. A kind that was never read holds nothing back, save that figures by
    # day tell nothing of delivery. One kind's failure is not undone by another's success.
    "connection_freshness": """
        SELECT workspace_id, connection_id, provider, account_id,
            CASE WHEN is_known THEN observed_until END AS observed_until,
            last_outcome, last_reason, last_next_step, last_finished_at, last_success_at,
            CASE WHEN is_known THEN data_from END AS data_from,
            CASE WHEN is_known THEN data_through END AS data_through
        FROM (
            SELECT DISTINCT ON (workspace_id, connection_id)
                workspace_id, connection_id, provider, account_id,
                last_outcome, last_reason, last_next_step, last_finished_at,
                bool_or(kind <> 'day') FILTER (WHERE is_dated AND data_through IS NOT NULL)
                    OVER kinds AS is_known,
                min(observed_until) FILTER (WHERE is_dated) OVER kinds AS observed_until,
                min(last_success_at) FILTER (WHERE is_dated) OVER kinds AS last_success_at,
                max(data_from) FILTER (WHERE is_dated) OVER kinds AS data_from,
                min(data_through) FILTER (WHERE is_dated) OVER kinds AS data_through
            FROM (SELECT *, kind <> 'entities' AS is_dated FROM {schema}.connection_reach) r
            WINDOW kinds AS (PARTITION BY workspace_id, connection_id)
            ORDER BY workspace_id, connection_id,
                array_position(ARRAY['failed', 'throttled', 'ok'], last_outcome),
                last_finished_at DESC, last_event_id DESC
        ) shown""",
}
