"""The one process: journal, clock and books composed, and each room mounted under its path."""

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from sandbox.admin.routes import REFUSALS, AdminRoutes
from sandbox.admin.tokens import TokenRoutes
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
from sandbox.shop.plan import ShopPlan
from sandbox.shopify.access import ShopAccess
from sandbox.shopify.authorize import Authorize as ShopifyAuthorize
from sandbox.shopify.graphql import ShopifyGraphql
from sandbox.shopify.tokens import ShopifyTokens


def create_app(journal: Journal, plan: ShopPlan, app_secret: str | None = None) -> Starlette:
    """The whole sandbox over one journal."""
    clock, ledger, faults = Clock(journal), Ledger(plan, journal), Faults()
    grants = Grants(journal)
    access = Access(grants, app_secret)
    oauth = MetaOAuth(grants, access)
    meta = MetaRoutes(Graph(ledger, journal, access, oauth), clock, faults)
    admin = AdminRoutes(ledger, clock, faults)
    google = GoogleTokens(grants, clock, faults)
    shop_access = ShopAccess(grants)
    shopify = ShopifyTokens(grants, shop_access, clock, faults)
    every_method = ["GET", "POST", "DELETE"]
    return Starlette(
        routes=[
            Mount("/admin", routes=[*admin.routes(), *TokenRoutes(grants, clock).routes()]),
            Mount(
                "/meta",
                routes=[
                    *Dialog(oauth, clock).routes(),
                    Route("/{path:path}", meta.answer, methods=every_method),
                ],
            ),
            Mount(
                "/google",
                routes=[
                    *GoogleAuthorize(google, clock).routes(),
                    *google.routes(),
                    *GoogleAds(grants, clock, faults).routes(),
                ],
            ),
            Mount(
                "/shopify/{shop}",
                routes=[
                    *ShopifyAuthorize(shopify, clock).routes(),
                    *shopify.routes(),
                    *ShopifyGraphql(shop_access, plan.accounts[0], clock, faults).routes(),
                ],
            ),
        ],
        exception_handlers={**REFUSALS, NotAskable: not_askable},
    )
