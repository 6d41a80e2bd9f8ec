"""Functions of the database that find what is not known by workspace yet; made by `migrations/`."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Function,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    func,
    literal,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTERVAL
from sqlalchemy.sql.selectable import TableValuedAlias


def credentials_by_email(email: str) -> TableValuedAlias:
    """The user, password hash and first workspace of an e-mail; no row if nobody has it."""
    return func.control.credentials_by_email(email).table_valued(
        Column("user_id", Uuid), Column("password_hash", Text), Column("workspace_id", Uuid)
    )


def replace_password_hash(user_id: UUID, known: str | None, new: str) -> Function[bool]:
    """Whether the hash was still `known`, and is `new` now."""
    return func.control.replace_password_hash(type_coerce(user_id, Uuid), known, new, type_=Boolean)


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


def invitation_by_digest(digest: bytes) -> TableValuedAlias:
    """An invitation by what its link holds, with its workspace; accepted or ended ones, too."""
    return func.control.invitation_by_digest(type_coerce(digest, LargeBinary)).table_valued(
        Column("workspace_id", Uuid),
        Column("invitation_id", Uuid),
        *(Column(name, Text) for name in ("workspace_name", "role", "email", "invited_by_name")),
        *(
            Column(name, DateTime(timezone=True))
            for name in ("expires_at", "accepted_at", "revoked_at")
        ),
    )


def api_key_by_digest(digest: bytes) -> TableValuedAlias:
    """A live API key with its workspace."""
    return func.control.api_key_by_digest(type_coerce(digest, LargeBinary)).table_valued(
        Column("key_id", Uuid),
        Column("key_name", Text),
        Column("scopes", ARRAY(Text)),
        *(column for column in _workspace_columns() if column.name != "role"),
    )


def data_keys_under_others(master_key_id: str, most: int) -> TableValuedAlias:
    """Data keys of any workspace that another master key wraps."""
    return func.control.data_keys_under_others(master_key_id, most).table_valued(
        Column("workspace_id", Uuid), Column("data_key_id", Uuid)
    )


def data_keys_by_master() -> TableValuedAlias:
    """How many data keys of all workspaces each master key wraps; none: no row."""
    return func.control.data_keys_by_master().table_valued(
        Column("master_key_id", Text), Column("data_keys", BigInteger)
    )


def take_token_to_renew(lease: Any, providers: list[str]) -> TableValuedAlias:
    """At most one token that is due to be renewed, leased, with its workspace."""
    return func.control.take_token_to_renew(
        literal(lease, INTERVAL), type_coerce(providers, ARRAY(Text))
    ).table_valued(Column("workspace_id", Uuid), Column("token_id", Uuid))


def unused_tokens(older_than: Any, most: int) -> TableValuedAlias:
    """Tokens of any workspace that were first kept so long ago, and that no connection has."""
    return func.control.unused_tokens(literal(older_than, INTERVAL), most).table_valued(
        Column("workspace_id", Uuid), Column("token_id", Uuid)
    )


def subject_is_kept(provider: str, subject: str) -> Function[bool]:
    """Whether any workspace has a token of this person or shop at this platform."""
    return func.control.subject_is_kept(provider, subject, type_=Boolean)


def remove_from_all_workspaces(user_id: Any) -> TableValuedAlias:
    """The workspaces of which the user was a member until now; their sessions have ended."""
    return func.control.remove_from_all_workspaces(type_coerce(user_id, Uuid)).table_valued(
        Column("workspace_id", Uuid)
    )
