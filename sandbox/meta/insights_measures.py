"""Adding up the shop's books: one sum of measures for each entity, span of days, and hour."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from sandbox.meta.call import View
from sandbox.meta.errors import bad_parameter
from sandbox.meta.filtering import Condition
from sandbox.meta.insights_request import LEVELS, Bucket, InsightsRequest, Level
from sandbox.meta.node_fields import effective_state
from sandbox.meta.paging import Place, Stretch
from sandbox.shop.ad_day import Figures
from sandbox.shop.calendar import day_of, days_between
from sandbox.shop.conversions import Kind
from sandbox.shop.hours import Hour
from sandbox.shop.world import Account, Ad, AdSet, Campaign


@dataclass(slots=True)
class Measures:
    """One row's sums."""

    ad: Ad  # any of those added up: it names the entity and what lies above it
    bucket: Bucket
    label: int | None  # of the hour; None without the hourly breakdown
    spend_micros: int = 0
    impressions: int = 0
    clicks: int = 0
    link_clicks: int = 0
    tallies: dict[Kind, tuple[int, int]] = field(default_factory=dict[Kind, tuple[int, int]])

    def add_hour(self, hour: Hour) -> None:
        """Add what one hour label measured."""
        self.spend_micros += hour.spend_micros
        self.impressions += hour.impressions
        self.clicks += hour.clicks
        self.link_clicks += hour.link_clicks

    def add_conversions(self, figures: Figures) -> None:
        """Add what an ad's day led to."""
        for kind, (count, value) in figures.conversions.items():
            counts, values = self.tallies.get(kind, (0, 0))
            self.tallies[kind] = (counts + count, values + value)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to report; such rows are left out."""
        return not (self.spend_micros or self.impressions or self.clicks or self.tallies)


def measured(
    request: InsightsRequest, view: View, part: Stretch | None = None
) -> list[tuple[Place, Measures]]:
    """The rows' sums with their places: entity, then days, then hour.

    All of them, or at least those of a stretch; a page of many thousand rows costs its own share.
    """
    rows = list[tuple[Place, Measures]]()
    for entity, ads in groupby(_ads(request, view), key=itemgetter(0)):
        if part and part.after and entity < part.after[0]:
            continue
        rows += _entity_rows(request, view, entity, [ad for _, ad in ads])
        if part and sum(place > part.after for place, _ in rows) >= part.enough:
            break
    return rows


def _entity_rows(
    request: InsightsRequest, view: View, entity: int, ads: list[Ad]
) -> list[tuple[Place, Measures]]:
    rows = dict[Place, Measures]()
    today = day_of(request.account.zone, view.now)
    for ad in ads:
        for number, bucket in enumerate(request.buckets):
            for day in days_between(bucket.first, min(bucket.last, today)):
                figures = view.ledger.figures(ad, day, view.now)
                for hour in figures.hours:
                    place = (entity, number, hour.label if request.hourly else 0)
                    if (row := rows.get(place)) is None:
                        label = hour.label if request.hourly else None
                        row = rows[place] = Measures(ad, bucket, label)
                    row.add_hour(hour)
                if figures.conversions and not request.hourly:
                    place = (entity, number, 0)
                    rows.setdefault(place, Measures(ad, bucket, None)).add_conversions(figures)
    return sorted((item for item in rows.items() if not item[1].is_empty), key=itemgetter(0))


def _ads(request: InsightsRequest, view: View) -> Iterator[tuple[int, Ad]]:
    """The ads in scope, with the number of the entity that each adds to; in order of entities."""
    numbers = dict[str, int]()
    conditions = request.entity_conditions
    for ad in _ads_below(request.scope):
        entity = entity_id(ad, request.level)
        number = numbers.setdefault(entity, len(numbers))
        if all(_holds(one, ad, view) for one in conditions):
            yield number, ad


def entity_id(ad: Ad, level: Level) -> str:
    """The id of the ad's entity at a level."""
    return (ad.account_id, ad.campaign_id, ad.adset_id, ad.id)[LEVELS.index(level)]


def _ads_below(scope: Account | Campaign | AdSet | Ad) -> Iterator[Ad]:
    match scope:
        case Ad():
            yield scope
        case AdSet(ads=ads):
            yield from ads
        case _:
            yield from scope.ads()


def _holds(condition: Condition, ad: Ad, view: View) -> bool:
    """Conditions on entities: campaign.id, ad.effective_status, or adset.name."""
    node, _, name = condition.field.partition(".")
    world = view.ledger.world
    things = {
        "ad": ad,
        "adset": world.adsets[ad.adset_id],
        "campaign": world.campaigns[ad.campaign_id],
    }
    if (thing := things.get(node)) is not None:
        match name:
            case "id":
                return condition.holds(thing.id)
            case "name":
                return condition.holds(thing.name)
            case "effective_status":
                return condition.holds(effective_state(thing, view))
            case _:
                pass
    raise bad_parameter(f"Filtering field '{condition.field}' is not supported.")
