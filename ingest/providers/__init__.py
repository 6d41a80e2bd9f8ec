"""Providers: the ad platforms that pollers read, one folder each, found by lying here.

A folder holds a thin client of the platform's API, the way from its replies to events, and
`open_provider(settings)`, which returns a `protocol.Provider`. It knows nothing of Kafka,
PostgreSQL, leases or schedules.

To add a provider: its folder here, its stand-in in `sandbox/`, and tests that turn recorded
replies into observations. Start at `meta/reader.py`.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from ingest.providers.protocol import Provider


def provider_names() -> list[str]:
    """Every provider that lies here."""
    return sorted(module.name for module in iter_modules(__path__) if module.ispkg)


def open_provider(name: str, settings: Mapping[str, object]) -> Provider:
    """The provider of this name; raises ValueError for settings that do not fit it."""
    if name not in provider_names():
        raise ValueError(f"no provider {name!r}; there are {', '.join(provider_names())}")
    return import_module(f"{__name__}.{name}").open_provider(settings)
