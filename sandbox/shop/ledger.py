"""The shop's books: every ad's day as of an instant, with what was injected; kept on the disk."""

from collections import defaultdict
from datetime import date

from sandbox.journal import Journal
from sandbox.shop.ad_day import NOTHING, AdDay, Figures, draw
from sandbox.shop.build import build_world
from sandbox.shop.calendar import days_between, local_day
from sandbox.shop.changes import KINDS, Change, as_record, from_record
from sandbox.shop.plan import ShopPlan
from sandbox.shop.world import Account, Ad

_Key = tuple[str, date]


class Ledger:
    """What is true of a shop: a pure function of (plan, instant, injected changes)."""

    def __init__(self, plan: ShopPlan, journal: Journal) -> None:
        self.plan = plan
        self.world = build_world(plan)
        self._journal = journal
        self._days = dict[_Key, AdDay]()
        self._changes = defaultdict[_Key, list[Change]](list)
        for record in journal.records(*KINDS):
            change = from_record(record)
            self._changes[change.ad_id, change.day].append(change)

    def figures(self, ad: Ad, day: date, instant: int) -> Figures:
        """What the platform says, as of an instant, of one ad's local date."""
        if day < self.plan.start and (ad.id, day) not in self._changes:
            return NOTHING
        return self._day(ad, day).at(instant)

    def spend_micros(self, ad: Ad, day: date, instant: int) -> int:
        """What the ad's local date had cost as of an instant."""
        return sum(hour.spend_micros for hour in self.figures(ad, day, instant).hours)

    def days_until(self, last: date) -> list[date]:
        """Every date with figures up to one, including those that only a change gave any."""
        earlier = {day for _, day in self._changes if day < self.plan.start}
        return sorted(earlier) + days_between(self.plan.start, last)

    def inject(self, change: Change) -> None:
        """Lay a change over the figures, from its instant on; it is on the disk on return."""
        self._journal.append(as_record(change))
        key = (change.ad_id, change.day)
        self._changes[key].append(change)
        if key in self._days:
            self._days[key].add(change)

    def changes(self) -> list[Change]:
        """Every injected change, in the order of ads and days first touched."""
        return [change for changes in self._changes.values() for change in changes]

    def account_of(self, ad: Ad) -> Account:
        """The account that an ad belongs to."""
        return self.world.accounts[ad.account_id]

    def _day(self, ad: Ad, day: date) -> AdDay:
        key = (ad.id, day)
        known = self._days.get(key)
        if known is None:
            zone = self.account_of(ad).zone
            index = (day - self.plan.start).days
            drawn = draw(self.plan.seed, ad, zone, local_day(zone, day), index, self.plan.days)
            known = self._days[key] = AdDay(drawn, list(self._changes.get(key, ())))
        return known
