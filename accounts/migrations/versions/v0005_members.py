"""Members, invitations, API keys, and the log of what they change."""

from alembic import op

from accounts.migrations.forced import each, of_own_workspace, own
from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0005"
down_revision = "0004"

TABLES = """
alter table control.sessions add column agent text check (length(agent) <= 200);

create table control.invitations (
    workspace_id uuid not null references control.workspaces on delete cascade,
    invitation_id uuid not null,
    token_digest bytea not null unique check (length(token_digest) = 32),
    email text check (email = lower(email)),
    role text not null check (role in ('owner', 'admin', 'viewer')),
    invited_by uuid references control.users on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid references control.users on delete set null,
    revoked_at timestamptz,
    primary key (workspace_id, invitation_id),
    check (num_nulls(accepted_at, revoked_at) >= 1)
);

create table control.api_keys (
    workspace_id uuid not null references control.workspaces on delete cascade,
    key_id uuid not null,
    name text not null,
    hint text not null,
    key_digest bytea not null unique check (length(key_digest) = 32),
    scopes text[] not null check (cardinality(scopes) > 0),
    created_by uuid references control.users on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (workspace_id, key_id)
);

create table control.audit_log (
    workspace_id uuid not null references control.workspaces on delete cascade,
    entry_id uuid not null default gen_random_uuid(),
    at timestamptz not null default clock_timestamp(),
    actor_kind text not null check (actor_kind in ('user', 'api-key', 'system')),
    actor_id uuid,
    action text not null check (action ~ '^[a-z-]+[.][a-z-]+$'),
    target_id text,
    details jsonb not null default '{}',
    primary key (workspace_id, entry_id),
    check ((actor_kind = 'system') = (actor_id is null))
);
create index audit_log_newest on control.audit_log (workspace_id, at desc, entry_id desc);
"""

# An ended membership or a changed role ends sessions of somebody else; whoever does that acts in
# the workspace that those sessions act in.
POLICIES = f"""
create policy acting_here on control.sessions for select using ({own("workspace_id")});
create policy ended_from_here on control.sessions for update using ({own("workspace_id")});
"""

# The log is only ever written on: nobody who serves requests may change or delete a line of it.
GRANTS = """
grant insert, select (workspace_id, invitation_id, email, role, invited_by, created_at, expires_at,
        accepted_at, accepted_by, revoked_at), update (accepted_at, accepted_by, revoked_at)
    on control.invitations to metricx_control;
grant insert, select (workspace_id, key_id, name, hint, scopes, created_by, created_at, expires_at,
        last_used_at, revoked_at), update (name, revoked_at)
    on control.api_keys to metricx_control;
grant insert, select on control.audit_log to metricx_control;
grant update (role), delete on control.memberships to metricx_control;
grant select (agent), update (expires_at) on control.sessions to metricx_control;
"""

LOOKUP_GRANTS = (
    "grant update (password_hash) on control.users to metricx_lookup",
    """
    grant select (workspace_id, invitation_id, token_digest, email, role, invited_by, expires_at,
        accepted_at, revoked_at) on control.invitations to metricx_lookup
    """,
    """
    grant select (workspace_id, key_id, name, key_digest, scopes, expires_at, last_used_at,
        revoked_at), update (last_used_at) on control.api_keys to metricx_lookup
    """,
)

FUNCTIONS = (
    # Compared and replaced in one: a hash made of an older password never comes back.
    """
    create function control.replace_password_hash(p_user_id uuid, p_known text, p_new text)
    returns boolean
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with replaced as (
            update control.users u set password_hash = p_new
            where u.user_id = p_user_id and u.password_hash = p_known returning 1
        )
        select exists (select from replaced)
    $$
    """,
    """
    create function control.invitation_by_digest(p_digest bytea)
    returns table (workspace_id uuid, invitation_id uuid, workspace_name text, role text,
        email text, invited_by_name text, expires_at timestamptz, accepted_at timestamptz,
        revoked_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select i.workspace_id, i.invitation_id, w.name, i.role, i.email,
            (select u.name from control.users u where u.user_id = i.invited_by),
            i.expires_at, i.accepted_at, i.revoked_at
        from control.invitations i join control.workspaces w using (workspace_id)
        where i.token_digest = p_digest
    $$
    """,
    # A key's workspace has no role: what it may do its scopes say.
    """
    create function control.api_key_by_digest(p_digest bytea)
    returns table (key_id uuid, key_name text, scopes text[], workspace_id uuid,
        workspace_name text, is_demo boolean, currency text, zone text, week_start text)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        update control.api_keys k set last_used_at = now()
        where k.key_digest = p_digest and k.revoked_at is null
            and (k.expires_at is null or k.expires_at > now())
            and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
        select k.key_id, k.name, k.scopes, w.workspace_id, w.name, w.is_demo, w.currency::text,
            w.zone, w.week_start
        from control.api_keys k join control.workspaces w using (workspace_id)
        where k.key_digest = p_digest and k.revoked_at is null
            and (k.expires_at is null or k.expires_at > now())
    $$
    """,
)

SIGNATURES = (
    "replace_password_hash(uuid, text, text)",
    "invitation_by_digest(bytea)",
    "api_key_by_digest(bytea)",
)


def upgrade() -> None:
    """Make tables, policies, grants and lookups."""
    each(TABLES)
    of_own_workspace("invitations", "api_keys", "audit_log")
    each(POLICIES)
    each(GRANTS)
    for grant in LOOKUP_GRANTS:
        op.execute(grant)
    with as_lookup():
        for function in FUNCTIONS:
            op.execute(function)
        for signature in SIGNATURES:
            for_control_alone(signature)
