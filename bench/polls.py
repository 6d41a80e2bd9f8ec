"""Readings of whole days, poll after poll: ten millions of them, so each is cut from a template."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

from bench.workload import AdsShape, Sent, day_reading, final_hour, hours_reading, sent_by

_AT = datetime(2001, 1, 1, 1, 1, 1, tzinfo=UTC)
_AT_TEXT = b"2001-01-01T01:01:01Z"
_NO_HOURS = b'"hours":[]'
_ID = b'"event_id":"'
_ID_LETTERS = 36
HOUR = 3600


class _Ad(NamedTuple):
    """One ad's day: both of its readings without id and instant, and the hours it comes to."""

    account: int
    hours_before: bytes
    hours_behind: bytes
    day_before: bytes
    day_behind: bytes
    finals: list[tuple[int, int, int, int]]
    ended: list[bytes]  # the hours that have ended, by how many there are


def polls(
    shape: AdsShape, days: Sequence[date], minutes: Sequence[int], *, day_each: int, seed: int = 1
) -> Iterator[Sent]:
    """Of each day and ad an hour reading at each of these minutes of the UTC day.

    With every `day_each`th of them goes a reading of the day's conversions.
    """
    random = Random(seed)
    for day in days:
        ads = [
            _ad(shape, account, ad, day, random)
            for ad in range(shape.ads)
            for account in range(shape.accounts)
        ]
        starts_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        for nth, minute in enumerate(minutes, 1):
            elapsed = minute * 60 - 7
            at = f"{starts_at + timedelta(seconds=elapsed):%Y-%m-%dT%H:%M:%SZ}".encode()
            for ad in ads:
                hours = b'"hours":[' + _hours(ad, elapsed) + b"]"
                behind = ad.hours_behind.replace(_AT_TEXT, at).replace(_NO_HOURS, hours)
                yield sent_by(shape, ad.account, ad.hours_before + _id(random) + behind)
                if nth % day_each == 0:
                    behind = ad.day_behind.replace(_AT_TEXT, at)
                    yield sent_by(shape, ad.account, ad.day_before + _id(random) + behind)


def _ad(shape: AdsShape, account: int, ad: int, day: date, random: Random) -> _Ad:
    starts_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    hours = hours_reading(shape, account, ad, _AT, starts_at, (), day)
    finals = [final_hour(random) for _ in range(24)]
    texts = [_hour(label, final) for label, final in enumerate(finals)]
    return _Ad(
        account,
        *_around_id(hours),
        *_around_id(day_reading(shape, account, ad, _AT, day, random)),
        finals,
        [b",".join(texts[:ended]) for ended in range(24)],
    )


def _around_id(value: bytes) -> tuple[bytes, bytes]:
    before, name, behind = value.partition(_ID)
    return before + name, behind[_ID_LETTERS:]


def _id(random: Random) -> bytes:
    bits = f"{random.getrandbits(128):032x}"
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}".encode()


def _hours(ad: _Ad, elapsed: int) -> bytes:
    """The hours so far, as JSON: those that have ended, and a share of the running one."""
    ended, seconds = divmod(elapsed, HOUR)
    running = _hour(ended, [figure * seconds // HOUR for figure in ad.finals[ended]])
    return ad.ended[ended] + b"," + running if ended else running


def _hour(label: int, figures: Sequence[int]) -> bytes:
    return f"[{label},{','.join(map(str, figures))}]".encode()
