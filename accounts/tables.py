"""The control schema as SQLAlchemy Core sees it; what makes it is in `migrations/`."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Function,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    func,
    literal,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTERVAL, JSONB
from sqlalchemy.sql.selectable import TableValuedAlias

SCHEMA = "control"
metadata = MetaData(schema=SCHEMA)


def _key(name: str, kind: Any = Uuid) -> Column[Any]:
    return Column(name, kind, primary_key=True)


def _value(name: str, kind: Any, default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=default)


def _instant(name: str) -> Column[Any]:
    """A moment at which something happened; null if it has not."""
    return Column(name, DateTime(timezone=True))


def _since(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default="now()")


users = Table(
    "users",
    metadata,
    _key("user_id"),
    _value("email", Text),  # normalised, unique
    _value("name", Text),
    _value("password_hash", Text),  # argon2id; not even the control role may read it
    _since("created_at"),
)

workspaces = Table(
    "workspaces",
    metadata,
    _key("workspace_id"),
    _value("name", Text),
    _value("zone", Text),
    _value("currency", String(3)),
    _value("week_start", Text),
    _value("is_demo", Boolean),
    _since("created_at"),
)

memberships = Table(
    "memberships",
    metadata,
    _key("workspace_id"),
    _key("user_id"),
    _value("role", Text),
    _since("created_at"),
)

sessions = Table(
    "sessions",
    metadata,
    _key("session_id"),
    _value("session_digest", LargeBinary),  # SHA-256 of the id that the cookie holds
    _value("user_id", Uuid),
    Column("workspace_id", Uuid),  # the one they act in; null once they are no member
    _since("created_at"),
    _value("expires_at", DateTime(timezone=True)),
    _since("last_used_at"),  # to five minutes
    _instant("revoked_at"),
)

connections = Table(
    "connections",
    metadata,
    _key("workspace_id"),
    _key("connection_id"),
    _value("provider", Text),
    _value("account_id", Text),  # the platform's own, of Meta the digits alone
    _value("label", Text),
    _value("state", Text),
    Column("reason", Text),  # why it fails; this and the next three are null if it does not
    Column("next_step", Text),
    _instant("failing_since"),
    _instant("retry_at"),  # no piece of it is taken before
    Column("zone", Text),  # null until the platform has said it
    Column("currency", String(3)),
    _since("created_at"),
)

poll_work = Table(
    "poll_work",
    metadata,
    _key("workspace_id"),
    _key("connection_id"),
    _key("piece", Text),  # unique in its connection, e.g. "hours/2026-11-01/2026-11-07"
    _value("kind", Text),
    Column("day_from", Date),
    Column("day_to", Date),  # inclusive
    _value("reason", Text),
    _value("state", Text, "'due'"),
    _value("priority", SmallInteger, "0"),  # the higher is taken first
    _since("due_at"),
    Column("lease_id", Uuid),
    Column("lease_owner", Text),
    _instant("lease_until"),
    _instant("again_at"),  # asked for while it was leased
    _value("attempts", Integer, "0"),  # takes since it last went well
    Column("cursor", JSONB(none_as_null=True)),
    _since("created_at"),
    _instant("done_at"),  # when it last went well
    _instant("failed_at"),
    Column("last_error", Text),
)


def credentials_by_email(email: str) -> TableValuedAlias:
    """The user, password hash and first workspace of an e-mail; no row if nobody has it."""
    return func.control.credentials_by_email(email).table_valued(
        Column("user_id", Uuid), Column("password_hash", Text), Column("workspace_id", Uuid)
    )


def session_by_digest(digest: bytes) -> TableValuedAlias:
    """A live session with its user, and its workspace if they are still a member."""
    return func.control.session_by_digest(type_coerce(digest, LargeBinary)).table_valued(
        Column("session_id", Uuid),
        Column("user_id", Uuid),
        Column("email", Text),
        Column("user_name", Text),
        Column("expires_at", DateTime(timezone=True)),
        *_workspace_columns(),
    )


def workspaces_of_session(digest: bytes) -> TableValuedAlias:
    """All workspaces of a live session's user, oldest membership first."""
    return func.control.workspaces_of_session(type_coerce(digest, LargeBinary)).table_valued(
        *_workspace_columns()
    )


def purge_expired_sessions(most: int) -> Function[int]:
    """How many expired sessions of whichever users were deleted, the oldest `most` at once."""
    return func.control.purge_expired_sessions(most, type_=Integer)


def pollable_connections() -> TableValuedAlias:
    """Every connection that pollers serve, whatever its workspace."""
    return func.control.pollable_connections().table_valued(
        *(Column(name, Uuid) for name in ("workspace_id", "connection_id")),
        *(Column(name, Text) for name in ("provider", "account_id", "zone", "currency")),
        Column("is_demo", Boolean),
        Column("created_at", DateTime(timezone=True)),
    )


def take_poll_work(
    owner: str, lease: Any, providers: list[str], per_connection: int
) -> TableValuedAlias:
    """At most one due piece, leased to `owner`, with its workspace."""
    return func.control.take_poll_work(
        owner,
        literal(lease, INTERVAL),
        type_coerce(providers, ARRAY(Text)),
        per_connection,
    ).table_valued(
        *(Column(name, Uuid) for name in ("workspace_id", "connection_id")),
        Column("piece", Text),
        Column("lease_id", Uuid),
    )


def _workspace_columns() -> list[Column[Any]]:
    return [
        Column("workspace_id", Uuid),
        Column("workspace_name", Text),
        Column("is_demo", Boolean),
        Column("role", Text),
        Column("currency", Text),
        Column("zone", Text),
        Column("week_start", Text),
    ]
