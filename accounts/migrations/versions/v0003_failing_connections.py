"""A connection that fails as a whole: why, since when, and when it is tried again.

While it fails, one piece at a time is taken of it, and none before `retry_at`.
"""

from alembic import op

from accounts.migrations.lookup_role import as_lookup

revision = "0003"
down_revision = "0002"

COLUMNS = (
    """
    alter table control.connections
        add column reason text,
        add column next_step text,
        add column failing_since timestamptz,
        add column retry_at timestamptz,
        add constraint connections_failing_says_why check (
            case state
                when 'failing' then num_nulls(reason, failing_since, retry_at) = 0
                else num_nonnulls(reason, next_step, failing_since, retry_at) = 0
            end)
    """,
    """
    grant update (reason, next_step, failing_since, retry_at)
        on control.connections to metricx_control
    """,
    "grant select (retry_at) on control.connections to metricx_lookup",
)

# The scheduler goes on with it: what waits then has the days of today, not of the day it broke.
POLLABLE = """
    create or replace function control.pollable_connections()
    returns table (workspace_id uuid, connection_id uuid, provider text, account_id text, zone text,
        currency text, is_demo boolean, created_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select c.workspace_id, c.connection_id, c.provider, c.account_id, c.zone, c.currency::text,
            w.is_demo, c.created_at
        from control.connections c join control.workspaces w using (workspace_id)
        where c.state in ('active', 'failing')
    $$
"""

TAKE = """
    create or replace function control.take_poll_work(
        p_owner text, p_lease interval, p_providers text[], p_per_connection integer)
    returns table (workspace_id uuid, connection_id uuid, piece text, lease_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with next as materialized (
            select p.workspace_id, p.connection_id, p.piece
            from control.poll_work p join control.connections c using (workspace_id, connection_id)
            where p.state = 'due' and p.due_at <= now()
                and (p.lease_until is null or p.lease_until <= now())
                and c.provider = any (p_providers)
                and case c.state
                        when 'active' then p_per_connection
                        when 'failing' then case when c.retry_at <= now() then 1 else 0 end
                        else 0
                    end > (
                    select count(*) from control.poll_work held
                    where held.workspace_id = p.workspace_id
                        and held.connection_id = p.connection_id and held.lease_until > now())
            order by p.priority desc, p.due_at, p.piece
            limit 1
            for update of p skip locked
        )
        update control.poll_work p
        set lease_id = gen_random_uuid(), lease_owner = p_owner, lease_until = now() + p_lease,
            attempts = p.attempts + 1
        from next
        where p.workspace_id = next.workspace_id and p.connection_id = next.connection_id
            and p.piece = next.piece
        returning p.workspace_id, p.connection_id, p.piece, p.lease_id
    $$
"""


def upgrade() -> None:
    """Add the columns, and teach both functions the state."""
    for statement in COLUMNS:
        op.execute(statement)
    with as_lookup():
        op.execute(POLLABLE)
        op.execute(TAKE)
