"""`/auth/{provider}/start` and `/callback`: a person allows metricx to read, at the platform."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from accounts import consents
from accounts.audit import Actor
from accounts.connections import connection_of
from accounts.database import transaction
from accounts.permissions import Action, may
from accounts.session import Session
from ingest.http.asking import InLinking, configured
from ingest.http.problems import ProviderNotConfigured, is_passing
from ingest.http.shapes import ConsentAddress, ConsentStart, ProviderName
from ingest.linking import AccountClosed, Linking, OtherAccount
from ingest.providers.errors import ProviderError
from ingest.providers.oauth import Asked, NotGranted, OAuthProvider, in_time
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, SignedIn, allowed
from web.credentials import session_credential_of
from web.problems import FieldError, InvalidRequest, NotFound, Unavailable, problems
from web.state import sessions_of

router = APIRouter(prefix="/auth", tags=["Connections"])

log = structlog.get_logger(__name__)

_EXAMPLE: dict[str, Any] = {
    "content": {
        "application/json": {
            "example": {
                "authorize_url": "https://www.facebook.com/v26.0/dialog/oauth?client_id=1&state=x"
            }
        }
    }
}
_DENIED = "access_denied"
_WORD = re.compile(r"[a-z_]{1,40}")
_LONGEST = 4_096  # of a state or a code


class _Ended(Exception):
    """How a consent ended that came to nothing: the code that the page knows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@router.post(
    "/{provider}/start",
    operation_id="startConsent",
    responses={
        200: _EXAMPLE,
        **problems(
            NotSignedIn,
            NoWorkspace,
            NotAllowed,
            NotFound,
            ProviderNotConfigured,
            InvalidRequest,
            Unavailable,
        ),
    },
)
async def start_consent(
    provider: ProviderName,
    what: ConsentStart,
    session: SignedIn,
    by: Annotated[Acting, allowed(Action.MANAGE_CONNECTIONS, by_key=False)],
    linking: InLinking,
    request: Request,
) -> ConsentAddress:
    """The platform's page on which a person allows metricx to read, good for ten minutes.

    What comes back must come to the session that asks here, and while it acts in this workspace.
    """
    async with transaction(linking.control, workspace_id=by.workspace.id) as db:
        account_id = None
        if what.connection_id is not None:
            connection = await connection_of(db, what.connection_id)
            if connection is None or connection.provider != provider:
                raise NotFound
            account_id = connection.account_id
        platform = configured(linking, provider)
        shop = _shop(platform, what.shop, account_id)
        state, verifier = await consents.start(
            db,
            by.workspace.id,
            session_id=session.id,
            user_id=session.user_id,
            provider=provider,
            shop=shop,
            connection_id=what.connection_id,
        )
    asked = Asked(_redirect_uri(request, provider), verifier, shop)
    return ConsentAddress(authorize_url=platform.authorize_url(state, asked))


@router.get(
    "/{provider}/callback",
    operation_id="finishConsent",
    status_code=303,
    response_class=RedirectResponse,
    responses={
        303: {
            "description": "To the page of connections, with `consent`, `reconnected` or `problem`."
        },
        **problems(InvalidRequest, Unavailable),
    },
)
async def finish_consent(
    provider: ProviderName, request: Request, linking: InLinking
) -> RedirectResponse:
    """Where a platform sends the browser back to; it goes on to the page of connections.

    Of `problem`: consent-refused, consent-expired (a state that is unknown, used, old, or another
    session's, workspace's, platform's or shop's), other-account, account-closed, platform-refused,
    platform-away.
    """
    try:
        told = await _finish(provider, request, linking)
    except _Ended as ended:
        told = {"problem": ended.code, "provider": provider}
    except ProviderError as error:
        log.warning("consent failed", marker="[AUTH]", provider=provider, error=str(error)[:300])
        code = "platform-away" if is_passing(error) else "platform-refused"
        told = {"problem": code, "provider": provider}
    # Nothing of what came in goes out; the code in this address is nobody else's to see.
    return RedirectResponse(
        f"/app/connections?{urlencode(told)}",
        status_code=303,
        headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
    )


async def _finish(provider: ProviderName, request: Request, linking: Linking) -> dict[str, str]:
    """What the page is told of a consent that went well."""
    session = await sessions_of(request).check(session_credential_of(request))
    workspace = session.workspace if session else None
    platform = linking.providers.get(provider)
    answer = _answer(request)
    if (
        session is None
        or workspace is None
        or not may(workspace.role, Action.MANAGE_CONNECTIONS)
        or platform is None
        or not platform.is_configured
        or not platform.is_genuine(answer, datetime.now(UTC))
    ):
        raise _Ended("consent-expired")
    started = await _started(linking, platform, session, workspace.id, answer)
    if (refusal := answer.get("error") or answer.get("error_code")) is not None:
        word = refusal if _WORD.fullmatch(refusal) else "unknown"
        log.info("consent refused", marker="[AUTH]", provider=provider, error=word)
        raise _Ended("consent-refused" if refusal == _DENIED else "platform-refused")
    if not (code := answer.get("code")) or len(code) > _LONGEST:
        raise _Ended("platform-refused")
    asked = Asked(_redirect_uri(request, provider), started.verifier, started.shop)
    by = Actor("user", started.user_id)
    try:
        async with in_time():
            consent = await platform.exchange(code, asked)
        if started.connection_id is None:
            token_id = await linking.keep(workspace.id, started, consent, by)
            return {"consent": str(token_id), "provider": provider}
        await linking.connect_again(workspace.id, started.connection_id, started, consent, by)
    except NotGranted:
        raise _Ended("consent-refused") from None
    except OtherAccount:
        raise _Ended("other-account") from None
    except AccountClosed:
        raise _Ended("account-closed") from None
    return {"reconnected": str(started.connection_id)}


async def _started(
    linking: Linking,
    platform: OAuthProvider,
    session: Session,
    workspace_id: UUID,
    answer: Mapping[str, str],
) -> consents.Started:
    """What the state was made for; it is used up by this."""
    state = answer.get("state", "")
    shop = answer.get("shop", "").lower() if platform.has_shops else None
    async with transaction(linking.control, workspace_id=workspace_id) as db:
        started = await consents.finish(
            db, state[:_LONGEST], session_id=session.id, provider=platform.name, shop=shop
        )
    if started is None:
        raise _Ended("consent-expired")
    return started


def _answer(request: Request) -> Mapping[str, str]:
    """The parameters that came; none if one came twice, for then others read another."""
    answer = dict(request.query_params)
    return answer if len(answer) == len(request.query_params.multi_items()) else {}


def _shop(platform: OAuthProvider, shop: str | None, account_id: str | None) -> str | None:
    """Which shop is asked; that of a connection that is to be connected again is known."""
    if not platform.has_shops:
        if shop is not None:
            raise _invalid("This platform has no shops.")
        return None
    if account_id is not None and shop not in (None, account_id):
        raise _invalid("The connection is another shop's.")
    if (found := account_id or shop) is None:
        raise _invalid("Say which shop: its domain ends in .myshopify.com.")
    return found


def _invalid(message: str) -> InvalidRequest:
    return InvalidRequest(errors=[FieldError(pointer="/body/shop", code="shop", message=message)])


def _redirect_uri(request: Request, provider: str) -> str:
    """The same at both steps, to the byte; what the browser sent has no part in it."""
    return f"{request.app.state.public_url}/auth/{provider}/callback"
