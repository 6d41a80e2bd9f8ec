"""Passwords that are refused because everybody tries them."""

import gzip
from pathlib import Path

import pytest

import accounts
from accounts.breached import LIST, is_breached
from accounts.passwords import SHORTEST

EMAIL = "ada.lovelace@example.com"
FILE = Path(accounts.__file__).parent / LIST


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PassWord",
        "12345678",
        "qwertyuiop",
        "iloveyou1",
        "ada.lovelace",
        "Ada.Lovelace1815",
        EMAIL,
        "metricx1",
        "MetricX!2026",
    ],
)
def test_what_everybody_tries_is_breached(password: str) -> None:
    """The list's in any case, and names with digits and signs around them."""
    assert is_breached(password, EMAIL)


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("correct horse battery", EMAIL),
        ("a long sentence is a good one", EMAIL),
        ("pässwörd 🔑 of mine", EMAIL),
        ("metricx and my ads", EMAIL),
        ("7310-2294-8156-0037", "123@example.com"),
    ],
)
def test_what_is_nobodys_first_guess_is_taken(password: str, email: str) -> None:
    """Whole passwords are compared, no parts of them; digits alone are no name."""
    assert not is_breached(password, email)


def test_the_list_is_whole() -> None:
    """10,000 or more, each as long as a password must be, folded, sorted, and small to ship."""
    listed = gzip.decompress(FILE.read_bytes()).decode().split("\n")
    assert len(listed) > 10_000
    assert listed == sorted({each.casefold() for each in listed})
    assert min(len(each) for each in listed) >= SHORTEST
    assert FILE.stat().st_size < 150_000
