"""People, their workspaces, and what they may enter by; made by `migrations/`."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from accounts.tables.columns import instant, key, metadata, since, until, value

users = Table(
    "users",
    metadata,
    key("user_id"),
    value("email", Text),  # normalised, unique
    value("name", Text),
    Column("password_hash", Text),  # argon2id; not even the control role may read it; null: Clerk's
    since("created_at"),
)

workspaces = Table(
    "workspaces",
    metadata,
    key("workspace_id"),
    value("name", Text),
    value("zone", Text),
    value("currency", String(3)),
    value("week_start", Text),
    value("is_demo", Boolean),
    since("created_at"),
)

memberships = Table(
    "memberships",
    metadata,
    key("workspace_id"),
    key("user_id"),
    value("role", Text),
    since("created_at"),
)

sessions = Table(
    "sessions",
    metadata,
    key("session_id"),
    value("session_digest", LargeBinary),  # SHA-256 of the id that the cookie holds
    value("user_id", Uuid),
    Column("workspace_id", Uuid),  # the one they act in; null once they are no member
    Column("agent", Text),  # what they signed in with, in words: "Firefox on Linux"
    since("created_at"),
    until("expires_at"),
    since("last_used_at"),  # to five minutes
    instant("revoked_at"),
    value("is_clerk", Boolean, "false"),  # opened by Clerk's token, not by a cookie of ours
)

invitations = Table(
    "invitations",
    metadata,
    key("workspace_id"),
    key("invitation_id"),
    value("token_digest", LargeBinary),  # SHA-256 of what the link holds
    Column("email", Text),  # normalised; who alone may accept; null: whoever has the link
    value("role", Text),
    Column("invited_by", Uuid),
    since("created_at"),
    until("expires_at"),
    instant("accepted_at"),
    Column("accepted_by", Uuid),
    instant("revoked_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    key("workspace_id"),
    key("key_id"),
    value("name", Text),
    value("hint", Text),  # its first characters, by which people tell keys apart
    value("key_digest", LargeBinary),  # SHA-256 of the key
    value("scopes", ARRAY(Text)),
    Column("created_by", Uuid),
    since("created_at"),
    instant("expires_at"),
    instant("last_used_at"),  # to a minute
    instant("revoked_at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    key("workspace_id"),
    Column("entry_id", Uuid, primary_key=True, server_default="gen_random_uuid()"),
    since("at"),
    value("actor_kind", Text),  # "user", "api-key" or "system"
    Column("actor_id", Uuid),
    value("action", Text),  # "member.role-changed"
    Column("target_id", Text),
    value("details", JSONB),
)

clerk_users = Table(
    "clerk_users",
    metadata,
    key("clerk_id", Text),
    Column("user_id", Uuid),  # null: deleted there, and so gone here
    value("updated_ms", BigInteger),  # Clerk's own instant: what is older changes nothing
    value("is_deleted", Boolean),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    key("source", Text),
    key("delivery_id", Text),
    value("body_digest", LargeBinary),
    since("received_at"),
)
