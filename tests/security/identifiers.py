"""Every identifier that a route takes, and where it stands, read from the OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Place = str
"""`path`, `query` or `body`."""


@dataclass(frozen=True)
class Identifier:
    """One identifier of one operation."""

    method: str
    path: str
    operation: str
    place: Place
    name: str
    is_list: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.place}.{self.name}"


def identifiers(document: Mapping[str, Any]) -> Iterator[Identifier]:
    """All of them: each part of a path, and whatever else has the format of an id."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            named = (method.upper(), path, operation["operationId"])
            for each in operation.get("parameters", ()):
                if each["in"] == "path" or _is_id(each["schema"], document):
                    yield Identifier(*named, each["in"], each["name"])
            for name, schema in _body(operation, document).items():
                if _is_id(schema, document) or name.endswith(("_id", "_ids")):
                    yield Identifier(*named, "body", name, schema.get("type") == "array")


def _body(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return _resolved(schema, document).get("properties", {})


def _is_id(schema: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    resolved = _resolved(schema, document)
    either = (resolved, *resolved.get("anyOf", ()), resolved.get("items", {}))
    return any(each.get("format") == "uuid" for each in either)


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
