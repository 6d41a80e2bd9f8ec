"""Where a running installation is: its URL, and `addresses.json`, by which status finds it."""

import json
from pathlib import Path
from typing import TypedDict

from pydantic import SecretStr

from runtime.settings import Http, Settings

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Where this machine reaches what listens on all of its addresses; uvicorn's `::` is IPv6 alone."""


class Addresses(TypedDict):
    """What `metricx up` and `metricx demo` find out or choose, the auditor's password with it."""

    url: str
    kafka: str
    postgres: str  # the auditor's DSN


def file_in(data: Path) -> Path:
    """The file that says them, while a supervisor holds the data directory."""
    return data / "addresses.json"


def known_in(data: Path) -> Addresses | None:
    """What the supervisor that holds the data directory has written there; None without one."""
    try:
        return json.loads(file_in(data).read_text())
    except (FileNotFoundError, ValueError):
        return None


def at(settings: Settings, known: Addresses) -> Settings:
    """The settings, with these addresses where they name none."""
    kafka, postgres = settings.kafka, settings.postgres
    return settings.model_copy(
        update={
            "public_url": settings.public_url or known["url"],
            "kafka": kafka.model_copy(update={"bootstrap": kafka.bootstrap or known["kafka"]}),
            "postgres": postgres.model_copy(
                update={"auditor": postgres.auditor or SecretStr(known["postgres"])}
            ),
        }
    )


def with_url(settings: Settings) -> Settings:
    """The settings, with the URL by which this machine reaches the API where they name none."""
    url = settings.public_url or local_url(settings.http)
    return settings.model_copy(update={"public_url": url})


def local_url(http: Http) -> str:
    """The URL by which this machine reaches what listens there."""
    host = _ANY.get(http.host, http.host)
    return f"http://[{host}]:{http.port}" if ":" in host else f"http://{host}:{http.port}"
