"""Which providers there are: the folders beside this file, and what each of them can."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import cast

import ingest.providers
from ingest.providers.oauth import OAuthProvider, OpenOAuth
from ingest.providers.protocol import OpenProvider, Provider

_ROOM = "ingest.providers"


def provider_names() -> list[str]:
    """Every provider that is read."""
    return [
        name for name in _folders() if hasattr(import_module(f"{_ROOM}.{name}"), "open_provider")
    ]


def oauth_names() -> list[str]:
    """Every provider whose accounts can be connected."""
    return [name for name in _folders() if find_spec(f"{_ROOM}.{name}.oauth")]


def open_provider(name: str, settings: Mapping[str, object]) -> Provider:
    """The provider of this name; raises ValueError for settings that do not fit it."""
    if name not in provider_names():
        raise ValueError(f"no provider {name!r}; there are {', '.join(provider_names())}")
    opens = cast(OpenProvider, import_module(f"{_ROOM}.{name}").open_provider)
    return opens(settings)


def open_oauth(name: str, settings: Mapping[str, object]) -> OAuthProvider:
    """Consent of the provider of this name; raises ValueError for settings that do not fit it."""
    if name not in oauth_names():
        raise ValueError(f"no provider {name!r}; there are {', '.join(oauth_names())}")
    opens = cast(OpenOAuth, import_module(f"{_ROOM}.{name}.oauth").open_oauth)
    return opens(settings)


def _folders() -> list[str]:
    return sorted(module.name for module in iter_modules(ingest.providers.__path__) if module.ispkg)
