"""GAQL as far as accounts need it: SELECT … FROM … WHERE … AND … ORDER BY … LIMIT …."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.google.errors import AdsError, invalid

_QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<resource>\w+)"
    r"(?:\s+WHERE\s+(?P<where>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>.+?))?"
    r"(?:\s+LIMIT\s+(?P<limit>\d+))?"
    r"(?:\s+PARAMETERS\s+.+)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(
    r"\s*(?P<field>[\w.]+)\s*(?P<operator>!=|<=|>=|=|<|>|NOT\s+IN|IN)\s*(?P<value>\(.*\)|\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_ORDER = re.compile(r"\s*(?P<field>[\w.]+)(?:\s+(?P<way>ASC|DESC))?\s*", re.IGNORECASE)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a WHERE."""

    field: str
    operator: str
    values: tuple[str, ...]

    def holds(self, value: object) -> bool:
        """Whether a row's value meets it; numbers are compared as numbers."""
        told = _comparable(value)
        asked = [_as(told, each) for each in self.values]
        match self.operator:
            case "IN":
                return told in asked
            case "NOT IN":
                return told not in asked
            case operator:
                return _COMPARED[operator](told, asked[0])


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read."""

    fields: tuple[str, ...]
    resource: str
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]  # field, and whether the greatest comes first
    limit: int | None


def parse(text: str) -> Query:
    """The query of a text; an error of Google's if it is none."""
    found = _QUERY.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    fields = tuple(field.strip() for field in found["fields"].split(","))
    if not all(re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", field) for field in fields):
        raise _unreadable(found["fields"])
    parts = re.split(r"\s+AND\s+", found["where"], flags=re.IGNORECASE) if found["where"] else []
    return Query(
        fields,
        found["resource"].lower(),
        tuple(map(_condition, parts)),
        tuple(map(_ordered, found["order"].split(","))) if found["order"] else (),
        int(found["limit"]) if found["limit"] else None,
    )


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    operator = " ".join(found["operator"].upper().split())
    value = found["value"].strip()
    listed = value.startswith("(") and value.endswith(")")
    if listed != operator.endswith("IN"):
        raise _unreadable(text)
    values = value[1:-1].split(",") if listed else [value]
    return Condition(found["field"], operator, tuple(each.strip().strip("'\"") for each in values))


def _ordered(text: str) -> tuple[str, bool]:
    found = _ORDER.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    return found["field"], (found["way"] or "").upper() == "DESC"


def _comparable(value: object) -> int | str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return int(text) if text.isdecimal() else text


def _as(told: int | str, text: str) -> int | str:
    if isinstance(told, str):
        return text.lower() if told in ("true", "false") else text
    if not text.isdecimal():
        raise invalid("queryError", "BAD_VALUE", f"Invalid value: '{text}' is not a number.")
    return int(text)


def _unreadable(text: str) -> AdsError:
    return invalid(
        "queryError", "UNEXPECTED_INPUT", f"Error in query: unexpected input {text.strip()[:40]}."
    )
