"""Which providers there are: the folders beside this file."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import ingest.providers
from ingest.providers.protocol import OpenProvider, Provider


def provider_names() -> list[str]:
    """Every provider that lies here."""
    return sorted(module.name for module in iter_modules(ingest.providers.__path__) if module.ispkg)


def open_provider(name: str, settings: Mapping[str, object]) -> Provider:
    """The provider of this name; raises ValueError for settings that do not fit it."""
    if name not in provider_names():
        raise ValueError(f"no provider {name!r}; there are {', '.join(provider_names())}")
    opens = cast(OpenProvider, import_module(f"ingest.providers.{name}").open_provider)
    return opens(settings)
