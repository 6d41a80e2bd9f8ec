"""Consents under way: the state that travels to a platform and back."""

from accounts.migrations.forced import each, of_own_workspace

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


def upgrade() -> None:
    """Make the table, its policy and grants."""
    each(TABLES)
    of_own_workspace("oauth_states")
    each(GRANTS)
