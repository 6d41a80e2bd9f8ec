"""Where a running installation is: `addresses.json`, by which `metricx status` finds it."""

from pathlib import Path
from typing import TypedDict

from pydantic import SecretStr

from runtime.settings import Settings


class Addresses(TypedDict):
    """What `metricx up` and `metricx demo` find out or choose, the auditor's password with it."""

    url: str
    kafka: str
    postgres: str  # the auditor's DSN


def file_in(data: Path) -> Path:
    """The file that says them, while a supervisor holds the data directory."""
    return data / "addresses.json"


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
