"""Functions that find what must be found before a workspace is known.

Each answers with one piece and its workspace (the scheduler's: with ids alone). They belong to
metricx_lookup, which passes by row level security but may touch these columns and no others.
"""

from alembic import op

from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0002"
down_revision = "0001"

GRANTS = (
    "grant select (user_id, email, name, password_hash) on control.users to metricx_lookup",
    """
    grant select (workspace_id, name, zone, currency, week_start, is_demo)
        on control.workspaces to metricx_lookup
    """,
    """
    grant select (workspace_id, user_id, role, created_at) on control.memberships to metricx_lookup
    """,
    """
    grant select (session_id, session_digest, user_id, workspace_id, expires_at, last_used_at,
        revoked_at), update (last_used_at) on control.sessions to metricx_lookup
    """,
    """
    grant select (workspace_id, connection_id, provider, account_id, state, zone, currency,
        created_at) on control.connections to metricx_lookup
    """,
    """
    grant select (workspace_id, connection_id, piece, state, priority, due_at, lease_id,
        lease_until, attempts), update (lease_id, lease_owner, lease_until, attempts)
        on control.poll_work to metricx_lookup
    """,
)

FUNCTIONS = (
    """
    create function control.credentials_by_email(p_email text)
    returns table (user_id uuid, password_hash text, workspace_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select u.user_id, u.password_hash,
            (select m.workspace_id from control.memberships m where m.user_id = u.user_id
             order by m.created_at, m.workspace_id limit 1)
        from control.users u where u.email = p_email
    $$
    """,
    """
    create function control.session_by_digest(p_digest bytea)
    returns table (session_id uuid, user_id uuid, email text, user_name text,
        expires_at timestamptz, workspace_id uuid, workspace_name text, is_demo boolean, role text,
        currency text, zone text, week_start text)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        update control.sessions s set last_used_at = now()
        where s.session_digest = p_digest and s.revoked_at is null and s.expires_at > now()
            and s.last_used_at < now() - interval '5 minutes';
        select s.session_id, u.user_id, u.email, u.name, s.expires_at,
            w.workspace_id, w.name, w.is_demo, m.role, w.currency::text, w.zone, w.week_start
        from control.sessions s
        join control.users u using (user_id)
        left join control.memberships m
            on m.workspace_id = s.workspace_id and m.user_id = s.user_id
        left join control.workspaces w on w.workspace_id = m.workspace_id
        where s.session_digest = p_digest and s.revoked_at is null and s.expires_at > now()
    $$
    """,
    """
    create function control.workspaces_of_session(p_digest bytea)
    returns table (workspace_id uuid, workspace_name text, is_demo boolean, role text,
        currency text, zone text, week_start text)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select w.workspace_id, w.name, w.is_demo, m.role, w.currency::text, w.zone, w.week_start
        from control.sessions s
        join control.memberships m using (user_id)
        join control.workspaces w on w.workspace_id = m.workspace_id
        where s.session_digest = p_digest and s.revoked_at is null and s.expires_at > now()
        order by m.created_at, w.workspace_id
    $$
    """,
    """
    create function control.pollable_connections()
    returns table (workspace_id uuid, connection_id uuid, provider text, account_id text, zone text,
        currency text, is_demo boolean, created_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select c.workspace_id, c.connection_id, c.provider, c.account_id, c.zone, c.currency::text,
            w.is_demo, c.created_at
        from control.connections c join control.workspaces w using (workspace_id)
        where c.state = 'active'
    $$
    """,
    """
    create function control.take_poll_work(
        p_owner text, p_lease interval, p_providers text[], p_per_connection integer)
    returns table (workspace_id uuid, connection_id uuid, piece text, lease_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with next as materialized (
            select p.workspace_id, p.connection_id, p.piece
            from control.poll_work p join control.connections c using (workspace_id, connection_id)
            where p.state = 'due' and p.due_at <= now()
                and (p.lease_until is null or p.lease_until <= now())
                and c.state = 'active' and c.provider = any (p_providers)
                and p_per_connection > (
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
    """,
)

SIGNATURES = (
    "credentials_by_email(text)",
    "session_by_digest(bytea)",
    "workspaces_of_session(bytea)",
    "pollable_connections()",
    "take_poll_work(text, interval, text[], integer)",
)


def upgrade() -> None:
    """Make the functions as metricx_lookup, for metricx_control alone."""
    for grant in GRANTS:
        op.execute(grant)
    with as_lookup():
        for function in FUNCTIONS:
            op.execute(function)
        for signature in SIGNATURES:
            for_control_alone(signature)
