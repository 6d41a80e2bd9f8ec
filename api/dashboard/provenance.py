"""What the dashboard says of itself: freshness, warnings, where a comparison is cut."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from api.dashboard.ask import Found
from api.dashboard.sums import DashboardSums
from api.shapes.dashboard import Comparison
from api.shapes.parts import Caution, Meta
from api.shapes.parts import Freshness as FreshnessShape
from readmodels.queries.axis import instant
from readmodels.queries.elapsed import cut_instant
from readmodels.queries.freshness import LATE_AFTER, Freshness
from readmodels.queries.ranges import ComparisonMode, DateRange
from readmodels.semantic.catalogue import METRICS
from readmodels.semantic.query import Grain

_MODES: dict[ComparisonMode, Literal["previous_period", "previous_year", "custom"]] = {
    ComparisonMode.PREVIOUS_PERIOD: "previous_period",
    ComparisonMode.PREVIOUS_YEAR: "previous_year",
    ComparisonMode.CUSTOM: "custom",
}
_FORMULAS = {metric.id: metric.formula for metric in METRICS}


def meta(found: Found, sums: DashboardSums) -> Meta:
    """Beside every figure: as of when, in which zone and currency, on whose word."""
    read = [each.observed_until for each in found.accounts if each.observed_until]
    now = found.asked.now
    return {
        "generated_at": instant(now),
        "as_of": instant(min(read)) if read else None,
        "position": found.position,
        "zone": found.frame.zone,
        "currency": found.currency,
        "basis": "platform",
        "attribution_window": "default",
        "formulas": _FORMULAS,
        "freshness": [_freshness(each, now) for each in found.accounts],
        "partial": [
            step.at for step, partial in zip(sums.axis, sums.partial, strict=True) if partial
        ],
        "warnings": warnings(found),
    }


def comparison(found: Found) -> Comparison | None:
    """The other period, and where both sides are cut if the range is not read to its end."""
    asked, framed = found.asked, found.frame
    if framed.other is None:
        return None
    until, notes = _cut(found)
    own, others = framed.days_compared
    if own != others:
        notes.append(f"Days compared: {own} of the range, {others} of the other period.")
    return {
        "mode": _MODES[asked.mode],
        "from": framed.other.first.isoformat(),
        "to": framed.other.last.isoformat(),
        "match_weekdays": asked.match_weekdays,
        "elapsed_only": framed.elapsed_only,
        "until": until,
        "note": " ".join(notes) or None,
    }


def warnings(found: Found) -> list[Caution]:
    """What a reader should know before trusting a number."""
    framed = found.frame
    made: list[Caution] = []
    if found.standing_still_since:
        since = instant(found.standing_still_since)
        text = f"Figures stand still since {since}: after an update they are being worked out anew."
        made.append({"code": "standing-still", "message": text})
    if found.other_currencies:
        left_out = ", ".join(found.other_currencies)
        text = f"Accounts in {left_out} are left out: amounts of other currencies are not added."
        made.append({"code": "several-currencies", "message": text})
    elif found.currency != found.asked.workspace.currency:
        text = f"Amounts are in {found.currency}, the currency of the accounts."
        made.append({"code": "other-currency", "message": text})
    zones = {each.zone for each in framed.reaches.values()}
    if zones - {framed.zone}:
        named = ", ".join(sorted(zones))
        text = f"Each account's dates are those of its own calendar ({named}); equal dates add up."
        made.append({"code": "several-zones", "message": text})
    chosen, other = found.asked.other, framed.other
    if chosen and other and chosen != other:
        text = f"Of {_named(chosen)} only {_named(other)} counts: as many days as the range has."
        made.append({"code": "shortened-comparison", "message": text})
    if framed.grain is Grain.HOUR:
        text = "Platforms date conversions by day; their hours are shared out by clicks."
        made.append({"code": "estimated-hours", "message": text})
    made += [_of_account(each, found) for each in found.accounts if _is_odd(each, found)]
    return made


def _cut(found: Found) -> tuple[str | None, list[str]]:
    """The earliest cut of any account, in its own calendar, and what it means."""
    framed = found.frame
    cuts = [
        (cut_instant(each.cut, framed.span.first, each.zone), each.zone)
        for each in framed.all_reaches
        if each.cut
    ]
    if not framed.elapsed_only or not cuts:
        return None, []
    at, zone = min(cuts)
    local = at.astimezone(ZoneInfo(zone))
    step = "quarter-hour" if framed.quarters else "hour"
    own, others = framed.days_compared
    who = "Both sides count" if own == others else "The range counts"
    whose = "their" if own == others else "its"
    note = f"{who} up to {local:%H:%M} of {whose} running date, the last whole {step} read"
    if len({cut for cut, _ in cuts}) > 1:
        note += "; each account up to where its own figures reach"
    return f"{local:%Y-%m-%d %H:%M}", [f"{note}."]


def _named(span: DateRange) -> str:
    first, last = (f"{day:%b} {day.day}, {day.year}" for day in (span.first, span.last))
    return first if first == last else f"{first} to {last}"


def _is_odd(each: Freshness, found: Found) -> bool:
    return each.status(found.asked.now) != "fresh"


def _of_account(each: Freshness, found: Found) -> Caution:
    status = each.status(found.asked.now)
    if each.observed_until is None:
        text = f"{each.name} was never read yet."
    else:
        zone = found.frame.zone
        at = each.observed_until.astimezone(ZoneInfo(zone))
        since = f"{at:%b} {at.day}, {at:%H:%M} ({zone})"
        text = f"{each.name} was last read on {since}; what came later is missing."
    if each.last_reason and status == "failing":
        text += f" The last attempt failed: {each.last_reason}"
    return {"code": f"{status}-account", "message": text}


def _freshness(each: Freshness, now: datetime) -> FreshnessShape:
    def said(at: datetime | None) -> str | None:
        return instant(at) if at else None

    return {
        "connection_id": str(each.connection_id),
        "provider": each.provider,
        "account_id": each.account_id,
        "label": each.name,
        "status": each.status(now),
        "last_success_at": said(each.last_success_at),
        "observed_until": said(each.observed_until),
        "data_from": each.data_from.isoformat() if each.data_from else None,
        "data_through": each.data_through.isoformat() if each.data_through else None,
        "lag_seconds": each.lag_seconds(now),
        "late_after_seconds": int(LATE_AFTER.total_seconds()),
        "reason": each.last_reason if each.last_outcome != "ok" else None,
        "next_step": each.last_next_step if each.last_outcome != "ok" else None,
    }
