"""What a webhook of Clerk's says of a user."""

from dataclasses import dataclass

import msgspec

from accounts.clerk.users import ClerkId, ClerkUser, Instant, UserState, in_milliseconds, state_of

WRITTEN = frozenset({"user.created", "user.updated"})
DELETED = "user.deleted"


@dataclass(frozen=True, slots=True)
class UserGone:
    """Clerk has deleted a user."""

    clerk_id: str
    deleted_ms: int


class _Envelope(msgspec.Struct, frozen=True):
    type: str
    data: msgspec.Raw
    timestamp: Instant = 0


class _Deleted(msgspec.Struct, frozen=True):
    id: ClerkId


def said(body: bytes) -> UserState | UserGone | None:
    """None for an event of a type that changes nothing here; ValueError if it is malformed."""
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
        if envelope.type in WRITTEN:
            return state_of(msgspec.json.decode(envelope.data, type=ClerkUser))
        if envelope.type == DELETED:
            gone = msgspec.json.decode(envelope.data, type=_Deleted)
            return UserGone(gone.id, in_milliseconds(envelope.timestamp))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return None
