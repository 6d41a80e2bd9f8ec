"""Meta's login dialog: the page on which a person lets metricx read ads, or does not."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.consent import Ask, approves, must_want_a_code, read_ask, way_back
from sandbox.meta.access import USER
from sandbox.meta.oauth import SCOPES, MetaOAuth, granted
from sandbox.pages import Consent, consent_page
from sandbox.token import META_APP_ID


class Dialog:
    """Asked on a page, decided by a form."""

    def __init__(self, oauth: MetaOAuth, clock: Clock) -> None:
        self._oauth, self._clock = oauth, clock

    def routes(self) -> list[Route]:
        """The dialog's address, with a version or without."""
        return [
            Route(f"{prefix}/dialog/oauth", endpoint, methods=[method])
            for prefix in ("/{version}", "")
            for method, endpoint in (("GET", self.ask), ("POST", self.decide))
        ]

    async def ask(self, request: Request) -> Response:
        """The page."""
        ask = _ask(request)
        return consent_page(
            Consent(
                title="metricx would like to read your ads",
                platform="Meta",
                person=USER["name"],
                allows=tuple(SCOPES[scope] for scope in granted(ask)),
                redirect_uri=ask.redirect_uri,
            )
        )

    async def decide(self, request: Request) -> Response:
        """Back to the client, with a code or with Meta's words for a refusal."""
        ask = _ask(request)
        if await approves(request):
            code = self._oauth.code(ask, self._clock.now())
            return way_back(ask.redirect_uri, {"code": code, "state": ask.state})
        refusal = {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
            "state": ask.state,
        }
        return way_back(ask.redirect_uri, refusal)


def _ask(request: Request) -> Ask:
    ask = read_ask(request.query_params, META_APP_ID, separator=",")
    must_want_a_code(request.query_params, default="code")
    return ask
