"""PostgreSQL and Kafka when they cannot be used: which one, why, and what to do about it."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from runtime.errors import ServerAway

_START_IT = "Is it running, and is the address of {setting} its own?"
_NOT_MIGRATED = "Run `metricx migrate` first."
_REMEDIES = {
    "28": "Mend user and password in METRICX_POSTGRES__…, or run `metricx migrate` as superuser.",
    "3D": "Mend the database in METRICX_POSTGRES__…, or run `metricx migrate` as superuser.",
    "3F": _NOT_MIGRATED,  # no such schema
    "42": _NOT_MIGRATED,  # no such table, or no right to it yet
}
"""What to do by the class of PostgreSQL's own error code."""


@contextmanager
def reaching_postgres(dsn: str | URL) -> Generator[None]:
    """What fails in here is PostgreSQL's doing: ServerAway says so in one line."""
    try:
        yield
    except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        url = make_url(dsn)
        remedy = _REMEDIES.get((sqlstate(error) or "")[:2])
        raise ServerAway(
            f"PostgreSQL at {url.host}:{url.port or 5432}, database {url.database},"
            f" cannot be used by {url.username}: {why(error)}.",
            remedy or _START_IT.format(setting="METRICX_POSTGRES__…"),
        ) from error


@contextmanager
def reaching_kafka(bootstrap: str) -> Generator[None]:
    """What fails in here is Kafka's doing; what its client would say of it besides is not said."""
    chatter = logging.getLogger("aiokafka")
    silence = logging.Filter("nobody")  # one for each, since two may ask at once
    chatter.addFilter(silence)
    try:
        yield
    except (OSError, KafkaError) as error:
        raise ServerAway(
            f"Kafka at {bootstrap} cannot be used: {why(error)}.",
            _START_IT.format(setting="METRICX_KAFKA__BOOTSTRAP"),
        ) from error
    finally:
        chatter.removeFilter(silence)


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code of an error, whoever has wrapped it."""
    return getattr(_innermost(error), "sqlstate", None)


def why(error: BaseException) -> str:
    """The first line of what went wrong, without the names of the libraries that pass it on."""
    first = str(_innermost(error)).strip().partition("\n")[0]
    return (first or type(error).__name__).rstrip(".")


def _innermost(error: BaseException) -> BaseException:
    if not isinstance(error, DBAPIError) or error.orig is None:
        return error
    return error.orig.__cause__ or error.orig
