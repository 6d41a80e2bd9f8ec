"""What somebody signs in with, in words: "Firefox on Linux"."""

from fastapi import Request
from ua_parser import parse

_LONGEST_HEADER = 500  # characters: the rest would only cost time
_LONGEST_NAME = 60


def agent_of(request: Request) -> str | None:
    """Browser and system by their names, never the header itself; None if it tells neither."""
    found = parse(request.headers.get("user-agent", "")[:_LONGEST_HEADER])
    browser = _name(found.user_agent.family) if found.user_agent else None
    system = _name(found.os.family) if found.os else None
    return " on ".join(each for each in (browser, system) if each) or None


def _name(family: str) -> str | None:
    """Some families hold a word of the header."""
    return "".join(each for each in family if each.isprintable())[:_LONGEST_NAME].strip() or None
