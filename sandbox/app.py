"""The one process: journal, clock and books composed, and each room mounted under its path."""

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from sandbox.admin.routes import REFUSALS, AdminRoutes
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.meta.graph import Graph
from sandbox.meta.routes import MetaRoutes
from sandbox.shop.ledger import Ledger
from sandbox.shop.plan import ShopPlan


def create_app(journal: Journal, plan: ShopPlan, app_secret: str | None = None) -> Starlette:
    """The whole sandbox over one journal."""
    clock, ledger, faults = Clock(journal), Ledger(plan, journal), Faults()
    meta = MetaRoutes(Graph(ledger, journal, app_secret), clock, faults)
    admin = AdminRoutes(ledger, clock, faults)
    return Starlette(
        routes=[
            Mount("/admin", routes=admin.routes()),
            Route("/meta/{path:path}", meta.answer, methods=["GET", "POST", "DELETE"]),
        ],
        exception_handlers=REFUSALS,
    )
