"""Users whom Clerk signs in, and which of its webhooks have come."""

from alembic import op

from accounts.migrations.forced import each
from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0008"
down_revision = "0007"

TABLES = """
alter table control.users alter column password_hash drop not null;
alter table control.sessions add column is_clerk boolean not null default false;

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
    "grant select (is_clerk) on control.sessions to metricx_lookup",
    """
    grant select (accepted_by), update (email, revoked_at) on control.invitations to metricx_lookup
    """,
    "grant delete on control.memberships to metricx_lookup",
    "grant update (revoked_at) on control.sessions to metricx_lookup",
)

# Clerk gives new tokens for a session that was ended here: its row must outlive that one there.
PURGE = """
    create or replace function control.purge_expired_sessions(p_most integer) returns integer
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with expired as materialized (
            select s.session_id from control.sessions s
            where s.expires_at <= now()
                and not (s.is_clerk and s.revoked_at is not null
                    and s.revoked_at > now() - interval '1 year')
            order by s.expires_at limit p_most
            for update skip locked
        ), gone as (
            delete from control.sessions s using expired
            where s.session_id = expired.session_id returning 1
        )
        select count(*)::integer from gone
    $$
"""

# Whoever is gone at Clerk leaves all workspaces at once, which no one transaction could see, and
# no invitation keeps their e-mail.
REMOVE = """
    create function control.remove_from_all_workspaces(p_user_id uuid)
    returns table (workspace_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        update control.sessions s set revoked_at = now()
        where s.user_id = p_user_id and s.revoked_at is null;
        update control.invitations i set email = null,
            revoked_at = case when i.accepted_at is null then coalesce(i.revoked_at, now()) end
        where i.accepted_by = p_user_id
            or i.email = (select u.email from control.users u where u.user_id = p_user_id);
        delete from control.memberships m where m.user_id = p_user_id returning m.workspace_id
    $$
"""


def upgrade() -> None:
    """Make tables, grants and functions."""
    each(TABLES)
    each(GRANTS)
    for grant in LOOKUP_GRANTS:
        op.execute(grant)
    with as_lookup():
        op.execute(PURGE)
        op.execute(REMOVE)
        for_control_alone("remove_from_all_workspaces(uuid)")
