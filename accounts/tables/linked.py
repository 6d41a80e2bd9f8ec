"""What a workspace has linked, and what pollers are to read of it; made by `migrations/`."""

from sqlalchemy import Column, Date, Integer, LargeBinary, SmallInteger, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from accounts.tables.columns import instant, key, metadata, since, until, value

connections = Table(
    "connections",
    metadata,
    key("workspace_id"),
    key("connection_id"),
    value("provider", Text),
    value("account_id", Text),  # the platform's own, of Meta the digits alone
    value("label", Text),
    value("state", Text),
    Column("reason", Text),  # why it fails; this and the next three are null if it does not
    Column("next_step", Text),
    instant("failing_since"),
    instant("retry_at"),  # no piece of it is taken before
    Column("zone", Text),  # null until the platform has said it
    Column("currency", String(3)),
    since("created_at"),
    Column("token_id", Uuid),  # null: it has none, and is to be connected again
    instant("disconnected_at"),
)

poll_work = Table(
    "poll_work",
    metadata,
    key("workspace_id"),
    key("connection_id"),
    key("piece", Text),  # unique in its connection, e.g. "hours/2026-11-01/2026-11-07"
    value("kind", Text),
    Column("day_from", Date),
    Column("day_to", Date),  # inclusive
    value("reason", Text),
    value("state", Text, "'due'"),
    value("priority", SmallInteger, "0"),  # the higher is taken first
    since("due_at"),
    Column("lease_id", Uuid),
    Column("lease_owner", Text),
    instant("lease_until"),
    instant("again_at"),  # asked for while it was leased
    value("attempts", Integer, "0"),  # takes since it last went well
    Column("cursor", JSONB(none_as_null=True)),
    since("created_at"),
    instant("done_at"),  # when it last went well
    instant("failed_at"),
    Column("last_error", Text),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    key("workspace_id"),
    key("state_digest", LargeBinary),  # SHA-256 of the state that travels
    value("session_id", Uuid),  # who alone may bring it back
    value("user_id", Uuid),
    value("provider", Text),
    Column("shop", Text),  # Shopify's
    Column("connection_id", Uuid),  # to be connected again; null: a new one
    Column("verifier", Text),  # PKCE's
    since("created_at"),
    until("expires_at"),
    instant("used_at"),
)
