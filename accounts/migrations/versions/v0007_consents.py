"""Consents: the state that travels to a platform and back, and tokens that nobody chose from."""

from alembic import op

from accounts.migrations.forced import each, of_own_workspace
from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0007"
down_revision = "0006"

TABLES = """
create table control.oauth_states (
    workspace_id uuid not null references control.workspaces on delete cascade,
    state_digest bytea not null check (length(state_digest) = 32),
    session_id uuid not null references control.sessions on delete cascade,
    user_id uuid not null references control.users on delete cascade,
    provider text not null check (provider in ('meta', 'google', 'shopify')),
    shop text,
    connection_id uuid,
    verifier text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (workspace_id, state_digest),
    foreign key (workspace_id, connection_id) references control.connections on delete cascade
);
create index on control.oauth_states (workspace_id, expires_at);
"""

GRANTS = """
grant insert, select, update (used_at), delete on control.oauth_states to metricx_control;
"""

LOOKUP_GRANTS = (
    "grant select (subject, created_at) on control.tokens to metricx_lookup",
    "grant select (token_id) on control.connections to metricx_lookup",
)

FUNCTIONS = (
    """
    create function control.unused_tokens(p_older interval, p_most integer)
    returns table (workspace_id uuid, token_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select t.workspace_id, t.token_id from control.tokens t
        where t.created_at < now() - p_older and not exists (
            select 1 from control.connections c
            where c.workspace_id = t.workspace_id and c.token_id = t.token_id)
        order by t.created_at limit p_most
    $$
    """,
    # To revoke one token of a person ends all that they gave our app, whichever workspace has it.
    """
    create function control.subject_is_kept(p_provider text, p_subject text) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select exists (
            select 1 from control.tokens t
            where t.provider = p_provider and t.subject = p_subject)
    $$
    """,
)

SIGNATURES = ("unused_tokens(interval, integer)", "subject_is_kept(text, text)")


def upgrade() -> None:
    """Make the table, its policy and grants, and the lookups."""
    each(TABLES)
    of_own_workspace("oauth_states")
    each(GRANTS)
    for grant in LOOKUP_GRANTS:
        op.execute(grant)
    with as_lookup():
        for function in FUNCTIONS:
            op.execute(function)
        for signature in SIGNATURES:
            for_control_alone(signature)
