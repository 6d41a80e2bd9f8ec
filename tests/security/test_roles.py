"""What each role may, and within which limits."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounts.database import engine
from readmodels.roles import LOGINS, create
from tests.servers.databases import Database


@pytest.mark.parametrize(
    ("role", "setting", "value"),
    [
        ("writer", "transaction_timeout", "8s"),
        ("writer", "idle_in_transaction_session_timeout", "5s"),
        ("writer", "lock_timeout", "3s"),
        ("writer", "synchronous_commit", "off"),
        ("control", "synchronous_commit", "on"),
        ("reader", "default_transaction_read_only", "on"),
        ("auditor", "default_transaction_read_only", "on"),
    ],
)
async def test_a_role_brings_its_limits_along(
    module_database: Database, role: str, setting: str, value: str
) -> None:
    """From the log-in on, whoever connects."""
    made = engine(getattr(module_database, role), pool_size=1)
    async with made.connect() as db:
        assert await db.scalar(text(f"show {setting}")) == value
    await made.dispose()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("control", "select password_hash from control.users"),
        ("control", "select session_digest from control.sessions"),
        ("control", "delete from control.users"),
        ("control", "delete from control.sessions"),
        ("control", "select token_digest from control.invitations"),
        ("control", "select key_digest from control.api_keys"),
        ("control", "update control.memberships set user_id = gen_random_uuid()"),
        ("control", "update control.invitations set role = 'owner'"),
        ("control", "update control.api_keys set scopes = '{}'"),
        ("control", "update control.audit_log set details = '{}'"),
        ("control", "delete from control.audit_log"),
        ("control", "delete from control.subject_keys"),
        ("control", "set role metricx_lookup"),
        ("control", "create table control.t ()"),
        ("control", "delete from control.alembic_version"),
        ("reader", "select * from control.alembic_version"),
        ("reader", "select * from control.users"),
        ("reader", "select * from control.sessions"),
        ("reader", "select * from control.poll_work"),
        ("reader", "select * from control.tokens"),
        ("reader", "select * from control.data_keys"),
        ("reader", "select * from control.audit_log"),
        ("reader", "select * from control.pollable_connections()"),
        ("reader", "select control.purge_expired_sessions(1)"),
        ("reader", "select control.replace_password_hash(gen_random_uuid(), 'a', 'b')"),
        ("reader", "select * from control.api_keys"),
        ("reader", "set transaction read write; update control.connections set label = 'x'"),
        ("writer", "select * from control.connections"),
        ("writer", "select * from control.tokens"),
        ("writer", "create schema mine"),
        ("auditor", "set transaction read write; delete from control.connections"),
        ("owner", "create role another"),
    ],
)
async def test_what_a_role_must_not_do_is_refused(
    module_database: Database, role: str, statement: str
) -> None:
    """By PostgreSQL, with "permission denied"."""
    made = engine(getattr(module_database, role), pool_size=1)
    try:
        async with made.connect() as db:
            *before, refused = statement.split("; ")
            for part in before:
                await db.execute(text(part))
            with pytest.raises(DBAPIError, match="permission denied"):
                await db.execute(text(refused))
    finally:
        await made.dispose()


async def test_creating_the_roles_again_changes_nothing_but_passwords(
    empty_database: Database,
) -> None:
    """Idempotent: a later start runs it as the first did, then with the passwords it keeps."""
    superuser = engine(empty_database.superuser, pool_size=1)
    described = text(
        "select rolname, rolcanlogin, rolbypassrls, rolsuper, rolconfig from pg_roles"
        " where rolname like 'metricx\\_%' order by 1"
    )
    async with superuser.connect() as db:
        before = (await db.execute(described)).all()
        await db.run_sync(create, dict.fromkeys(LOGINS, "it's a :word %s"))
        after = (await db.execute(described)).all()
        await db.rollback()  # the run's other databases keep their passwords
    await superuser.dispose()
    assert after == before


async def test_a_role_without_a_password_is_refused(empty_database: Database) -> None:
    """A log-in that anybody could use is never made."""
    superuser = engine(empty_database.superuser, pool_size=1)
    async with superuser.connect() as db:
        with pytest.raises(KeyError):
            await db.run_sync(create, {"owner": "x"})
    await superuser.dispose()
