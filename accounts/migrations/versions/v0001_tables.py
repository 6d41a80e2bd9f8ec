"""The tables of the control schema, their policies and grants."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
create table control.users (
    user_id uuid primary key,
    email text not null constraint users_email_key unique,
    name text not null,
    password_hash text not null,
    created_at timestamptz not null default now(),
    constraint users_email_is_normalised check (email = lower(email) and email like '%_@_%'),
    constraint users_password_is_argon2id check (password_hash like '$argon2id$%')
);

create table control.workspaces (
    workspace_id uuid primary key,
    name text not null,
    zone text not null,
    currency varchar(3) not null check (currency ~ '^[A-Z]{3}$'),
    week_start text not null check (week_start in ('monday', 'saturday', 'sunday')),
    is_demo boolean not null,
    created_at timestamptz not null default now()
);

create table control.memberships (
    workspace_id uuid not null references control.workspaces on delete cascade,
    user_id uuid not null references control.users on delete cascade,
    role text not null check (role in ('owner', 'admin', 'viewer')),
    created_at timestamptz not null default now(),
    primary key (workspace_id, user_id)
);
create index on control.memberships (user_id);

create table control.sessions (
    session_id uuid primary key,
    session_digest bytea not null unique check (length(session_digest) = 32),
    user_id uuid not null references control.users on delete cascade,
    workspace_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz not null default now(),
    revoked_at timestamptz,
    -- Whoever is removed from a workspace keeps the session, but it acts nowhere.
    foreign key (workspace_id, user_id) references control.memberships
        on delete set null (workspace_id)
);
create index on control.sessions (user_id);
create index on control.sessions (workspace_id, user_id);

create table control.connections (
    workspace_id uuid not null references control.workspaces on delete cascade,
    connection_id uuid not null,
    provider text not null check (provider in ('meta', 'google', 'shopify')),
    account_id text not null,
    label text not null,
    state text not null check (state in ('active', 'paused', 'failing', 'disconnected')),
    zone text,
    currency varchar(3) check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now(),
    primary key (workspace_id, connection_id),
    unique (workspace_id, provider, account_id)
);

create table control.poll_work (
    workspace_id uuid not null,
    connection_id uuid not null,
    piece text not null,
    kind text not null,
    day_from date,
    day_to date,
    reason text not null,
    state text not null default 'due' check (state in ('due', 'done')),
    priority smallint not null default 0,
    due_at timestamptz not null default now(),
    lease_id uuid,
    lease_owner text,
    lease_until timestamptz,
    again_at timestamptz,
    attempts integer not null default 0,
    cursor jsonb,
    created_at timestamptz not null default now(),
    done_at timestamptz,
    failed_at timestamptz,
    last_error text,
    primary key (workspace_id, connection_id, piece),
    foreign key (workspace_id, connection_id) references control.connections on delete cascade,
    check (num_nulls(lease_id, lease_owner, lease_until) in (0, 3)),
    check (day_to >= day_from)
);
create index poll_work_next on control.poll_work (priority desc, due_at) where state = 'due';
"""

# A transaction sees the workspace it names; a user's own rows go with the user it names. An unset
# setting reads '' after its transaction ended, hence nullif.
POLICIES = """
create policy own_workspace on control.workspaces using ({own_workspace});
create policy own_workspace on control.memberships using ({own_workspace});
create policy own_workspace on control.connections using ({own_workspace});
create policy own_workspace on control.poll_work using ({own_workspace});
create policy own_row on control.users using ({own_user});
create policy fellow_member on control.users for select
    using (user_id in (select m.user_id from control.memberships m));
create policy own_row on control.sessions using ({own_user});
"""

# Least privilege: no role that serves requests reads a password's or a session's hash.
GRANTS = """
grant usage on schema control to metricx_control, metricx_reader, metricx_lookup, metricx_auditor;
grant insert, select (user_id, email, name, created_at), update (name, password_hash)
    on control.users to metricx_control;
grant insert, select, update (name, zone, currency, week_start)
    on control.workspaces to metricx_control;
grant insert, select on control.memberships to metricx_control;
grant insert, update (revoked_at, workspace_id),
    select (session_id, user_id, workspace_id, created_at, expires_at, last_used_at, revoked_at)
    on control.sessions to metricx_control;
grant insert, select, update (label, state, zone, currency)
    on control.connections to metricx_control;
grant insert, select, update, delete on control.poll_work to metricx_control;
grant select on control.connections to metricx_reader;
"""

FORCED = ("users", "workspaces", "memberships", "sessions", "connections", "poll_work")


def upgrade() -> None:
    """Make tables, force row level security on each, grant."""
    each(TABLES)
    for table in FORCED:
        op.execute(f"alter table control.{table} enable row level security")
        op.execute(f"alter table control.{table} force row level security")
    each(POLICIES.format(own_workspace=_own("workspace_id"), own_user=_own("user_id")))
    each(GRANTS)


def each(script: str) -> None:
    """Statement by statement, for the driver takes one at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(statement)


def _own(column: str) -> str:
    return f"{column} = nullif(current_setting('metricx.{column}', true), '')::uuid"
