"""Which credential of a request says who sent it: an API key, our cookie, or Clerk's token."""

from fastapi import Request

from accounts.api_keys import PREFIX
from accounts.session import COOKIE
from web.state import clerk_of

CLERK_COOKIE = "__session"
_SCHEME = "bearer "


def credential_of(request: Request) -> str:
    """What the caller is checked by; a stream has it checked again from time to time."""
    return key_of(request) or session_credential_of(request) or ""


def key_of(request: Request) -> str | None:
    """The API key of `Authorization: Bearer mx_live_…`; None if there is no such header."""
    said = _bearer(request)
    return said if said and said.startswith(PREFIX) else None


def session_credential_of(request: Request) -> str | None:
    """What the session check is asked about; None if the request brings nothing.

    Where Clerk signs in, its token in Authorization, else in `__session`; Clerk's browsers send
    `__session_<suffix>` beside it, which tells installations on one host apart.
    """
    clerk = clerk_of(request)
    if clerk is None:
        return request.cookies.get(COOKIE)
    if (said := _bearer(request)) is not None:
        return None if said.startswith(PREFIX) else said
    return clerk.verifier.newest(
        value
        for name, value in request.cookies.items()
        if name == CLERK_COOKIE or name.startswith(f"{CLERK_COOKIE}_")
    )


def _bearer(request: Request) -> str | None:
    header = request.headers.get("authorization", "")
    return header[len(_SCHEME) :].strip() if header[: len(_SCHEME)].lower() == _SCHEME else None
