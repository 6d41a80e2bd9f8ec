"""How a read fails: what is told of it, what its connection becomes, and when it is tried again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from accounts.connections import ConnectionState
from accounts.leases import take
from accounts.poll_work import Piece, PieceState
from accounts.vault import Vault
from ingest.piece_run import PieceRun
from ingest.providers.errors import Rejected
from ingest.providers.registry import open_provider
from ingest.publisher import Publisher
from ingest.readers import Readers
from schemas.ad_metrics import Coverage
from schemas.topics import Topic
from tests.api.signing_in import key_ring
from tests.ingest.polling import QUIET, TODAY_READ, Polling, all_done


async def test_a_throttled_piece_waits_until_it_may_be_read(linked: Polling) -> None:
    """Its run says so, and until when; nothing of it is published."""
    linked.sandbox.order("faults", kind="throttle", code=17, minutes=2, times=1, match="/insights")
    now = datetime.now(UTC)
    async with linked.running(QUIET):
        pieces = await linked.until(lambda pieces: any(s.last_error for s in pieces.values()))
        await asyncio.sleep(0.5)
    throttled = next(run for run in await linked.runs() if run.outcome == "throttled")
    waits = pieces[throttled.piece]
    assert waits.state == "due"
    assert throttled.retry_at is not None
    assert timedelta(seconds=110) < throttled.retry_at - now < timedelta(seconds=130)
    assert abs(waits.due_at - throttled.retry_at) < timedelta(milliseconds=1)
    assert "User request limit reached" in (throttled.reason or "")
    assert await linked.published(Topic.AD_METRICS) == []


async def test_half_a_page_moves_no_cursor_and_is_read_again(
    linked: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four tries, then the piece is put back; no coverage says that it was read."""
    monkeypatch.setattr("ingest.providers.meta.client._pause_seconds", lambda _attempt: 0.0)
    monkeypatch.setattr("accounts.leases.FIRST_BACKOFF", timedelta(seconds=1.5))
    linked.sandbox.order("faults", kind="half_page", times=4, match="breakdowns=hourly")
    async with linked.running(QUIET):
        pieces = await linked.until(
            lambda pieces: "today.hours" in pieces and pieces["today.hours"].failed_at is not None
        )
        assert pieces["today.hours"].cursor is None
        covered = await linked.published(Topic.AD_METRICS)
        kinds = {event.body.kind for event in covered if isinstance(event, Coverage)}
        assert "hours" not in kinds
        pieces = await linked.until(all_done("today.hours"))
    assert pieces["today.hours"].cursor is not None
    failed = next(run for run in await linked.runs() if run.outcome == "failed")
    assert (failed.piece, failed.events) == ("today.hours", 0)
    assert (failed.reason or "").startswith("transient: ")


async def test_a_dead_token_fails_the_connection_until_it_is_connected_again(
    linked: Polling,
) -> None:
    """One request, one run that tells the next step, then a pause; a new consent ends it at once.

    A token that was called dead is asked for nothing more, though the platform changed its mind.
    """
    linked.sandbox.order("faults", kind="expired_token", times=99, match="/act_")
    async with linked.running(QUIET):
        await linked.until(lambda pieces: any(s.last_error for s in pieces.values()))
        await linked.enqueue(*(Piece(f"asked.{n}", "entities", "asked") for n in range(5)))
        await asyncio.sleep(1.2)  # two polls of the work: it is not for want of asking
        failing = await linked.connection()
        (failed,) = await linked.runs()

        linked.sandbox.http.delete("/admin/faults")
        await linked.try_again()
        await asyncio.sleep(1.2)
        still_failing = await linked.connection()
        await linked.connect_again()
        await linked.until(TODAY_READ)
        mended = await linked.connection()
    assert still_failing.state is ConnectionState.FAILING
    assert still_failing.reason == failing.reason
    assert failing.state is ConnectionState.FAILING
    assert (failing.reason or "").startswith("token-dead: Error validating access token")
    assert failing.next_step == "Connect the account again."
    assert (failed.outcome, failed.reason) == ("failed", failing.reason)
    assert (failed.next_step, failed.retry_at) == (failing.next_step, failing.retry_at)
    assert (mended.state, mended.reason) == (ConnectionState.ACTIVE, None)


async def test_a_token_that_dies_between_reads_stops_them_all(linked: Polling) -> None:
    """Those under way when it died are told; of the others that are due none is sent."""
    async with linked.running(QUIET):
        await linked.until(TODAY_READ)
        linked.sandbox.order("faults", kind="expired_token", times=99, match="/act_")
        await linked.enqueue(*(Piece(f"asked.{n}", "entities", "asked") for n in range(12)))
        await linked.until(lambda pieces: any(s.last_error for s in pieces.values()))
        await asyncio.sleep(1.2)
    failed = [run for run in await linked.runs() if run.outcome == "failed"]
    assert 1 <= len(failed) <= 4
    assert (await linked.connection()).state is ConnectionState.FAILING


async def test_a_defect_costs_one_piece_and_is_told(
    linked: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The poller goes on, and the page says that this piece fails."""

    def broken(*_: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("ingest.providers.meta.reader.day_observations", broken)
    async with linked.running(QUIET):
        await linked.until(all_done("entities", "today.hours"))
        pieces = await linked.until(lambda pieces: pieces["today.day"].failed_at is not None)
        await asyncio.sleep(0.3)
    assert pieces["today.day"].cursor is None
    failed = next(each for each in await linked.runs() if each.outcome == "failed")
    assert (failed.piece, failed.reason) == ("today.day", "unreadable: KeyError: 'a defect'")


async def test_a_defect_in_telling_an_outcome_is_logged(
    linked: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task that holds the piece is nobody's to await: its end would be silent."""

    async def broken(_run: PieceRun) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(PieceRun, "to_the_end", broken)
    with capture_logs() as logs:
        async with linked.running(QUIET):
            await linked.until(lambda pieces: any(s.lease_until for s in pieces.values()))
            await asyncio.sleep(0.2)
    assert "outcome not told" in [line["event"] for line in logs]


async def test_words_that_no_text_can_hold_do_not_hide_a_failure(
    linked: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform's NUL would be refused by PostgreSQL, and its spelling by every topic."""

    def refused(*_: object) -> None:
        raise Rejected("no \x00such\\u0000 ad")

    monkeypatch.setattr("ingest.providers.meta.reader.day_observations", refused)
    async with linked.running(QUIET):
        pieces = await linked.until(lambda pieces: bool(_error_of(pieces, "today.day")))
        await asyncio.sleep(0.3)
    failed = next(each for each in await linked.runs() if each.outcome == "failed")
    assert failed.reason == pieces["today.day"].last_error == "rejected: no such ad"


async def test_without_kafka_no_cursor_moves(linked: Polling) -> None:
    """What was read and not acknowledged is read again."""
    await linked.enqueue(Piece("entities", "entities", "asked"))
    lease = await take(linked.control, "test", lease_seconds=30)
    assert lease is not None
    settings = {"base_url": f"{linked.sandbox.url}/meta", "version": "v26.0"}
    meta = open_provider("meta", settings)
    readers = Readers({"meta": meta}, linked.control, Vault(key_ring))
    async with Publisher("127.0.0.1:1", linked.prefix, publish_seconds=0.3) as publisher:
        await PieceRun(lease, linked.control, publisher, readers).to_the_end()
    await meta.close()
    state = (await linked.pieces())["entities"]
    assert (state.state, state.cursor, state.done_at) == ("due", None, None)
    assert "no acknowledgement" in (state.last_error or "")


def _error_of(pieces: dict[str, PieceState], name: str) -> str | None:
    return pieces[name].last_error if name in pieces else None
