"""Several shops over some days, as a poller would tell of them; a function of (seed, shape)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from tests.streams.calendars import calendar
from tests.streams.events import (
    Figures,
    Message,
    Owner,
    Path,
    ad_entity,
    coverage,
    day_observation,
    hours_observation,
    sync_requested,
    sync_run,
    zulu,
)

ZONES = ("America/New_York", "Asia/Kolkata", "UTC", "Asia/Kathmandu")

FALL_BACK = date(2031, 11, 2)
"""A date of 25 hours in New York; far ahead, so that it stays open."""

SPRING_GAP = date(2031, 3, 9)
"""A date of 23 hours in New York."""

LONG_CLOSED = date(2024, 2, 29)
"""A date whose quarter-hours are gone."""

DAYS = (SPRING_GAP, FALL_BACK, LONG_CLOSED)


@dataclass(frozen=True)
class Shape:
    """How large the world is, how often it is read and how restless its platform is."""

    workspaces: int = 2
    accounts: int = 2
    ads: int = 4
    days: Sequence[date] = DAYS
    polls: int = 20
    zeroed: float = 0.1  # share of ads and days that a later read no longer holds
    restated: float = 0.3  # share of ads and days that a later read lowers
    unsure: float = 0.02  # share of readings told twice with other figures at one instant


@dataclass(frozen=True)
class Ad:
    """One ad with the path, currency and temper that it has on one date."""

    owner: Owner
    path: Path
    moved: Path
    currency: str
    finals: tuple[tuple[int, ...], ...]  # what each label comes to, if nothing is taken back
    lowered: float
    gone_after: float  # in days from the start of the date; more than all reads: never
    wobble: Random = field(compare=False)


def world(seed: int, shape: Shape = Shape()) -> Iterator[Message]:
    """Every event in the order in which a faultless poller would publish it."""
    random = Random(seed)
    owners = [
        Owner(UUID(int=random.getrandbits(128), version=4), f"act_{number}")
        for number in range(shape.workspaces)
    ]
    for owner in owners:
        for number in range(shape.accounts):
            account = Owner(owner.workspace, f"{owner.account}{number}")
            zone = ZONES[(number + owners.index(owner)) % len(ZONES)]
            for day in shape.days:
                yield from _account_day(account, day, zone, shape, random)


def _account_day(
    owner: Owner, day: date, zone: str, shape: Shape, random: Random
) -> Iterator[Message]:
    """All reads of one account's date: through the date, its night, and days later."""
    local = calendar(day, zone)
    ads = [_ad(owner, number, shape, random) for number in range(shape.ads)]
    length = (local.ends_at - local.starts_at) / timedelta(days=1)
    through = sorted(random.uniform(0, length * 1.05) for _ in range(shape.polls))
    for days_in in (*through, 1.3, 3.2, 6.1):
        at = local.starts_at + timedelta(days=days_in)
        # Most reads begin at some microsecond; some at the very edge of a quarter-hour.
        if random.random() < 0.2:
            at = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
        yield sync_requested(owner, _connection(owner), at - timedelta(seconds=1))
        yield from _entities(ads, at, random)
        events = 0
        for ad in ads:
            if days_in < ad.gone_after:
                for message in _readings(ad, day, zone, at, days_in, shape):
                    yield message
                    events += 1
        # A read that broke off half-way publishes no coverage.
        whole = random.random() < 0.9
        yield from _unbroken(ads[0], day, zone, at, days_in)
        if whole:
            yield coverage(owner, "ad", "hours", day, at)
            yield coverage(owner, "campaign", "hours", day, at)
            yield coverage(owner, "ad", "day", day, at)
        yield _run(owner, day, at, whole, events, random)


def _ad(owner: Owner, number: int, shape: Shape, random: Random) -> Ad:
    campaign, adset = f"c-{number // 2}", f"s-{number}"
    return Ad(
        owner=owner,
        path=Path(campaign, adset, f"a-{number}"),
        moved=Path("c-moved", "s-moved", f"a-{number}") if random.random() < 0.1 else Path(),
        currency="EUR" if random.random() < 0.1 else "USD",
        finals=tuple(_final(random) for _ in range(24)),
        lowered=random.uniform(0.2, 0.95) if random.random() < shape.restated else 1,
        gone_after=random.uniform(0.3, 6) if random.random() < shape.zeroed else 99,
        wobble=Random(random.getrandbits(64)),
    )


def _final(random: Random) -> tuple[int, ...]:
    if random.random() < 0.3:
        return (0, 0, 0, 0)
    impressions = random.randrange(1, 5_000)
    clicks = random.randrange(impressions)
    return (random.randrange(1, 90_000_000), impressions, clicks, random.randrange(clicks + 1))


def _readings(
    ad: Ad, day: date, zone: str, at: datetime, days_in: float, shape: Shape
) -> Iterator[Message]:
    """The ad's hours and conversions at an instant, now and then told twice."""
    times = 2 if ad.wobble.random() < shape.unsure else 1
    for _ in range(times):
        path = ad.moved if ad.moved.ad and days_in > 3 else ad.path
        currency = "GBP" if ad.currency == "EUR" and days_in > 6 else ad.currency
        hours = _hours(ad, day, zone, at, days_in)
        local = calendar(day, zone)
        yield hours_observation(ad.owner, "ad", path, day, hours, at, local, currency)
        clicks = sum(figures[2] for figures in hours.values() if not isinstance(figures, int))
        bought = clicks * 30_000  # three purchases in a hundred clicks, in micros
        conversions = [
            ("purchase", window, bought * share, bought * share * 40)
            for window, share in (("default", 3), ("7d_click", 2), ("1d_view", 1))
        ]
        # Platforms take leads back, below zero too.
        conversions.append(("lead", "default", ad.wobble.randrange(-9, 9) * 1_000_000, 0))
        yield day_observation(ad.owner, "ad", path, day, conversions, at, currency=currency)


def _unbroken(ad: Ad, day: date, zone: str, at: datetime, days_in: float) -> Iterator[Message]:
    """A campaign whose hours are not broken down to ads, with an ad set that has days alone."""
    owner, hours = ad.owner, _hours(ad, day, zone, at, days_in)
    if days_in < ad.gone_after:
        local = calendar(day, zone)
        yield hours_observation(owner, "campaign", Path("c-max"), day, hours, at, local)
    delivery = (int(1_000_000 * days_in), 30, 20, 10)
    yield day_observation(owner, "adset", Path("c-max", "s-max"), day, (), at, delivery)


def _hours(ad: Ad, day: date, zone: str, at: datetime, days_in: float) -> dict[int, Figures]:
    """What each label holds at the instant: grown with its time, lowered when restated."""
    local = calendar(day, zone)
    factor = ad.lowered if days_in > 0.6 else 1
    factor *= 1 + ad.wobble.choice((0, 0, 0, 0.03, -0.02))
    hours: dict[int, Figures] = {}
    for label, finals in enumerate(ad.finals):
        starts = local.label_starts_at(label)
        length = timedelta(seconds=local.hour_seconds[label])
        if not length or at <= starts or not any(finals):
            continue
        seen = min((at - starts) / length, 1) * factor
        figures = tuple(int(final * seen) for final in finals)
        if any(figures):
            hours[label] = figures
    return hours


def _entities(ads: Sequence[Ad], at: datetime, random: Random) -> Iterator[Message]:
    owner = ads[0].owner
    yield ad_entity(owner, "account", owner.account, at, currency="USD", zone="UTC")
    for ad in ads:
        if random.random() < 0.3:
            status = random.choice(("ACTIVE", "PAUSED", "DELETED", "WITH_ISSUES"))
            yield ad_entity(
                owner, "ad", ad.path.ad or "", at, status=status,
                campaign_id=ad.path.campaign, adset_id=ad.path.adset,
                name=f"{ad.path.ad} “{random.choice(('spring', 'été', '秋', '❄'))}”",
                daily_budget_micros=random.choice((None, 5_000_000)),
            )  # fmt: skip


def _run(
    owner: Owner, day: date, at: datetime, whole: bool, events: int, random: Random
) -> Message:
    finished_at = at + timedelta(seconds=random.uniform(0.5, 90))
    says: dict[str, object] = {"started_at": zulu(at), "observed_at": zulu(at), "events": events}
    if whole:
        says |= {"days": {"from": day.isoformat(), "to": day.isoformat()}, "rows": events}
    else:
        says |= {
            "outcome": random.choice(("throttled", "failed")),
            "reason": "platform answered 429",
            "next_step": "metricx tries again by itself",
            "retry_at": zulu(at + timedelta(minutes=5)),
        }
    run = UUID(int=random.getrandbits(128), version=4)
    return sync_run(owner, run, _connection(owner), finished_at.astimezone(UTC), **says)


def _connection(owner: Owner) -> UUID:
    """One for all accounts of a workspace."""
    return UUID(int=owner.workspace.int ^ 1)
