"""What counts of what Clerk says of a user."""

from typing import Any

import msgspec
import pytest

from accounts.clerk.events import UserGone, said
from accounts.clerk.users import ClerkUser, state_of
from tests.accounts.clerk import user


def state(**changed: Any) -> Any:
    return state_of(msgspec.convert(user("user_2a", **changed), ClerkUser))


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({}, "Jane Doe"),
        ({"last_name": None}, "Jane"),
        ({"first_name": None, "last_name": None, "username": "jd"}, "jd"),
        ({"first_name": "", "last_name": " ", "email": "ada.l@example.com"}, "Ada L"),
        ({"first_name": None, "last_name": None, "email": None}, "Unnamed"),
        ({"first_name": "J\x00a\nne\x9f", "last_name": "\t"}, "J a ne"),
        ({"first_name": "x" * 100}, "x" * 80),
    ],
)
def test_a_name_is_one_line_and_never_empty(changed: dict[str, Any], name: str) -> None:
    """What is typed at Clerk goes into our pages and our database."""
    assert state(**changed).name == name


@pytest.mark.parametrize(
    ("changed", "email"),
    [
        ({"email": "Jane.Doe@EXAMPLE.com"}, "jane.doe@example.com"),
        ({"status": "unverified"}, None),
        ({"status": "expired"}, None),
        ({"email": None}, None),
        ({"primary_email_address_id": "idn_2"}, None),
        ({"primary_email_address_id": None}, None),
        ({"email": "no address"}, None),
        ({"email": "a\x00b@example.com"}, None),
    ],
)
def test_an_email_is_the_primary_one_if_it_is_verified(
    changed: dict[str, Any], email: str | None
) -> None:
    """In the one spelling in which e-mails are kept."""
    assert state(**changed).email == email


@pytest.mark.parametrize(
    ("timestamp", "deleted_ms"), [(1763660000123, 1763660000123), (1763660000, 1763660000000)]
)
def test_an_instant_is_read_in_seconds_and_in_milliseconds(timestamp: int, deleted_ms: int) -> None:
    """Told by its size."""
    body = {"type": "user.deleted", "timestamp": timestamp, "data": {"id": "user_2a"}}
    assert said(msgspec.json.encode(body)) == UserGone("user_2a", deleted_ms)


@pytest.mark.parametrize("kind", ["session.created", "organization.created", "email.created", ""])
def test_other_events_say_nothing(kind: str) -> None:
    """Whatever their data is."""
    assert said(msgspec.json.encode({"type": kind, "data": {"id": 7}})) is None
    assert said(msgspec.json.encode({"type": kind, "data": []})) is None
