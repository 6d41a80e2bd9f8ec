"""The one process: journal, clock and books composed, and each room mounted under its path."""

from datetime import date, timedelta

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from sandbox.admin.routes import REFUSALS, AdminRoutes
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.meta.graph import Graph
from sandbox.meta.routes import MetaRoutes
from sandbox.shop.calendar import day_of
from sandbox.shop.ledger import Ledger
from sandbox.shop.plan import AccountPlan, PlanError, ShopPlan


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


def settled_plan(
    journal: Journal,
    seed: int,
    days: int,
    start: date | None,
    accounts: tuple[AccountPlan, ...],
) -> ShopPlan:
    """The journal's plan, or at the first start a new one; an error if they contradict.

    Without `start` a new story ends today, and an old one goes on as it began.
    """
    known = next(map(ShopPlan.from_record, journal.records("world")), None)
    if known is None:
        if start is None:
            start = day_of(accounts[0].zone, Clock(journal).now()) - timedelta(days=days)
        known = ShopPlan(seed, start, days, accounts)
        journal.append({"kind": "world", **known.as_record()})
    asked = ShopPlan(seed, start or known.start, days, accounts)
    if asked != known:
        raise PlanError(
            f"the state directory holds another shop (seed {known.seed}, {known.days} days from "
            f"{known.start}, accounts {', '.join(one.id for one in known.accounts)}); "
            "start it with those, or choose another directory"
        )
    return known
