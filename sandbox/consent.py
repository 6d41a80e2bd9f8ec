"""What all consents share: who asks and for what, the person's decision, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from sandbox.pages import error_page


class NotAskable(Exception):
    """A consent that cannot be asked for: told on a page, since nobody is known to go back to."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client asks a person for."""

    client_id: str
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]


def read_ask(params: Mapping[str, str], client_id: str, *, separator: str | None = None) -> Ask:
    """The ask of an address; scopes are separated by blanks, or by `separator`."""
    if params.get("client_id") != client_id:
        raise NotAskable("No app has the client_id that was sent.")
    redirect_uri, state = params.get("redirect_uri", ""), params.get("state", "")
    back = urlsplit(redirect_uri)
    if back.scheme not in ("http", "https") or not back.netloc or back.fragment:
        raise NotAskable("redirect_uri is missing, or is not a whole address without a fragment.")
    if not state:
        raise NotAskable("state is missing.")
    scopes = params.get("scope", "").split(separator)
    return Ask(client_id, redirect_uri, state, tuple(s.strip() for s in scopes if s.strip()))


def must_want_a_code(params: Mapping[str, str], *, default: str = "") -> None:
    """An error unless the client asks for a code."""
    if params.get("response_type", default) != "code":
        raise NotAskable("response_type must be code.")


async def approves(request: Request) -> bool:
    """What the person pressed."""
    form = dict(parse_qsl((await request.body()).decode(errors="replace")))
    match form.get("decision"):
        case "approve":
            return True
        case "refuse":
            return False
        case _:
            raise NotAskable("decision must be approve or refuse.")


def way_back(redirect_uri: str, params: Mapping[str, str]) -> RedirectResponse:
    """To the client, with more parameters behind those that its address has."""
    back = urlsplit(redirect_uri)
    query = "&".join(part for part in (back.query, urlencode(params)) if part)
    return RedirectResponse(urlunsplit(back._replace(query=query)), 302)


async def not_askable(_: Request, error: Exception) -> HTMLResponse:
    """The page that says why nothing can be asked for."""
    return error_page(str(error))
