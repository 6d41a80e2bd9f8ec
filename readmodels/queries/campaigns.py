"""The campaigns that lead, with what they did in the other period, and how many there are."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from readmodels.queries.periods import Frame
from readmodels.semantic.answer import Answer, Row, Sums, added, answer, less
from readmodels.semantic.query import (
    Breakdown,
    Dimension,
    Filter,
    Order,
    SemanticQuery,
    Span,
)

CampaignKey = tuple[str, str, str]  # provider, account id, campaign id


class Campaign(Struct):
    """A campaign's sums: of the range, of its part that is compared, of the other period.

    The last two are None where the comparison is off, or its account stands still since before
    the dates that are cut.
    """

    key: CampaignKey
    name: str | None
    status: str | None
    sums: Sums
    compared: Sums | None
    previous: Sums | None


class TopCampaigns(Struct):
    """The first campaigns in an order; `count` is how many there are."""

    rows: list[Campaign]
    count: int


async def top_campaigns(
    db: AsyncConnection, asked: Frame, currency: str, order: Order, limit: int
) -> TopCampaigns:
    """The first `limit` campaigns of the range."""
    whole = Span(asked.span.first, asked.span.last)
    found = await answer(
        db,
        SemanticQuery(
            spans=(whole, *_other_spans(asked)),
            breakdown=Breakdown.CAMPAIGN,
            filters=(Filter(Dimension.CURRENCY, (currency,)),),
            order=order,
            limit=limit,
        ),
    )
    rows: dict[CampaignKey, list[Row]] = {}
    for row in found.rows:
        rows.setdefault((row.provider, row.account_id, row.campaign_id), []).append(row)
    campaigns = [_campaign(key, own, asked, found) for key, own in rows.items()]
    return TopCampaigns(campaigns, found.entities or 0)


def _other_spans(asked: Frame) -> tuple[Span, ...]:
    """The other period before the dates that are cut, and those dates of both in two parts."""
    if asked.other is None:
        return ()
    if asked.cut is None:
        return (Span(asked.other.first, asked.other.last),)
    first, days = asked.other.first, (asked.cut.first - asked.span.first).days
    last = min(first + timedelta(days=days - 1), asked.other.last)
    # Without a whole date before the cut, a span that holds nothing keeps the others' places.
    before = Span(first, last) if days else Span(date.min, date.min)
    return (before, *asked.cut_spans)


def _campaign(
    key: CampaignKey,
    rows: Sequence[Row],
    asked: Frame,
    found: Answer,
) -> Campaign:
    zero = found.zero()

    def total(span: int) -> Sums:
        return added((row.sums for row in rows if row.span == span), zero)

    sums, compared, previous = total(0), None, None
    reach = asked.of(rows[0])
    if asked.other and asked.cut is None:
        compared, previous = sums, total(1)
    elif asked.other and asked.cut and not _stands_still(asked, rows[0]):
        place = reach.cut.place if reach.cut else asked.span.days
        late = [row for row in rows if row.span == 2 and not _counts(row, asked.span.first, place)]
        early = [row for row in rows if row.span == 3 and _counts(row, asked.other.first, place)]
        compared = less(sums, added((row.sums for row in late), zero))
        previous = added([total(1), *(row.sums for row in early)], zero)
    return Campaign(key, rows[0].name, rows[0].status, sums, compared, previous)


def _counts(row: Row, first: date, place: int) -> bool:
    """Whether a part of a date lies before the cut, which is on the date at `place`."""
    own = (row.day - first).days
    return own < place or (own == place and row.part == 0)


def _stands_still(asked: Frame, row: Row) -> bool:
    cut = asked.of(row).cut
    if cut is None or asked.cut is None:
        return False
    return cut.place < (asked.cut.first - asked.span.first).days
