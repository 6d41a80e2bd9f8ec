"""The reader against the real sandbox process."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from ingest.providers.errors import (
    ProviderError,
    Throttled,
    TokenDead,
    TooMuchData,
    Transient,
    Unreadable,
)
from ingest.providers.meta.client import GraphClient
from ingest.providers.meta.reader import MetaReader
from ingest.providers.meta.throttle import Gates
from ingest.providers.protocol import Access, Progress, Provider, Reader, Wanted
from ingest.providers.registry import open_provider, provider_names
from sandbox.token import SANDBOX_TOKEN
from schemas.ad_entities import AdEntity
from schemas.ad_metrics import Coverage
from schemas.envelope import Envelope
from tests.ingest.truth import told_by, truth
from tests.sandbox.running import Sandbox, running

ACCOUNT, KOLKATA = "700420170042", "700420170099"
HELD_AT = "2026-11-20T15:04:05Z"
TODAY = date(2026, 11, 20)
WEEK = (TODAY - timedelta(days=6), TODAY)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Two accounts, one in a half-hour zone; its clock stands still."""
    folder: Path = tmp_path_factory.mktemp("sandbox")
    accounts = [
        {
            "id": KOLKATA,
            "name": "Kolkata",
            "currency": "INR",
            "zone": "Asia/Kolkata",
            "campaigns": 2,
            "adsets": 2,
            "ads": 2,
        }
    ]
    (folder / "accounts.json").write_text(json.dumps({"accounts": accounts}))
    more = ("--accounts", str(folder / "accounts.json"), "--start", "2026-09-20", "--days", "60")
    with running(folder / "state", *more) as sandbox:
        sandbox.order("clock", action="hold", at=HELD_AT)
        yield sandbox


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Provider]:
    """Meta, as a poller opens it; every pause is long, so that none is waited out."""
    sandbox.http.delete("/admin/faults")
    provider = open_provider("meta", settings(sandbox))
    yield provider
    await provider.close()
    sandbox.http.delete("/admin/faults")


def settings(sandbox: Sandbox, **changed: object) -> dict[str, object]:
    """Where the sandbox's Meta is."""
    return {"base_url": f"{sandbox.url}/meta", "version": "v26.0", **changed}


def reader(meta: Provider, account_id: str = ACCOUNT, token: str = SANDBOX_TOKEN) -> Reader:
    """A reader of one account."""
    return meta.reader(Access(UUID(int=1), account_id, token))


async def events(
    source: Reader, kind: str, first: date | None = None, last: date | None = None
) -> list[Envelope]:
    """All events of one read."""
    return [event async for event in source.read(Wanted(kind, first, last), Progress())]


async def until_it_fails(source: Reader, kind: str) -> tuple[list[Envelope], ProviderError]:
    """What came before the read failed, and how it did."""
    before: list[Envelope] = []
    try:
        async for event in source.read(Wanted(kind, *WEEK), Progress()):
            before.append(event)  # noqa: PERF401 - the failure must not cost what came before
    except ProviderError as error:
        return before, error
    raise AssertionError("the read went well")


def test_meta_is_found_by_lying_in_its_folder() -> None:
    """No list names it."""
    assert "meta" in provider_names()


@pytest.mark.parametrize("changed", [{"base_url": 1}, {"basis": "url"}])
def test_settings_that_do_not_fit_are_refused(changed: dict[str, object]) -> None:
    """At the start, not at the first request."""
    with pytest.raises(ValueError, match="settings of meta"):
        open_provider("meta", {"base_url": "http://x", "version": "v26.0", **changed})


@pytest.mark.parametrize("account_id", [ACCOUNT, KOLKATA])
async def test_readings_tell_the_truth_of_every_ad_hour_and_conversion(
    sandbox: Sandbox, meta: Provider, account_id: str
) -> None:
    """To the last micro, of a week up to now, in whole- and half-hour zones."""
    source = reader(meta, account_id)
    read = [*await events(source, "hours", *WEEK), *await events(source, "day", *WEEK)]
    told = told_by(read)
    assert len(told) > 20
    assert told == truth(sandbox, account_id, *WEEK)


async def test_small_pages_tell_the_same(sandbox: Sandbox, meta: Provider) -> None:
    """An ad's hours lie on several pages."""
    small = open_provider("meta", settings(sandbox, page_rows=37))
    large = await events(reader(meta), "hours", TODAY, TODAY)
    cut = await events(reader(small), "hours", TODAY, TODAY)
    await small.close()
    assert told_by(cut) == told_by(large)


async def test_a_read_covers_its_days_at_its_end(meta: Provider) -> None:
    """Each day once, after all readings."""
    read = await events(reader(meta), "hours", *WEEK)
    covered = [event.body.day for event in read if isinstance(event, Coverage)]
    assert covered == [WEEK[0] + timedelta(days=n) for n in range(7)]
    assert all(isinstance(event, Coverage) for event in read[-7:])


async def test_all_of_an_accounts_entities_are_told(sandbox: Sandbox, meta: Provider) -> None:
    """The account first; what is paused, archived or deleted, too."""
    entities = [e.body for e in await events(reader(meta), "entities") if isinstance(e, AdEntity)]
    assert entities[0].level == "account"
    assert entities[0].zone == "America/New_York"
    named = {entity.entity_id for entity in entities if entity.level == "ad"}
    spent = {ad for ad, _ in truth(sandbox, ACCOUNT, date(2026, 9, 20), TODAY)}
    assert spent <= named


@pytest.mark.parametrize("kind", ["hours", "day"])
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "half_page", "times": 50}, Transient),
        ({"kind": "error", "code": 2, "status": 503, "times": 50}, Transient),
        ({"kind": "throttle", "code": 17, "times": 1}, Throttled),
        ({"kind": "expired_token", "times": 1}, TokenDead),
    ],
)
async def test_a_read_that_fails_on_its_second_page_covers_nothing(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    fault: dict[str, Any],
    expected: type[ProviderError],
) -> None:
    """Nor does it tell any reading: an ad's other hours would be said to be zero."""
    monkeypatch.setattr("ingest.providers.meta.client._pause_seconds", lambda _attempt: 0.0)
    meta = open_provider("meta", settings(sandbox, page_rows=100))
    sandbox.order("faults", **fault, match="after=")
    before, error = await until_it_fails(reader(meta), kind)
    await meta.close()
    sandbox.http.delete("/admin/faults")
    assert isinstance(error, expected)
    assert before == []


async def test_a_cut_page_is_asked_for_again(sandbox: Sandbox, meta: Provider) -> None:
    """Once is no reason to give up."""
    whole = told_by(await events(reader(meta), "hours", *WEEK))
    sandbox.order("faults", kind="half_page", times=1, match="after=")
    assert told_by(await events(reader(meta), "hours", *WEEK)) == whole


async def test_a_throttled_account_is_left_alone_for_as_long_as_it_says(
    sandbox: Sandbox, meta: Provider
) -> None:
    """Two minutes by its headers; until then no request leaves the house."""
    sandbox.order("faults", kind="throttle", code=80000, minutes=2, times=1, match="/insights")
    _, error = await until_it_fails(reader(meta), "hours")
    assert isinstance(error, Throttled)
    assert error.retry_after_seconds == 120
    # The fault is spent: a request would go well.
    _, again = await until_it_fails(reader(meta), "hours")
    assert isinstance(again, Throttled)
    assert 110 < again.retry_after_seconds <= 120


async def test_too_much_data_is_read_in_smaller_pages(sandbox: Sandbox, meta: Provider) -> None:
    """And tells the same."""
    whole = told_by(await events(reader(meta), "day", *WEEK))
    message = "Please reduce the amount of data you're asking for, then retry your request"
    too_much = {"code": 1, "subcode": 99, "status": 500, "message": message}
    sandbox.order("faults", kind="error", times=2, match="/insights", **too_much)
    assert told_by(await events(reader(meta), "day", *WEEK)) == whole


async def test_too_much_data_in_the_smallest_page_is_read_in_halves(
    sandbox: Sandbox, meta: Provider
) -> None:
    """All halves are one read: they share its instant and its coverage."""
    whole = told_by(await events(reader(meta), "day", *WEEK))
    too_much = {"code": 100, "subcode": 1487534, "status": 400}
    sandbox.order("faults", kind="error", times=6, match="/insights", **too_much)
    read = await events(reader(meta), "day", *WEEK)
    assert told_by(read) == whole
    assert len({event.occurred_at for event in read}) == 1
    assert sum(isinstance(event, Coverage) for event in read) == 7


async def test_a_single_day_that_is_too_much_fails(sandbox: Sandbox, meta: Provider) -> None:
    """There is nothing left to make smaller."""
    too_much = {"code": 100, "subcode": 1487534, "status": 400}
    sandbox.order("faults", kind="error", times=50, match="/insights", **too_much)
    with pytest.raises(TooMuchData):
        await events(reader(meta), "day", TODAY, TODAY)


async def test_a_day_that_was_not_asked_for_ends_the_read() -> None:
    """Its reading would stand without coverage, and half of it may be missing."""
    row = {"ad_id": "122", "date_start": "2026-11-19", "date_stop": "2026-11-19"}
    account = {"account_id": "1", "currency": "USD", "timezone_name": "UTC"}

    def answer(request: httpx2.Request) -> httpx2.Response:
        asks_rows = request.url.path.endswith("/insights")
        return httpx2.Response(200, json={"data": [row]} if asks_rows else account)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    graph = GraphClient(http, "http://meta", "token", app_secret=None, gates=Gates())
    source = MetaReader(graph, Access(UUID(int=1), "1", "token"), page_rows=500)
    assert len(await events(source, "hours", date(2026, 11, 19), date(2026, 11, 19))) == 2
    with pytest.raises(Unreadable, match="2026-11-19"):
        await events(source, "hours", TODAY, TODAY)


async def test_a_wrong_token_is_dead(meta: Provider) -> None:
    """The connection has to be made anew."""
    with pytest.raises(TokenDead):
        await events(reader(meta, token="wrong"), "entities")
