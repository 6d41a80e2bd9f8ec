"""When a connection's pieces are due: a pure function of what was read, now, and a policy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.poll_work import Piece, PieceState
from ingest.account_day import days_between, local_instant, today_in
from ingest.cursor import Cursor
from ingest.providers.protocol import ENTITIES

GAP, TODAY, ENTITY_TREE, RESTATE, BACKFILL = 95, 90, 85, 50, 40
"""Priorities. What was missed while no poller ran comes first; a backfill takes what is left,
its newest days first."""

_DAY = timedelta(days=1)
_AHEAD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """How often what is read.

    `yesterday_until`: local time up to which yesterday is read with today; None: all day.
    `restate_every`: None restates once a day at `restate_at`, local time.
    """

    today_every: timedelta = timedelta(minutes=15)
    yesterday_until: time | None = time(3)
    restate_at: time = time(3)
    restate_every: timedelta | None = None
    restate_days: int = 7
    entities_every: timedelta = timedelta(minutes=15)
    backfill_days: int = 90
    span_days: int = 7  # longest span of one piece


DEMO = Policy(
    today_every=timedelta(seconds=3),
    yesterday_until=None,
    restate_every=timedelta(minutes=3),
    restate_days=28,
    entities_every=timedelta(seconds=30),
)
"""For a demo: changes show within seconds, restatements within minutes."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the schedule needs of a connection; `zone` is None until the platform has said it."""

    zone: ZoneInfo | None
    connected_at: datetime
    dated_kinds: Sequence[str]


def due(
    account: Account, known: Iterable[PieceState], now: datetime, policy: Policy
) -> list[Piece]:
    """The pieces to put into poll work now, the most urgent first.

    A piece that waits or is leased is not among them, unless its days have changed meanwhile.
    Dates are the account's own; while its zone is unknown, only entities are due, which tell it.
    """
    pieces = {state.piece: state for state in known}
    found = [*_entities(pieces, now, policy)]
    if account.zone is not None:
        for kind in account.dated_kinds:
            found += _of_kind(kind, account, account.zone, pieces, now, policy)
    return sorted(found, key=lambda piece: (-piece.priority, piece.piece))


def done_with(account: Account, known: Iterable[PieceState]) -> list[str]:
    """Names of pieces that never come again, to be forgotten. Backfills stay, as progress."""
    pieces = {state.piece: state for state in known}
    closed: list[str] = []
    for state in pieces.values():
        if account.zone is None or state.reason != "gap" or state.state != "done":
            continue
        cursor = Cursor.of(pieces.get(f"today.{state.kind}"))
        # Until today is read again the gap would be found, and asked for, once more.
        if cursor and state.day_to and cursor.covered_through(account.zone) > state.day_to:
            closed.append(state.piece)
    return closed


def _of_kind(
    kind: str,
    account: Account,
    zone: ZoneInfo,
    pieces: Mapping[str, PieceState],
    now: datetime,
    policy: Policy,
) -> Iterator[Piece]:
    today = today_in(zone, now)
    name = f"today.{kind}"
    cursor = Cursor.of(pieces.get(name))
    covered = cursor.covered_through(zone) if cursor else None

    first = today
    yesterday_ends = policy.yesterday_until
    if (
        covered is None
        or covered < today
        or yesterday_ends is None
        or now < local_instant(today, yesterday_ends, zone)
    ):
        first = today - _DAY
    piece = Piece(name, kind, "today", first, today, priority=TODAY)
    yield from _again(piece, pieces, now, every=policy.today_every)

    # The backfill ends where the read of today begins on the day of the connection. Whatever
    # comes after it is due until it is covered, also where that first read fails for weeks.
    connected_on = today_in(zone, account.connected_at)
    after_backfill = connected_on - _DAY
    missed_since = covered or after_backfill
    # Yesterday and today come with the piece above; what lies before was missed.
    for since, until in _spans(missed_since, today - 2 * _DAY, policy.span_days):
        yield from _gap(kind, since, until, pieces)

    yield from _restatements(kind, account, zone, pieces, now, policy)

    oldest = connected_on - policy.backfill_days * _DAY
    spans = _spans(oldest, after_backfill - _DAY, policy.span_days, newest_first=True)
    for number, (since, until) in enumerate(spans):
        yield from _once(
            Piece(
                f"backfill.{kind}/{since}/{until}",
                kind,
                "backfill",
                since,
                until,
                priority=max(1, BACKFILL - number),
            ),
            pieces,
        )


def _gap(kind: str, since: date, until: date, pieces: Mapping[str, PieceState]) -> Iterator[Piece]:
    """What is not read yet of missed days.

    Its name tells its first day alone: while reads fail it grows day by day, as one piece.
    """
    name = f"gap.{kind}/{since}"
    cursor = Cursor.of(pieces.get(name))
    unread = cursor.last_day + _DAY if cursor and cursor.last_day else since
    if unread <= until:
        piece = Piece(name, kind, "gap", unread, until, priority=GAP)
        yield from _unless_waiting(piece, pieces)


def _restatements(
    kind: str,
    account: Account,
    zone: ZoneInfo,
    pieces: Mapping[str, PieceState],
    now: datetime,
    policy: Policy,
) -> Iterator[Piece]:
    """The days before today once more, for platforms change what they said of them."""
    today = today_in(zone, now)
    if policy.restate_every is None:
        at = local_instant(today, policy.restate_at, zone)
        since_when = at if at <= now else local_instant(today - _DAY, policy.restate_at, zone)
    else:
        since_when = now - policy.restate_every
    spans = _spans(
        today - policy.restate_days * _DAY, today - _DAY, policy.span_days, newest_first=True
    )
    for number, (first, last) in enumerate(spans):
        piece = Piece(f"restate.{kind}.{number}", kind, "restate", first, last, priority=RESTATE)
        cursor = Cursor.of(pieces.get(piece.piece))
        # Before its first restatement an account has its backfill.
        read_at = cursor.observed_at if cursor else account.connected_at
        if read_at < since_when or read_at > now + _AHEAD:
            yield from _unless_waiting(piece, pieces)


def _entities(pieces: Mapping[str, PieceState], now: datetime, policy: Policy) -> Iterator[Piece]:
    piece = Piece(ENTITIES, ENTITIES, "entities", priority=ENTITY_TREE)
    yield from _again(piece, pieces, now, every=policy.entities_every)


def _again(
    piece: Piece, pieces: Mapping[str, PieceState], now: datetime, *, every: timedelta
) -> Iterator[Piece]:
    """The piece if it was never read, or `every` has passed since, or the clock was set back."""
    cursor = Cursor.of(pieces.get(piece.piece))
    read_at = cursor.observed_at if cursor else None
    if read_at is None or read_at + every <= now or read_at > now + _AHEAD:
        yield from _unless_waiting(piece, pieces)


def _unless_waiting(piece: Piece, pieces: Mapping[str, PieceState]) -> Iterator[Piece]:
    state = pieces.get(piece.piece)
    if state is None or state.state != "due":
        yield piece
    elif state.lease_until is None and (state.day_from, state.day_to) != (
        piece.day_from,
        piece.day_to,
    ):
        # It waits with the days of another date. It gets today's, and waits on as it did.
        yield Piece(
            piece.piece,
            piece.kind,
            piece.reason,
            piece.day_from,
            piece.day_to,
            due_at=state.due_at,
            priority=piece.priority,
        )


def _once(piece: Piece, pieces: Mapping[str, PieceState]) -> Iterator[Piece]:
    if piece.piece not in pieces:
        yield piece


def _spans(
    first: date, last: date, longest: int, *, newest_first: bool = False
) -> list[tuple[date, date]]:
    """The dates cut into spans of at most `longest`; empty if last is before first."""
    days = days_between(first, last)
    if not newest_first:
        return [
            (days[i], days[min(i + longest, len(days)) - 1]) for i in range(0, len(days), longest)
        ]
    days.reverse()
    return [(days[min(i + longest, len(days)) - 1], days[i]) for i in range(0, len(days), longest)]
