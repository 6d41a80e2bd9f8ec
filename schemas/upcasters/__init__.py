"""Upcasters: lift an event of an older version, as plain JSON data, to the next version.

A file per event type that has grown, named for the type, holding
`UPCASTERS: Mapping[int, Callable[[dict], dict]]` from the version it takes. Found by lying here.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


@cache
def registered() -> Mapping[tuple[str, int], Upcaster]:
    """Every upcaster, by event type and the version it takes."""
    return {
        (module.name, version): upcaster
        for module in iter_modules(__path__)
        for version, upcaster in import_module(f"{__name__}.{module.name}").UPCASTERS.items()
    }


def upcast(event: dict[str, Any]) -> dict[str, Any]:
    """The event in the newest version that a chain of upcasters reaches."""
    while upcaster := registered().get((event.get("type", ""), event.get("v", 0))):
        version = event["v"]
        event = upcaster(event)
        if event["v"] != version + 1:
            raise ValueError(f"upcaster of {event['type']} {version} made version {event['v']}")
    return event
