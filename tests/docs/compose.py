"""compose.yaml as Compose reads it: anchors resolved, variables taken from an `.env`."""

import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
ENV = {
    "POSTGRES_PASSWORD": "p1",
    "OWNER_PASSWORD": "p2",
    "WRITER_PASSWORD": "p3",
    "CONTROL_PASSWORD": "p4",
    "READER_PASSWORD": "p5",
    "AUDITOR_PASSWORD": "p6",
    "SECRET_KEY": "k" * 32,
    "TOKEN_ENCRYPTION_KEY": "first:" + "A" * 43 + "=",
}
"""What `.env` must hold."""

_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


def raw() -> dict[str, Any]:
    """The file with its anchors resolved and its variables as they stand."""
    return yaml.safe_load((PROJECT / "compose.yaml").read_text())


def interpolated() -> dict[str, Any]:
    """The file with the variables of ENV; KeyError for one that has no value and needs one."""
    return _interpolate(raw())


def services() -> dict[str, dict[str, Any]]:
    """The services, interpolated."""
    return interpolated()["services"]


def own_services() -> dict[str, dict[str, Any]]:
    """Those that run our image."""
    return {name: each for name, each in services().items() if "build" in each}


def variables() -> dict[str, bool]:
    """Each variable that the file asks of `.env`, and whether it must be set."""
    found: dict[str, bool] = {}
    for match in _VARIABLE.finditer((PROJECT / "compose.yaml").read_text()):
        if match[2]:
            found[match[2]] = found.get(match[2], False) or match[3] == "?"
    return found


def _interpolate(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _interpolate(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_interpolate(each) for each in value]
    return _VARIABLE.sub(_replaced, value) if isinstance(value, str) else value


def _replaced(match: re.Match[str]) -> str:
    escaped, name, kind, text = match.groups()
    if escaped:
        return "$"
    return ENV.get(name, text) if kind == "-" else ENV[name]
