"""GraphQL as far as a shop's name needs it: one query of nested fields, without arguments."""

import re
from typing import Any, cast

Selection = dict[str, "Selection"]
"""The fields asked for, each with those below it; a leaf has none."""

_TOKEN = re.compile(r"\s*(?:#[^\n]*\n\s*)*([{}]|[A-Za-z_]\w*|\S)")
_OPERATION = re.compile(r"\s*(?:query\b\s*(?P<name>[A-Za-z_]\w*)?\s*(?:\(\s*\))?\s*)?(?=\{)")


class SelectionError(Exception):
    """A query that is answered with errors instead of data."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error["message"]))
        self.error = error


def parse(query: str) -> tuple[str, Selection]:
    """The operation as a path of errors names it, and what it selects."""
    operation = _OPERATION.match(query)
    if operation is None:
        raise _syntax_error(query.strip()[:20] or "end of file")
    tokens = _TOKEN.findall(query[operation.end() :])
    selection, rest = _braced(tokens)
    if rest:
        raise _syntax_error(rest[0])
    name = operation["name"]
    return f"query {name}" if name else "query", selection


def selected(
    selection: Selection, data: dict[str, Any], kind: str, path: tuple[str, ...]
) -> dict[str, Any]:
    """What a selection shows of data; an error for a field that the type does not have."""
    shown = dict[str, Any]()
    for name, below in selection.items():
        value = kind if name == "__typename" else data.get(name)
        if value is None:
            raise SelectionError(
                {
                    "message": f"Field '{name}' doesn't exist on type '{kind}'",
                    "locations": [{"line": 1, "column": 1}],
                    "path": [*path, name],
                    "extensions": {"code": "undefinedField", "typeName": kind, "fieldName": name},
                }
            )
        is_object = isinstance(value, dict)
        if is_object != bool(below):
            must = "must have" if is_object else "can't have"
            raise SelectionError(
                {
                    "message": f"Field '{name}' {must} selections",
                    "locations": [{"line": 1, "column": 1}],
                    "path": [*path, name],
                    "extensions": {"code": "selectionMismatch", "nodeName": f"field '{name}'"},
                }
            )
        if is_object:
            inner = cast("dict[str, Any]", value)
            shown[name] = selected(below, inner, name.capitalize(), (*path, name))
        else:
            shown[name] = value
    return shown


def _braced(tokens: list[str]) -> tuple[Selection, list[str]]:
    """The selection at the first brace, and the tokens behind its end."""
    selection, rest, last = Selection(), tokens[1:], ""
    while rest and rest[0] != "}":
        if rest[0] == "{" and last:
            selection[last], rest = _braced(rest)
            last = ""
        elif rest[0].isidentifier():
            last = rest[0]
            selection[last], rest = {}, rest[1:]
        elif rest[0] == ",":
            rest = rest[1:]
        else:
            raise _syntax_error(rest[0])
    if not rest:
        raise _syntax_error("end of file")
    if not selection:
        raise _syntax_error("}")
    return selection, rest[1:]


def _syntax_error(found: str) -> SelectionError:
    return SelectionError(
        {"message": f"syntax error, unexpected {found}", "locations": [{"line": 1, "column": 1}]}
    )
