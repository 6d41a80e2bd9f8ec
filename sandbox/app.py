"""The one process: journal, clock and books composed, and each room mounted under its path."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from sandbox.admin.clerk import ClerkRoutes
from sandbox.admin.routes import REFUSALS, AdminRoutes
from sandbox.admin.tokens import TokenRoutes
from sandbox.clerk.backend import ClerkBackend
from sandbox.clerk.keys import Keys
from sandbox.clerk.sign_in import SignIn
from sandbox.clerk.users import Users
from sandbox.clerk.webhooks import Webhooks
from sandbox.clock import Clock
from sandbox.consent import NotAskable, not_askable
from sandbox.faults import Faults
from sandbox.google.ads import GoogleAds
from sandbox.google.authorize import Authorize as GoogleAuthorize
from sandbox.google.tokens import GoogleTokens
from sandbox.grants import Grants
from sandbox.journal import Journal
from sandbox.meta.access import Access
from sandbox.meta.dialog import Dialog
from sandbox.meta.graph import Graph
from sandbox.meta.oauth import MetaOAuth
from sandbox.meta.routes import MetaRoutes
from sandbox.shop.ledger import Ledger
from sandbox.shop.plan import AccountPlan, ShopPlan
from sandbox.shopify.access import ShopAccess
from sandbox.shopify.authorize import Authorize as ShopifyAuthorize
from sandbox.shopify.graphql import ShopifyGraphql
from sandbox.shopify.tokens import ShopifyTokens

_EVERY_METHOD = ["GET", "POST", "DELETE"]


def create_app(journal: Journal, plan: ShopPlan, app_secret: str | None = None) -> Starlette:
    """The whole sandbox over one journal."""
    clock, faults, grants = Clock(journal), Faults(), Grants(journal)
    ledger = Ledger(plan, journal)
    users, keys = Users(journal, clock.now()), Keys(journal)
    webhooks = Webhooks(journal, clock)
    admin = (
        *AdminRoutes(ledger, clock, faults).routes(),
        *TokenRoutes(grants, clock).routes(),
        *ClerkRoutes(users, keys, webhooks, clock).routes(),
    )
    clerk = (
        *ClerkBackend(users, keys, faults).routes(),
        *SignIn(users, keys, webhooks, clock).routes(),
    )
    return Starlette(
        routes=[
            Mount("/admin", routes=admin),
            Mount("/meta", routes=_meta(ledger, journal, app_secret, grants, clock, faults)),
            Mount("/google", routes=_google(grants, clock, faults)),
            Mount("/shopify/{shop}", routes=_shopify(plan.accounts[0], grants, clock, faults)),
            Mount("/clerk", routes=clerk),
        ],
        exception_handlers={**REFUSALS, NotAskable: not_askable},
    )


def _meta(
    ledger: Ledger,
    journal: Journal,
    app_secret: str | None,
    grants: Grants,
    clock: Clock,
    faults: Faults,
) -> Sequence[BaseRoute]:
    access = Access(grants, app_secret)
    oauth = MetaOAuth(grants, access)
    meta = MetaRoutes(Graph(ledger, journal, access, oauth), clock, faults)
    return (
        *Dialog(oauth, clock).routes(),
        Route("/{path:path}", meta.answer, methods=_EVERY_METHOD),
    )


def _google(grants: Grants, clock: Clock, faults: Faults) -> Sequence[BaseRoute]:
    tokens = GoogleTokens(grants, clock, faults)
    return (
        *GoogleAuthorize(tokens, clock).routes(),
        *tokens.routes(),
        *GoogleAds(grants, clock, faults).routes(),
    )


def _shopify(
    advertiser: AccountPlan, grants: Grants, clock: Clock, faults: Faults
) -> Sequence[BaseRoute]:
    access = ShopAccess(grants)
    tokens = ShopifyTokens(grants, access, clock, faults)
    return (
        *ShopifyAuthorize(tokens, clock).routes(),
        *tokens.routes(),
        *ShopifyGraphql(access, advertiser, clock, faults).routes(),
    )
