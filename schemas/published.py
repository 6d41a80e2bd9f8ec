"""The JSON Schema of each event type and version, as committed files that only grow.

`python -m schemas.published` writes what is missing. It refuses, as a test does, a change that
would turn an event away that an earlier file of the same version let in.
"""

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any, cast

import msgspec

from schemas.codec import EVENTS, type_of, version_of
from schemas.envelope import Envelope
from schemas.topics import Topic

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "json"


def schemas() -> dict[str, Json]:
    """By file name: `ad-metrics.hours_observation.v1.json`."""
    return {
        f"{topic.value}.{type_of(member)}.v{version_of(member)}.json": _schema(member)
        for topic in Topic
        for member in EVENTS[topic]
    }


def additions_only(old: Any, new: Any, path: str = "") -> list[str]:
    """What in `new` would refuse an event that `old` accepts; empty if nothing would.

    Allowed are new optional fields, wider numbers, longer texts and more words of an enumeration.
    Whatever else a schema says for the first time is a limit.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{path}: was {old!r}, is {new!r}"]
    return _of_objects(cast(Json, old), cast(Json, new), path)


def _of_objects(old: Json, new: Json, path: str) -> list[str]:
    found = [
        f"{path}/{name}: is required now"
        for name in set(new.get("required", ())) - set(old.get("required", ()))
    ]
    for name, value in old.items():
        where = f"{path}/{name}"
        if name in _SAYS_NOTHING or name == "required":
            continue
        if name not in new:
            if name not in _LIMITS:
                found.append(f"{where}: is gone")
        elif name in _LIMITS:
            if not _is_wider(name, value, new[name]):
                found.append(f"{where}: {value!r} became {new[name]!r}")
        elif name in {"enum", "anyOf"}:
            found += [f"{where}: {each!r} is gone" for each in value if each not in new[name]]
        elif name in _NAMED:
            found += _of_names(value, new[name], where)
        else:
            found += additions_only(value, new[name], where)
    added = new.keys() - old.keys() - _SAYS_NOTHING - {"required", "$defs"}
    return found + [f"{path}/{name}: is limited now" for name in sorted(added)]


def _of_names(old: Json, new: Json, path: str) -> list[str]:
    """Of fields and definitions: one may come, none may go, whatever it is called."""
    found: list[str] = []
    for name, value in old.items():
        where = f"{path}/{name}"
        found += additions_only(value, new[name], where) if name in new else [f"{where}: is gone"]
    return found


def write(folder: Path = FOLDER) -> None:
    """Write every schema file. Raises SystemExit, and writes none, if a change does not only add.

    What is published stays true of the events that lie in Kafka.
    """
    made = schemas()
    refused = [
        f"{name}{each}"
        for name, schema in made.items()
        if (folder / name).exists()
        for each in additions_only(json.loads((folder / name).read_text()), schema)
    ]
    if refused:
        raise SystemExit("; ".join(refused) + ". Raise the version and add an upcaster instead.")
    folder.mkdir(exist_ok=True)
    for name, schema in made.items():
        (folder / name).write_text(json.dumps(schema, indent=2) + "\n")


_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems"}
_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}
_LIMITS = _LEAST | _MOST
_NAMED = {"properties", "$defs"}
_SAYS_NOTHING = {"description", "title", "default", "examples"}
"""Keywords that turn no event away."""


def _is_wider(name: str, old: int, new: int) -> bool:
    return new <= old if name in _LEAST else new >= old


def _schema(member: type[Envelope]) -> Json:
    schema = _undented(msgspec.json.schema(member))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _undented(part: Any) -> Any:
    """Descriptions come from docstrings, whose indentation Python 3.13 takes away by itself."""
    if isinstance(part, dict):
        entries = cast(Json, part).items()
        return {
            name: cleandoc(value)
            if name == "description" and isinstance(value, str)
            else _undented(value)
            for name, value in entries
        }
    return [_undented(each) for each in cast("list[Any]", part)] if isinstance(part, list) else part


if __name__ == "__main__":
    write()
