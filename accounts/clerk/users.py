"""What Clerk says of a user, on the wire and as far as it matters here."""

import re
from dataclasses import dataclass
from typing import Annotated

import msgspec

from accounts.users import name_from, normalised

LONGEST_NAME = 80
NAMELESS = "Unnamed"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SECONDS_END = 10**11  # as milliseconds a day of 1973, as seconds one of the year 5138

ClerkId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,200}$")]
Instant = Annotated[float, msgspec.Meta(ge=0, le=2**53)]


class Verification(msgspec.Struct, frozen=True):
    """How an address was proved."""

    status: str | None = None


class Address(msgspec.Struct, frozen=True):
    """One of a user's e-mail addresses."""

    id: str
    email_address: str
    verification: Verification | None = None


class ClerkUser(msgspec.Struct, frozen=True):
    """A user as webhooks and the Backend API give them."""

    id: ClerkId
    updated_at: Instant
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    primary_email_address_id: str | None = None
    email_addresses: list[Address] = []


@dataclass(frozen=True, slots=True)
class UserState:
    """A user at one instant of Clerk's; the greater `updated_ms` is the newer."""

    clerk_id: str
    updated_ms: int
    name: str  # one line, never empty
    email: str | None  # normalised; None: no primary address, or nobody has proved it


def state_of(user: ClerkUser) -> UserState:
    """What counts of it: a name to show, and the primary address if it is verified."""
    email = _verified_email(user)
    full_name = " ".join(filter(None, (user.first_name, user.last_name)))
    name = _one_line(full_name) or _one_line(user.username or "")
    return UserState(
        clerk_id=user.id,
        updated_ms=in_milliseconds(user.updated_at),
        name=name or (name_from(email) if email else NAMELESS),
        email=email,
    )


def in_milliseconds(instant: float) -> int:
    """An instant that Clerk gives, whichever of the two units it uses."""
    return int(instant * 1000 if instant < _SECONDS_END else instant)


def _verified_email(user: ClerkUser) -> str | None:
    for address in user.email_addresses:
        proved = address.verification is not None and address.verification.status == "verified"
        if address.id == user.primary_email_address_id and proved:
            try:
                return normalised(address.email_address)
            except ValueError:
                return None
    return None


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()[:LONGEST_NAME].strip()
