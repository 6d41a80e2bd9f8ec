"""The `filtering` parameter: conditions on fields, all of which must hold."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from sandbox.meta.call import Call
from sandbox.meta.errors import bad_parameter


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared with one value, or several."""

    field: str
    operator: str
    value: Any

    def holds(self, found: str) -> bool:
        """Whether what was found for the field meets the condition."""
        return _OPERATORS[self.operator](found, self.value)


def conditions(call: Call) -> list[Condition]:
    """The conditions of a call; none if it sets none."""
    told = call.json_param("filtering")
    if told is None:
        return []
    if not isinstance(told, list):
        raise bad_parameter("param filtering must be an array.")
    return [_condition(one) for one in cast("list[Any]", told)]


def _condition(told: Any) -> Condition:
    match told:
        case {"field": str(field), "operator": str(operator), "value": value}:
            if operator not in _OPERATORS:
                raise bad_parameter(
                    f"param filtering[0][operator] must be one of {list(_OPERATORS)}"
                )
            return Condition(field, operator, value)
        case _:
            raise bad_parameter("param filtering[0] must have field, operator and value.")


def _words(value: Any) -> list[str]:
    words = cast("list[object]", value) if isinstance(value, list) else [value]
    return [str(word) for word in words]


def _compared(found: str, value: Any) -> int:
    """-1, 0 or 1; a field that is no number stands below every number."""
    try:
        one, other = Decimal(found), Decimal(str(value))
    except InvalidOperation:
        return -1
    return (one > other) - (one < other)


_OPERATORS: dict[str, Callable[[str, Any], bool]] = {
    "EQUAL": lambda found, value: found == str(value) or _compared(found, value) == 0,
    "NOT_EQUAL": lambda found, value: found != str(value),
    "IN": lambda found, value: found in _words(value),
    "NOT_IN": lambda found, value: found not in _words(value),
    "GREATER_THAN": lambda found, value: _compared(found, value) > 0,
    "GREATER_THAN_OR_EQUAL": lambda found, value: _compared(found, value) >= 0,
    "LESS_THAN": lambda found, value: _compared(found, value) < 0,
    "LESS_THAN_OR_EQUAL": lambda found, value: _compared(found, value) <= 0,
    "CONTAIN": lambda found, value: str(value).casefold() in found.casefold(),
    "NOT_CONTAIN": lambda found, value: str(value).casefold() not in found.casefold(),
    "STARTS_WITH": lambda found, value: found.casefold().startswith(str(value).casefold()),
}
