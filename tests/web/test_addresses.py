"""By which address a request is counted."""

import pytest
from starlette.types import Scope

from web.addresses import address_of


def asked(*forwarded: str, socket: str | None = "10.0.0.9") -> Scope:
    """A request from this socket, with these lines of X-Forwarded-For."""
    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"type": "http", "client": socket and (socket, 1234), "headers": lines}


@pytest.mark.parametrize(
    ("trusted_proxies", "found"),
    [
        (0, "10.0.0.9"),
        (1, "203.0.113.3"),
        (2, "203.0.113.2"),
        (3, "203.0.113.1"),
        (8, "203.0.113.1"),
    ],
)
def test_only_what_trusted_proxies_append_is_believed(trusted_proxies: int, found: str) -> None:
    """Each names who asked it: the last entries, as many as there are proxies of ours."""
    said = asked("203.0.113.1, 203.0.113.2, 203.0.113.3")
    assert address_of(said, trusted_proxies) == found


@pytest.mark.parametrize(
    "invented", ["198.51.100.7", "198.51.100.7, 192.0.2.1", "::1", "x" * 5_000]
)
@pytest.mark.parametrize(
    ("trusted_proxies", "appended"), [(1, ["9.9.9.9"]), (2, ["9.9.9.9", "8.8.8.8"])]
)
def test_what_a_client_invents_changes_nothing(
    invented: str, trusted_proxies: int, appended: list[str]
) -> None:
    """It stands before what the proxies append, in the same line or in one of its own."""
    for lines in (
        [", ".join([invented, *appended])],
        [invented, *appended],
        [invented, ",".join(appended)],
    ):
        assert address_of(asked(*lines), trusted_proxies) == "9.9.9.9"


def test_without_what_a_proxy_should_say_the_socket_counts() -> None:
    """Nobody came through it, or it says nothing that is an address."""
    assert address_of(asked(), 1) == "10.0.0.9"
    assert address_of(asked("unknown"), 1) == "10.0.0.9"
    assert address_of(asked("_hidden, 203.0.113.5"), 2) == "203.0.113.5"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("203.0.113.5:4711", "203.0.113.5"),
        ("[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        (" 203.0.113.5 ", "203.0.113.5"),
    ],
)
def test_an_address_has_one_spelling(said: str, found: str) -> None:
    """IPv6 by its /64, which one subscriber holds whole; IPv4 however it is dressed."""
    assert address_of(asked(said), 1) == found


def test_a_socket_without_an_address_is_one_caller() -> None:
    """A unix socket; everybody behind it is counted together."""
    assert address_of(asked(socket=None), 0) == ""
