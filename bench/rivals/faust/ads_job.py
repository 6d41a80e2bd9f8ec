"""`ads` in Faust's idiom: one agent, a Table per kind of row, each event on its own.

The arithmetic of quarter-hours is the product's own (`processors/quarter_hours.py`).
"""

import sys
from bisect import insort
from datetime import UTC, datetime

from rival import make_app, serve

from processors.quarter_hours import QUARTER, is_open_at, quarter_hours

TOPIC, APP, BOOTSTRAP, GUARANTEE, DIRECTORY = sys.argv[1:6]
LEVELS = ("account", "campaign", "adset", "ad")
FIGURES = 4
LABELS = 24
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

app = make_app(APP, BOOTSTRAP, GUARANTEE, DIRECTORY)
topic = app.topic(TOPIC, key_type=bytes, value_serializer="json")
newest = app.Table("newest", partitions=8)  # [observed_us, event_id, hours]
known = app.Table("known", partitions=8)  # the same, of each UTC day on which it became known
glimpses = app.Table("glimpses", partitions=8)  # [[observed_us, event_id, *figures], …]
days = app.Table("days", partitions=8)
quarters = app.Table("quarters", partitions=8)  # [hour's start, figure by figure]


@app.agent(topic)
async def fold(events):
    """Registers first, then every row that they move, by new minus old."""
    async for event in events:
        fold_one(event)


def fold_one(event: dict) -> None:
    """One reading."""
    body = event["body"]
    account, ad, day = body["account_id"], body["ad_id"], body["day"]
    entity = f"{account}|{ad}|{day}"
    observed = micros(body["observed_at"])
    hours = [0] * (LABELS * FIGURES)
    for label, *figures in body["hours"]:
        hours[label * FIGURES : (label + 1) * FIGURES] = figures
    reading = [observed, event["event_id"], hours]
    held = newest.get(entity)
    moves = held is None or (observed, event["event_id"]) > (held[0], held[1])
    old = held[2] if held else [0] * (LABELS * FIGURES)
    keep_known(entity, reading)
    campaign, adset = body["campaign_id"], body["adset_id"]
    base = f"{day}|{account}|{body['currency']}"
    paths = (
        f"0|{base}",
        f"1|{base}|{campaign}",
        f"2|{base}|{campaign}|{adset}",
        f"3|{base}|{campaign}|{adset}|{ad}",
    )
    if moves:
        newest[entity] = reading
        gained = [b - a for a, b in zip(old, hours, strict=True)]
        if any(gained):
            for path in paths:
                row = days.get(path)
                days[path] = [a + b for a, b in zip(row, gained, strict=True)] if row else gained
    start = micros(body["day_starts_at"])
    for label, seconds in enumerate(body["hour_seconds"]):
        move_quarters(entity, paths, label, start, seconds * 1_000_000, held, reading, moves)
        start += seconds * 1_000_000


def keep_known(entity: str, reading: list) -> None:
    """The newest reading of each UTC day on which one became known."""
    key = f"{entity}|{reading[0] // 86_400_000_000}"
    there = known.get(key)
    if there is None or reading[:2] > there[:2]:
        known[key] = reading


def move_quarters(entity, paths, label, start, length, held, reading, moves) -> None:
    """An hour's quarter-hours, where the reading tells something new of it."""
    if not length:
        return
    at = slice(label * FIGURES, (label + 1) * FIGURES)
    observed, event_id, hours = reading
    was = held[2][at] if held else [0] * FIGURES
    now = hours[at]
    is_open = is_open_at(start, length, observed)
    respread = moves and (
        was != now or (any(now) and held and min(held[0], observed) < start + length)
    )
    if not is_open and not respread:
        return
    key = f"{entity}|{label}"
    before = glimpses.get(key) or []
    after = before
    if is_open:
        made_in = observed // QUARTER
        same = [each for each in before if each[0] // QUARTER == made_in]
        if not same or [observed, event_id] > same[0][:2]:
            after = [each for each in before if each[0] // QUARTER != made_in]
            insort(after, [observed, event_id, *now])
            glimpses[key] = after
    count = -(-length // QUARTER)
    old = spread(start, length, before, held[0] if held else 0, was, count)
    effective = (observed, now) if moves else (held[0], was)
    new = spread(start, length, after, *effective, count)
    gained = [b - a for a, b in zip(old, new, strict=True)]
    if any(gained):
        for path in paths:
            row = quarters.get(f"{path}|{label}")
            moved = [a + b for a, b in zip(row[1], gained, strict=True)] if row else gained
            quarters[f"{path}|{label}"] = [start, moved]


def spread(start, length, held, seen, figures, count) -> list:
    """Shares, figure by figure, in one list."""
    if not any(figures):
        return [0] * (count * FIGURES)
    readings = [(each[0], tuple(each[2:])) for each in held]
    readings.append((seen, tuple(figures)))
    return [share for shares in quarter_hours(start, length, readings) for share in shares]


def micros(text: str) -> int:
    """UTC microseconds of an RFC 3339 instant."""
    since = datetime.fromisoformat(text) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def totals() -> dict:
    """The final rows, summed up by level."""
    by_day, by_hour, by_quarter = {}, {}, {}
    for key, row in days.data.items():
        level = LEVELS[int(key[0])]
        add(by_day, level, [sum(row[f::FIGURES]) for f in range(FIGURES)], 1)
        for label in range(LABELS):
            add(by_hour, level, row[label * FIGURES : (label + 1) * FIGURES], label)
    for key, (start, row) in quarters.data.items():
        count = len(row) // FIGURES
        for q in range(count):
            add(by_quarter, LEVELS[int(key[0])], row[q::count], (start // QUARTER + q) % 1000)
    return {"days": by_day, "hours": by_hour, "quarters": by_quarter}


def add(levels: dict, level: str, figures: list, weight: int) -> None:
    """Count a row that is not all zero, and add its figures, weighted, to its level's."""
    if any(figures):
        sums = levels.setdefault(level, [0] * (FIGURES + 1))
        sums[0] += 1
        for f in range(FIGURES):
            sums[f + 1] += figures[f] * weight


serve(app, totals)
