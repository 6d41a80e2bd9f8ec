"""Shopify's consent page: a shop's owner lets metricx read it, or does not."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.consent import Ask, NotAskable, approves, read_ask, way_back
from sandbox.pages import Consent, consent_page
from sandbox.shopify.callback import signed
from sandbox.shopify.stores import is_store
from sandbox.shopify.tokens import ShopifyTokens
from sandbox.token import SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET

_MEANINGS = {
    "read_orders": "See orders of the last 60 days.",
    "read_all_orders": "See orders of all time.",
    "read_products": "See products and collections.",
    "read_customers": "See customers.",
    "read_inventory": "See what products cost and how many there are.",
    "write_pixels": "Add a pixel to the shop.",
    "read_customer_events": "See what visitors of the shop do.",
}


class Authorize:
    """Asked on a page, decided by a form."""

    def __init__(self, tokens: ShopifyTokens, clock: Clock) -> None:
        self._tokens, self._clock = tokens, clock

    def routes(self) -> list[Route]:
        """The page's address, below a shop's."""
        return [
            Route("/admin/oauth/authorize", self.ask),
            Route("/admin/oauth/authorize", self.decide, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page."""
        shop, ask = _ask(request)
        allows = tuple(_MEANINGS.get(scope, f"Use {scope}.") for scope in ask.scopes)
        return consent_page(
            Consent(
                title="metricx would like to read your shop",
                platform="Shopify",
                person=f"Dana Owner, who owns {shop}",
                allows=allows or ("See the shop's name.",),
                redirect_uri=ask.redirect_uri,
            )
        )

    async def decide(self, request: Request) -> Response:
        """Back to the client, signed; with a code, or with an error for a refusal."""
        shop, ask = _ask(request)
        now = self._clock.now()
        if await approves(request):
            told = {"code": self._tokens.code(ask, shop, now)}
        else:
            told = {"error": "access_denied", "error_description": "The owner refused."}
        told["state"] = ask.state
        return way_back(ask.redirect_uri, signed(told, shop, now, SHOPIFY_CLIENT_SECRET))


def _ask(request: Request) -> tuple[str, Ask]:
    shop = request.path_params["shop"]
    if not is_store(shop):
        raise NotAskable("No shop has that name: it must end in .myshopify.com.")
    if request.query_params.get("grant_options[]"):
        raise NotAskable("Tokens of a single user are not simulated.")
    return shop.lower(), read_ask(request.query_params, SHOPIFY_CLIENT_ID, separator=",")
