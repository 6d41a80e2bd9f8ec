"""The `fields` parameter, with what is nested in it: id,name,adsets.limit(50){id,ads{id}}."""

import re
from dataclasses import dataclass, field

from sandbox.meta.errors import GraphError

_TOKEN = re.compile(r"\s*([A-Za-z0-9_]+|\.|\(|\)|\{|\}|,)")
_MODIFIER = re.compile(r"\.([a-z_]+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Field:
    """A field asked for, with the parameters and fields of the edge it may be."""

    name: str
    params: dict[str, str] = field(default_factory=dict[str, str])
    inner: tuple["Field", ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """The fields of a comma list, in order and each once."""
    text = text.strip().removeprefix("[").removesuffix("]").replace('"', "")
    fields, rest = _several(text)
    if rest:
        raise _syntax_error(rest)
    return fields


def _several(text: str) -> tuple[tuple[Field, ...], str]:
    fields = dict[str, Field]()
    while text.strip() and not text.lstrip().startswith("}"):
        one, text = _one(text)
        fields[one.name] = one
        text = text.lstrip()
        if not text.startswith(","):
            break
        text = text[1:]
    return tuple(fields.values()), text.lstrip()


def _one(text: str) -> tuple[Field, str]:
    name = _TOKEN.match(text)
    if name is None or not name[1][0].isalnum():
        raise _syntax_error(text)
    text, params, inner = text[name.end() :], dict[str, str](), ()
    while modifier := _MODIFIER.match(text):
        params[modifier[1]] = modifier[2]
        text = text[modifier.end() :]
    if text.startswith("{"):
        inner, text = _several(text[1:])
        if not text.startswith("}"):
            raise _syntax_error(text)
        text = text[1:]
    return Field(name[1], params, inner), text


def _syntax_error(text: str) -> GraphError:
    found = text.strip()[:20] or "end of string"
    return GraphError(
        2500, f"Syntax error \"Expected name or end of string instead of '{found}'.\""
    )
