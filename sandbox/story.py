"""Which shop a state directory tells of: as it began, or at the first start as asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.shop.calendar import day_of
from sandbox.shop.plan import AccountPlan, PlanError, ShopPlan, default_accounts

_SEED, _DAYS = 7, 90
DEMO_ZONE = "America/New_York"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of the shop; None is left to the story, or to the defaults."""

    seed: int | None = None
    days: int | None = None
    start: date | None = None
    zone: str | None = None  # of the first account, unless `accounts` are asked for
    accounts: Sequence[AccountPlan] | None = None


def settled_plan(journal: Journal, asked: Asked) -> ShopPlan:
    """The journal's plan, or at the first start a new one; an error if what is asked differs.

    Without a start a new story ends today.
    """
    known = next(map(ShopPlan.from_record, journal.records("world")), None)
    if known is None:
        known = _new(asked, Clock(journal).now())
        journal.append({"kind": "world", **known.as_record()})
    differs = (
        asked.seed not in (None, known.seed)
        or asked.days not in (None, known.days)
        or asked.start not in (None, known.start)
        or not _same_accounts(asked, known)
    )
    if differs:
        raise PlanError(
            f"the state directory holds another shop (seed {known.seed}, {known.days} days from "
            f"{known.start}, accounts {', '.join(one.id for one in known.accounts)}); "
            "start it with those, or choose another directory"
        )
    return known


def _same_accounts(asked: Asked, known: ShopPlan) -> bool:
    if asked.accounts is None:
        return asked.zone in (None, known.accounts[0].zone)
    return tuple(asked.accounts) == known.accounts


def _new(asked: Asked, now: int) -> ShopPlan:
    days = _DAYS if asked.days is None else asked.days
    accounts = asked.accounts
    if accounts is None:
        accounts = default_accounts(asked.zone or DEMO_ZONE)
    start = asked.start
    if start is None:
        start = day_of(accounts[0].zone, now) - timedelta(days=days)
    seed = _SEED if asked.seed is None else asked.seed
    return ShopPlan(seed, start, days, tuple(accounts))
