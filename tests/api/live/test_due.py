"""Which feeds read again though nobody told of a change, and which first."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import api.live.dates as dates
import api.live.hub as hubs
from accounts.api_keys import ApiKeys
from accounts.session import Sessions
from api.live.dates import Dates
from api.live.feed import Feed
from api.live.hub import Hub
from api.live.messages import Payload

READ_AT = datetime(2026, 11, 20, 13, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
NO_ENGINE = cast(AsyncEngine, None)
Position = Mapping[tuple[str, str, int], int]


def at(offset: int, version: int = 1) -> dict[tuple[str, str, int], int]:
    """A position in one partition."""
    return {(f"ad_windows.v{version}", "ad-metrics", 0): offset}


def fed(workspace: int, read_at: datetime = READ_AT) -> Feed:
    """A feed whose last payload is of this instant."""
    feed = Feed(NO_ENGINE, UUID(int=workspace), "UTC")
    today = Dates({"UTC": READ_AT.date()}, MIDNIGHT)
    feed._last = Payload(at(7), read_at, today, [], [])
    return feed


@pytest.mark.parametrize(
    ("position", "seconds", "due"),
    [
        (at(7), 3_600, False),
        (at(8), 9, False),  # others' events: there is time
        (at(8), 10, True),
        (at(6), 0, True),  # a topic was made anew
        (at(8, version=2), 0, True),  # another version is served
        (at(7), (MIDNIGHT - READ_AT).seconds, True),
    ],
)
def test_what_makes_a_feed_read_again(
    monkeypatch: pytest.MonkeyPatch, position: Position, seconds: int, due: bool
) -> None:
    """Its own events are told; of the rest, only what moves its figures is urgent."""
    monkeypatch.setattr(dates, "utc_now", lambda: READ_AT + timedelta(seconds=seconds))
    assert fed(1).is_due(position) is due


def test_the_oldest_read_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, each has its turn, and no second has too many."""
    monkeypatch.setattr(dates, "utc_now", lambda: READ_AT + timedelta(minutes=1))
    monkeypatch.setattr(hubs, "MOST_LOOKS_A_SECOND", 2)
    nobody = cast(Sessions, None), cast(ApiKeys, None)
    hub = Hub(reader=NO_ENGINE, listen_dsn="", sessions=nobody[0], api_keys=nobody[1])
    ages = {1: 20, 2: 40, 3: 5, 4: 30}
    feeds = {
        age: fed(name, READ_AT + timedelta(minutes=1, seconds=-age)) for name, age in ages.items()
    }
    hub._feeds = {feed.workspace_id: feed for feed in feeds.values()}
    hub._compare(at(8))
    assert sorted(age for age, feed in feeds.items() if feed._news.is_set()) == [30, 40]
