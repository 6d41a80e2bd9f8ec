"""What somebody signs in with, in words."""

import pytest
from fastapi import Request

from web.agents import agent_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def asked_by(agent: str) -> Request:
    return Request({"type": "http", "headers": [(b"user-agent", agent.encode("latin-1"))]})


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Mobile Safari on iOS"),
        ("curl/8.5.0", "curl"),
        ("", None),
        ("something of my own", None),
        ("\xff\x00\x1b[31m", None),
    ],
)
def test_browser_and_system_are_named(header: str, words: str | None) -> None:
    """As people call them; None if neither is known."""
    assert agent_of(asked_by(header)) == words


@pytest.mark.parametrize("tail", ["x" * 60_000, "Bot" * 20_000, "\x07" * 600, "(" * 30_000])
def test_what_is_kept_is_short_and_one_line(tail: str) -> None:
    """The column takes 200 characters, whatever the header holds."""
    for header in (tail, f"{FIREFOX} {tail}", f"{tail[:400]}Bot/1.0"):
        words = agent_of(asked_by(header)) or ""
        assert len(words) <= 200
        assert words.isprintable()
