"""`sum` as Faust's documentation writes it: a tumbling Table, relative to the event's time."""

import sys
from datetime import timedelta

import faust
from rival import make_app, serve

TOPIC, APP, BOOTSTRAP, GUARANTEE, DIRECTORY = sys.argv[1:6]

app = make_app(APP, BOOTSTRAP, GUARANTEE, DIRECTORY)


class Spent(faust.Record, serializer="json"):
    """One event."""

    key: str
    at: str
    spend_micros: int
    impressions: int
    clicks: int


topic = app.topic(TOPIC, key_type=bytes, value_type=Spent)
sums = (
    app.Table("sums", default=lambda: [0, 0, 0], partitions=8)
    .tumbling(timedelta(minutes=15), expires=timedelta(days=30))
    .relative_to_field(Spent.at)
)


@app.agent(topic)
async def add(events):
    """Each event moves its key's window."""
    async for event in events:
        spend, impressions, clicks = sums[event.key].value()
        sums[event.key] = [
            spend + event.spend_micros,
            impressions + event.impressions,
            clicks + event.clicks,
        ]


def totals() -> dict:
    """The final rows, summed up."""
    rows = spend = impressions = clicks = placed = 0
    for (_key, (start, _end)), held in sums.table.data.items():
        rows += 1
        spend += held[0]
        impressions += held[1]
        clicks += held[2]
        placed += held[0] * (int(start) // 900 % 1000)
    return {
        "rows": rows, "spend": spend, "impressions": impressions, "clicks": clicks,
        "placed": placed,
    }  # fmt: skip


serve(app, totals)
