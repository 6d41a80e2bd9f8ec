"""Users whom Clerk signs in, and which of its webhooks have come."""

from alembic import op

from accounts.migrations.forced import each
from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0008"
down_revision = "0007"

TABLES = """
alter table control.users alter column password_hash drop not null;

create table control.clerk_users (
    clerk_id text primary key,
    user_id uuid unique references control.users on delete set null,
    updated_ms bigint not null,
    is_deleted boolean not null
);

create table control.webhook_deliveries (
    source text not null,
    delivery_id text not null,
    body_digest bytea not null check (length(body_digest) = 32),
    received_at timestamptz not null default now(),
    primary key (source, delivery_id)
);
create index on control.webhook_deliveries (received_at);
"""

GRANTS = """
grant insert, select, update (user_id, updated_ms, is_deleted)
    on control.clerk_users to metricx_control;
grant insert, select, delete on control.webhook_deliveries to metricx_control;
grant update (email) on control.users to metricx_control;
"""

LOOKUP_GRANTS = (
    "grant delete on control.memberships to metricx_lookup",
    "grant update (revoked_at) on control.sessions to metricx_lookup",
)

# Whoever is gone at Clerk leaves all workspaces at once, which no one transaction could see.
REMOVE = """
    create function control.remove_from_all_workspaces(p_user_id uuid)
    returns table (workspace_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        update control.sessions s set revoked_at = now()
        where s.user_id = p_user_id and s.revoked_at is null;
        delete from control.memberships m where m.user_id = p_user_id returning m.workspace_id
    $$
"""


def upgrade() -> None:
    """Make tables, grants and the function."""
    each(TABLES)
    each(GRANTS)
    for grant in LOOKUP_GRANTS:
        op.execute(grant)
    with as_lookup():
        op.execute(REMOVE)
        for_control_alone("remove_from_all_workspaces(uuid)")
