"""Google's consent page: a person lets metricx read Google Ads, or does not."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.consent import Ask, NotAskable, approves, must_want_a_code, read_ask, way_back
from sandbox.google.tokens import GoogleTokens
from sandbox.pages import Consent, consent_page
from sandbox.token import GOOGLE_CLIENT_ID

ADS_SCOPE = "https://www.googleapis.com/auth/adwords"
PERSON = "Dana Owner (dana.owner@example.com)"


class Authorize:
    """Asked on a page, decided by a form."""

    def __init__(self, tokens: GoogleTokens, clock: Clock) -> None:
        self._tokens, self._clock = tokens, clock

    def routes(self) -> list[Route]:
        """The page's address."""
        return [
            Route("/o/oauth2/v2/auth", self.ask),
            Route("/o/oauth2/v2/auth", self.decide, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page."""
        ask = _ask(request.query_params)
        return consent_page(
            Consent(
                title="metricx would like to read your ads",
                platform="Google",
                person=PERSON,
                allows=("See your Google Ads accounts, campaigns, ads and their figures.",),
                redirect_uri=ask.redirect_uri,
            )
        )

    async def decide(self, request: Request) -> Response:
        """Back to the client, with a code or with Google's word for a refusal."""
        params = request.query_params
        ask = _ask(params)
        if not await approves(request):
            return way_back(ask.redirect_uri, {"error": "access_denied", "state": ask.state})
        code = self._tokens.code(
            ask,
            self._clock.now(),
            challenge=params.get("code_challenge"),
            is_offline=params.get("access_type") == "offline",
            asks_again="consent" in params.get("prompt", "").split(),
        )
        told = {"state": ask.state, "code": code, "scope": " ".join(ask.scopes)}
        return way_back(ask.redirect_uri, told)


def _ask(params: Mapping[str, str]) -> Ask:
    ask = read_ask(params, GOOGLE_CLIENT_ID)
    must_want_a_code(params)
    if ADS_SCOPE not in ask.scopes:
        raise NotAskable(f"scope must hold {ADS_SCOPE}.")
    if params.get("code_challenge") and params.get("code_challenge_method") != "S256":
        raise NotAskable("code_challenge_method must be S256.")
    return ask
