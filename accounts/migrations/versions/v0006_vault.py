"""The vault: master keys' counts, data keys, tokens, hash keys and people's sealing keys."""

from alembic import op

from accounts.migrations.forced import each, of_own_workspace
from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0006"
down_revision = "0005"

# A key may seal 2^31 records and no more: NIST's bound for random nonces, with room to spare.
TABLES = """
create table control.master_keys (
    master_key_id text primary key,
    uses bigint not null default 0 check (uses between 0 and 2147483648),
    first_used_at timestamptz not null default now(),
    retired_at timestamptz
);

create table control.data_keys (
    workspace_id uuid not null references control.workspaces on delete cascade,
    data_key_id uuid not null,
    wrapped bytea not null,
    master_key_id text not null references control.master_keys,
    uses bigint not null default 0 check (uses between 0 and 2147483648),
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    primary key (workspace_id, data_key_id)
);
create unique index data_keys_in_use on control.data_keys (workspace_id) where retired_at is null;
create index on control.data_keys (master_key_id);

create table control.tokens (
    workspace_id uuid not null references control.workspaces on delete cascade,
    token_id uuid not null,
    provider text not null check (provider in ('meta', 'google', 'shopify')),
    subject text not null,
    access_token bytea not null,
    refresh_token bytea,
    scopes text[] not null,
    created_by uuid references control.users on delete set null,
    created_at timestamptz not null default now(),
    issued_at timestamptz not null default now(),
    expires_at timestamptz,
    refresh_expires_at timestamptz,
    renew_at timestamptz,
    renewing_until timestamptz,
    renew_attempts integer not null default 0,
    dead_at timestamptz,
    dead_reason text,
    primary key (workspace_id, token_id),
    unique (workspace_id, provider, subject),
    check (num_nulls(dead_at, dead_reason) in (0, 2))
);
create index tokens_to_renew on control.tokens (renew_at) where dead_at is null;

create table control.hash_keys (
    workspace_id uuid primary key references control.workspaces on delete cascade,
    wrapped bytea not null,
    data_key_id uuid not null,
    created_at timestamptz not null default now(),
    foreign key (workspace_id, data_key_id) references control.data_keys
);

create table control.subject_keys (
    workspace_id uuid not null references control.workspaces on delete cascade,
    subject_hash bytea not null check (length(subject_hash) = 32),
    wrapped bytea,
    data_key_id uuid,
    created_at timestamptz not null default now(),
    destroyed_at timestamptz,
    primary key (workspace_id, subject_hash),
    foreign key (workspace_id, data_key_id) references control.data_keys,
    check ((destroyed_at is null) = (num_nulls(wrapped, data_key_id) = 0)),
    check (num_nulls(wrapped, data_key_id) in (0, 2))
);

alter table control.connections
    add column token_id uuid,
    add column disconnected_at timestamptz,
    add foreign key (workspace_id, token_id) references control.tokens
        on delete set null (token_id);
create index on control.connections (workspace_id, token_id);
"""

GRANTS = """
grant insert, select, update (uses, retired_at) on control.master_keys to metricx_control;
grant insert, select, update (wrapped, master_key_id, uses, retired_at), delete
    on control.data_keys to metricx_control;
grant insert, select, update, delete on control.tokens to metricx_control;
grant insert, select, update (wrapped, data_key_id) on control.hash_keys to metricx_control;
grant insert, select, update (wrapped, data_key_id, destroyed_at)
    on control.subject_keys to metricx_control;
grant update (token_id, disconnected_at) on control.connections to metricx_control;
"""

LOOKUP_GRANTS = (
    """
    grant select (workspace_id, data_key_id, master_key_id) on control.data_keys to metricx_lookup
    """,
    """
    grant select (workspace_id, token_id, provider, renew_at, renewing_until, renew_attempts,
        dead_at), update (renewing_until, renew_attempts) on control.tokens to metricx_lookup
    """,
)

FUNCTIONS = (
    """
    create function control.data_keys_under_others(p_master_key_id text, p_most integer)
    returns table (workspace_id uuid, data_key_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select d.workspace_id, d.data_key_id from control.data_keys d
        where d.master_key_id <> p_master_key_id
        order by d.workspace_id, d.data_key_id limit p_most
    $$
    """,
    """
    create function control.data_keys_by_master()
    returns table (master_key_id text, data_keys bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select d.master_key_id, count(*) from control.data_keys d group by d.master_key_id
    $$
    """,
    """
    create function control.take_token_to_renew(p_lease interval, p_providers text[])
    returns table (workspace_id uuid, token_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with next as materialized (
            select t.workspace_id, t.token_id from control.tokens t
            where t.renew_at <= now() and t.dead_at is null and t.provider = any (p_providers)
                and (t.renewing_until is null or t.renewing_until <= now())
            order by t.renew_at, t.token_id
            limit 1
            for update skip locked
        )
        update control.tokens t
        set renewing_until = now() + p_lease, renew_attempts = t.renew_attempts + 1
        from next
        where t.workspace_id = next.workspace_id and t.token_id = next.token_id
        returning t.workspace_id, t.token_id
    $$
    """,
)

SIGNATURES = (
    "data_keys_under_others(text, integer)",
    "data_keys_by_master()",
    "take_token_to_renew(interval, text[])",
)


def upgrade() -> None:
    """Make tables, policies, grants and lookups."""
    each(TABLES)
    of_own_workspace("data_keys", "tokens", "hash_keys", "subject_keys")
    each(GRANTS)
    for grant in LOOKUP_GRANTS:
        op.execute(grant)
    with as_lookup():
        for function in FUNCTIONS:
            op.execute(function)
        for signature in SIGNATURES:
            for_control_alone(signature)
