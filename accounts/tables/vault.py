"""The vault: keys, and what lies sealed under them; made by `migrations/`.

A master key (in the settings) wraps a workspace's data keys; a data key seals its tokens, wraps its
hash key and its people's sealing keys.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from accounts.tables.columns import instant, key, metadata, since, value

master_keys = Table(
    "master_keys",
    metadata,
    key("master_key_id", Text),
    value("uses", BigInteger, "0"),  # data keys wrapped under it, ever
    since("first_used_at"),
    instant("retired_at"),  # nothing lies under it any more, and nothing ever will
)

data_keys = Table(
    "data_keys",
    metadata,
    key("workspace_id"),
    key("data_key_id"),
    value("wrapped", LargeBinary),
    value("master_key_id", Text),
    value("uses", BigInteger, "0"),  # records sealed under it, ever
    since("created_at"),
    instant("retired_at"),  # nothing new is sealed under it
)

tokens = Table(
    "tokens",
    metadata,
    key("workspace_id"),
    key("token_id"),
    value("provider", Text),
    value("subject", Text),  # whose it is there: a user's id, a shop's domain, else the token's id
    value("access_token", LargeBinary),  # sealed
    Column("refresh_token", LargeBinary),  # sealed
    value("scopes", ARRAY(Text)),
    Column("created_by", Uuid),
    since("created_at"),
    since("issued_at"),
    instant("expires_at"),
    instant("refresh_expires_at"),
    instant("renew_at"),  # when to renew it; null: never
    instant("renewing_until"),  # leased to whoever renews it
    value("renew_attempts", Integer, "0"),
    instant("dead_at"),
    Column("dead_reason", Text),
)

hash_keys = Table(
    "hash_keys",
    metadata,
    key("workspace_id"),
    value("wrapped", LargeBinary),
    value("data_key_id", Uuid),
    since("created_at"),
)

subject_keys = Table(
    "subject_keys",
    metadata,
    key("workspace_id"),
    key("subject_hash", LargeBinary),  # keyed hash of who it is
    Column("wrapped", LargeBinary),  # null: destroyed
    Column("data_key_id", Uuid),
    since("created_at"),
    instant("destroyed_at"),
)
