"""Members of a JSON object by name, type and limit; whatever is amiss is poison."""

import json
import re
from datetime import date
from typing import Any, Literal
from uuid import UUID

from tests.oracle.facts import EPOCH

ID = re.compile(r"[^\0]{1,128}", re.DOTALL)
LABEL = re.compile(r"[^\0]{0,1024}", re.DOTALL)
WORD = re.compile(r"[a-z0-9_.-]{1,64}")
CURRENCY = re.compile(r"[A-Z]{3}")
SOURCE = re.compile(r".{0,64}", re.DOTALL)
LARGEST = 10**15
LARGEST_CONVERSION = 10**16
YEARS = range(2000, 2100)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_UUID = re.compile(
    r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{12}"
)


class PoisonError(ValueError):
    """A record that no projection can use; its row belongs in `dead_letter`."""


class Fields:
    """A JSON object whose members are taken by name and type, or are poison."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise PoisonError("not an object")
        self.members: dict[str, Any] = value

    def take(self, name: str) -> Any:
        """The member as it stands; null counts as there."""
        if name not in self.members:
            raise PoisonError(f"{name} is missing")
        return self.members[name]

    def text(self, name: str, form: re.Pattern[str]) -> str:
        """Text of that form, whole."""
        return text_of(self.take(name), form)

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the words."""
        value = self.text(name, LABEL)
        if value not in choices:
            raise PoisonError(f"{name} is unknown")
        return value

    def whole(self, name: str) -> int:
        """A figure: an integer that is neither negative nor beyond measure."""
        return figure_of(self.take(name))

    def uuid(self, name: str) -> str:
        """A UUID in its canonical lower-case text."""
        value = self.text(name, LABEL)
        if not _UUID.fullmatch(value):
            raise PoisonError(f"{name} is no UUID")
        return str(UUID(value))

    def day(self, name: str) -> date:
        """A date of the years that are kept."""
        value = _date(self.text(name, LABEL))
        if value.year not in YEARS:
            raise PoisonError(f"{name} is out of the years")
        return value

    def instant(self, name: str, years: range = YEARS) -> int:
        """Microseconds since 1970."""
        parts = _INSTANT.fullmatch(self.text(name, LABEL))
        if not parts:
            raise PoisonError(f"{name} is no instant")
        day = _date(parts[1])
        hour, minute, second = (int(part) for part in parts.group(2, 3, 4))
        if hour > 23 or minute > 59 or second > 59 or day.year not in years:
            raise PoisonError(f"{name} is no instant that is kept")
        seconds = (((day - EPOCH.date()).days * 24 + hour) * 60 + minute) * 60 + second
        if parts[6]:
            ahead = (int(parts[7]) * 60 + int(parts[8])) * 60
            seconds -= ahead if parts[6] == "+" else -ahead
        return seconds * 1_000_000 + int((parts[5] or "").ljust(6, "0"))

    def maybe(self, name: str, read: Literal["whole", "instant", "day"]) -> Any:
        """None where the member is null; it must be there."""
        return None if self.take(name) is None else getattr(self, read)(name)

    def maybe_text(self, name: str, form: re.Pattern[str]) -> str | None:
        """None where the member is null; it must be there."""
        return None if self.take(name) is None else self.text(name, form)

    def fields(self, name: str) -> "Fields":
        """The object within."""
        return Fields(self.take(name))

    def rows(self, name: str, width: int, most: int) -> list[list[Any]]:
        """A list of at most so many lists of that width."""
        rows = self.take(name)
        if not isinstance(rows, list) or len(rows) > most:
            raise PoisonError(f"{name} is no list, or too long")
        if any(not isinstance(row, list) or len(row) != width for row in rows):
            raise PoisonError(f"{name} holds a row of another width")
        return rows


def parsed(value: bytes) -> object:
    """The JSON value; raises PoisonError, also where NUL stands in any text."""
    if b"\\u0000" in value:
        raise PoisonError("NUL")
    try:
        return json.loads(value.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise PoisonError("no JSON") from error


def _no_constant(literal: str) -> None:
    raise PoisonError(f"{literal} is no JSON")


def _date(value: str) -> date:
    if not _DATE.fullmatch(value):
        raise PoisonError(f"{value} is no date")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PoisonError(f"{value} is no date") from error


def text_of(value: object, form: re.Pattern[str]) -> str:
    """Text of that form, whole."""
    if not isinstance(value, str) or not form.fullmatch(value):
        raise PoisonError("no text of that form")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise PoisonError("half a surrogate pair")
    return value


def figure_of(value: object, least: int = 0, most: int = LARGEST) -> int:
    """A whole number within measure."""
    if type(value) is not int or not least <= value <= most:
        raise PoisonError("no figure")
    return value
