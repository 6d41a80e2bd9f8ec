"""The roles of PostgreSQL: who owns, who writes, who reads, and within which limits.

| role | for | row level security |
| --- | --- | --- |
| metricx_owner | DDL: migrations, version schemas, swaps | forced |
| metricx_writer | workers: read model tables | its policy is true |
| metricx_control | accounts' tables: api, pollers, ingest/http | by workspace |
| metricx_reader | api on read models; read-only | by workspace |
| metricx_auditor | oracle, backup; reads all | passes by |
| metricx_lookup | owns the functions that find a workspace; nobody logs in as it | passes by |

Grants on tables stand beside what makes the tables: there are no default ones, for a partition
must not get any.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

LOGINS = ("owner", "writer", "control", "reader", "auditor")
"""The roles that log in, each with a password; their names in PostgreSQL begin with metricx_."""

_LOOKUP = "lookup"
_PASSES_BY = ("auditor", _LOOKUP)

_SETTINGS: Mapping[str, Mapping[str, str]] = {
    # Rows and offsets vanish together if the server dies, and are replayed: no need to wait for
    # the disk. A worker that hangs loses its transaction before Kafka takes its partitions away.
    "writer": {
        "transaction_timeout": "8s",
        "idle_in_transaction_session_timeout": "5s",
        "lock_timeout": "3s",
        "synchronous_commit": "off",
    },
    "control": {
        "statement_timeout": "15s",
        "idle_in_transaction_session_timeout": "15s",
        "lock_timeout": "5s",
    },
    "reader": {
        "default_transaction_read_only": "on",
        "statement_timeout": "15s",
        "idle_in_transaction_session_timeout": "30s",
    },
    "auditor": {"default_transaction_read_only": "on"},
}


def create(superuser: Connection, passwords: Mapping[str, str]) -> None:
    """All roles of the server exist, with these passwords and settings; idempotent.

    `passwords` maps each of `LOGINS` to its own. The owner may make schemas in the database of
    this connection; one that it owns itself needs no grant.
    """
    # Roles are of the whole server: two databases made at once must not race for them.
    _run(superuser, "lock table pg_catalog.pg_authid in share row exclusive mode")
    for role in (*LOGINS, _LOOKUP):
        _create(superuser, role)
        if role in LOGINS:
            quoted = superuser.scalar(
                text("select quote_literal(cast(:word as text))"), {"word": passwords[role]}
            )
            _run(superuser, f"alter role metricx_{role} password {quoted}")
        for setting, value in _SETTINGS.get(role, {}).items():
            _run(superuser, f"alter role metricx_{role} set {setting} = '{value}'")
    # The owner makes the lookup functions in the name of their role, but has none of its rights.
    _run(
        superuser,
        "grant metricx_lookup to metricx_owner with inherit false, set true, admin false",
    )
    _run(superuser, "grant pg_read_all_data to metricx_auditor")
    _run(superuser, f"grant create, connect on database {_database(superuser)} to metricx_owner")


def restrict(owner: Connection) -> None:
    """Nothing in this database is anyone's by default; idempotent.

    Run as metricx_owner. Where the database belongs to someone else, who may connect to it is
    theirs to say.
    """
    _run(owner, "alter default privileges revoke execute on functions from public")
    _run(owner, "set local role metricx_lookup")
    _run(owner, "alter default privileges revoke execute on functions from public")
    _run(owner, "reset role")
    mine = text(
        "select pg_get_userbyid(datdba) = current_user from pg_database"
        " where datname = current_database()"
    )
    if owner.scalar(mine):
        name = _database(owner)
        logins = ", ".join(f"metricx_{role}" for role in LOGINS)
        _run(owner, f"revoke all on database {name} from public")
        _run(owner, f"grant connect on database {name} to {logins}")
        _run(owner, f"grant temporary on database {name} to metricx_owner, metricx_writer")


def _create(superuser: Connection, role: str) -> None:
    known = text("select true from pg_roles where rolname = :name")
    if not superuser.scalar(known, {"name": f"metricx_{role}"}):
        _run(superuser, f"create role metricx_{role}")
    login = "login" if role in LOGINS else "nologin"
    bypass = "bypassrls" if role in _PASSES_BY else "nobypassrls"
    _run(
        superuser,
        f"alter role metricx_{role} {login} {bypass}"
        " nosuperuser nocreatedb nocreaterole noreplication",
    )


def _database(connection: Connection) -> str:
    return str(connection.scalar(text("select quote_ident(current_database())")))


def _run(connection: Connection, statement: str) -> None:
    # Past SQLAlchemy's parser: a password may hold what looks like a parameter.
    connection.exec_driver_sql(statement)
