"""A function that deletes sessions which have expired, whoever's they are."""

from alembic import op

from accounts.migrations.lookup_role import as_lookup, for_control_alone

revision = "0004"
down_revision = "0003"

# Two log-ins at once each delete others, and neither waits for the other.
PURGE = """
    create function control.purge_expired_sessions(p_most integer) returns integer
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with expired as materialized (
            select s.session_id from control.sessions s where s.expires_at <= now()
            order by s.expires_at limit p_most
            for update skip locked
        ), gone as (
            delete from control.sessions s using expired
            where s.session_id = expired.session_id returning 1
        )
        select count(*)::integer from gone
    $$
"""


def upgrade() -> None:
    """Make it, with the index that it goes by."""
    op.execute("create index on control.sessions (expires_at)")
    op.execute("grant delete on control.sessions to metricx_lookup")
    with as_lookup():
        op.execute(PURGE)
        for_control_alone("purge_expired_sessions(integer)")
