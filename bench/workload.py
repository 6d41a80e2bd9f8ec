"""The fixed workloads that every engine is given, as bytes; the same seed gives the same bytes.

`sum` is every engine's home ground, additive events into 15-minute windows. `ads` is the real
job: readings of ads polled each quarter-hour, to 15-minute, hour and day rows at four levels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from schemas.ad_metrics import (
    Conversions,
    DayObservation,
    DayReading,
    HourFigures,
    HoursObservation,
    HoursReading,
    reading_id,
)
from schemas.codec import encode
from schemas.topics import account_key

PARTITIONS = 8
SUM_BYTES = 211
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_PAD = "x" * 50
WORKSPACE = UUID("b0000000-0000-4000-8000-000000000001")
DAY = date(2026, 3, 2)
ZONE_OFFSET = timedelta(hours=5)


class Sent(NamedTuple):
    """One record: partition, key, value."""

    partition: int
    key: bytes
    value: bytes


@dataclass(frozen=True)
class SumShape:
    """How many events; 25 fall into each key's quarter-hour, one in twenty comes late."""

    events: int = 2_000_000
    per_window: int = 25
    late: float = 0.05
    windows: int = 20
    late_by: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class AdsShape:
    """Accounts of ads that are polled each quarter-hour of a whole day."""

    accounts: int = 16
    ads: int = 60
    ads_per_set: int = 4
    sets_per_campaign: int = 3
    polls: int = 96
    workspace_id: UUID = WORKSPACE


def sum_events(shape: SumShape = SumShape(), seed: int = 1) -> Iterator[Sent]:
    """Events of 211 bytes, in the order in which they are sent."""
    random = Random(seed)
    start = datetime(2026, 3, 2, tzinfo=UTC)
    keys = shape.events // (shape.per_window * shape.windows)
    for window in range(shape.windows):
        opens = start + timedelta(minutes=15 * window)
        for nth in range(shape.per_window):
            at = opens + timedelta(seconds=(nth * 900 + 450) // shape.per_window)
            in_time, late = f"{at:{_INSTANT}}", f"{at - shape.late_by:{_INSTANT}}"
            for number in range(keys):
                yield _sum_event(number, late if random.random() < shape.late else in_time, random)


def _sum_event(number: int, at: str, random: Random) -> Sent:
    key = f"ad-{number:08d}"
    # Written by hand: twenty times as fast as making a dict of it, and these are millions.
    bits = f"{random.getrandbits(128):032x}"
    value = (
        f'{{"event_id":"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}",'
        f'"key":"{key}","at":"{at}",'
        f'"spend_micros":{1_000_000 + int(random.random() * 8_999_999)},'
        f'"impressions":{100 + int(random.random() * 899)},'
        f'"clicks":{10 + int(random.random() * 89)},"pad":"{_PAD}"}}'
    )
    return Sent(number % PARTITIONS, key.encode(), value.encode())


def ads_events(shape: AdsShape = AdsShape(), seed: int = 1, day: date = DAY) -> Iterator[Sent]:
    """Hour readings of every ad, poll by poll, as `ad-metrics` has them."""
    random = Random(seed)
    finals = {
        (account, ad): [final_hour(random) for _ in range(24)]
        for account in range(shape.accounts)
        for ad in range(shape.ads)
    }
    starts_at = datetime(day.year, day.month, day.day, tzinfo=UTC) + ZONE_OFFSET
    for poll in range(1, shape.polls + 1):
        observed_at = starts_at + timedelta(minutes=15 * poll, seconds=-7)
        elapsed = poll * 900 - 7
        for account in range(shape.accounts):
            for ad in range(shape.ads):
                hours = tuple(_so_far(finals[account, ad], elapsed))
                value = hours_reading(shape, account, ad, observed_at, starts_at, hours, day)
                yield sent_by(shape, account, value)


def sent_by(shape: AdsShape, account: int, value: bytes) -> Sent:
    """An account's event, in its partition."""
    key = account_key(shape.workspace_id, "meta", f"{account:06d}")
    return Sent(account % PARTITIONS, key, value)


def final_hour(random: Random) -> tuple[int, int, int, int]:
    """What an ad's hour comes to: spend in micros, impressions, clicks, link clicks."""
    impressions = random.randrange(200, 4_000)
    clicks = random.randrange(0, impressions // 20)
    return (random.randrange(100, 900) * 10_000, impressions, clicks, clicks * 4 // 5)


def _so_far(finals: list[tuple[int, int, int, int]], elapsed: int) -> Iterator[HourFigures]:
    for label, final in enumerate(finals):
        seconds = min(3600, elapsed - label * 3600)
        if seconds > 0:
            yield HourFigures(label, *(figure * seconds // 3600 for figure in final))


def hours_reading(
    shape: AdsShape,
    account: int,
    ad: int,
    observed_at: datetime,
    starts_at: datetime,
    hours: tuple[HourFigures, ...],
    day: date = DAY,
) -> bytes:
    """An ad's hours so far, as the event lies in Kafka."""
    body = HoursReading(
        **_of_ad(shape, account, ad, observed_at, day),
        day_starts_at=starts_at,
        hour_seconds=(3600,) * 24,
        hours=hours,
    )
    return encode(
        HoursObservation(
            v=1,
            event_id=reading_id(shape.workspace_id, body),
            workspace_id=shape.workspace_id,
            occurred_at=observed_at,
            recorded_at=observed_at,
            source="meta",
            body=body,
        )
    )


def day_reading(
    shape: AdsShape, account: int, ad: int, observed_at: datetime, day: date, random: Random
) -> bytes:
    """An ad's conversions of a day: three goals under two attribution windows."""
    body = DayReading(
        **_of_ad(shape, account, ad, observed_at, day),
        conversions=tuple(
            Conversions(goal, window, random.randrange(40) * 1_000_000, random.randrange(10**9))
            for goal in ("purchase", "add_to_cart", "lead")
            for window in ("7d_click", "1d_view")
        ),
        delivery=None,
    )
    return encode(
        DayObservation(
            v=1,
            event_id=reading_id(shape.workspace_id, body),
            workspace_id=shape.workspace_id,
            occurred_at=observed_at,
            recorded_at=observed_at,
            source="meta",
            body=body,
        )
    )


def _of_ad(
    shape: AdsShape, account: int, ad: int, observed_at: datetime, day: date
) -> dict[str, Any]:
    adset = ad // shape.ads_per_set
    return {
        "provider": "meta",
        "account_id": f"{account:06d}",
        "level": "ad",
        "campaign_id": f"{account:06d}-{adset // shape.sets_per_campaign:03d}",
        "adset_id": f"{account:06d}-{adset:04d}",
        "ad_id": f"{account:06d}-{ad:05d}",
        "day": day,
        "currency": "USD",
        "observed_at": observed_at,
    }
