"""Poll work as a dictionary, and a clock: what the schedule does over months, in a moment."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from accounts.poll_work import Piece, PieceState
from ingest.account_day import days_between
from ingest.cursor import Cursor
from ingest.schedule import Account, Policy, done_with, due


@dataclass
class SimulatedWork:
    """One connection's pieces. `read_at` holds, by kind and day, when it was read, in order."""

    account: Account
    policy: Policy
    pieces: dict[str, PieceState] = field(default_factory=dict[str, PieceState])
    read_at: dict[tuple[str, date], list[datetime]] = field(
        default_factory=dict[tuple[str, date], list[datetime]]
    )

    def schedule(self, now: datetime) -> list[Piece]:
        """What `scheduler.schedule` does, without PostgreSQL."""
        asked = due(self.account, self.pieces.values(), now, self.policy)
        for piece in asked:
            self._enqueue(piece, now)
        for name in done_with(self.account, self.pieces.values()):
            del self.pieces[name]
        return asked

    def read(self, name: str, now: datetime) -> None:
        """The piece went well."""
        state = self.pieces[name]
        cursor = Cursor(now, state.day_to).as_json()
        self.pieces[name] = replace(state, state="done", cursor=cursor, done_at=now)
        if state.day_from and state.day_to:
            for day in days_between(state.day_from, state.day_to):
                self.read_at.setdefault((state.kind, day), []).append(now)

    def throttle(self, name: str, until: datetime) -> None:
        """The piece has to wait."""
        self.pieces[name] = replace(self.pieces[name], due_at=until)

    def read_all(self, now: datetime) -> None:
        """Everything that is due goes well, the most urgent first."""
        waiting = [s for s in self.pieces.values() if s.state == "due" and s.due_at <= now]
        for state in sorted(waiting, key=lambda state: (-state.priority, state.piece)):
            self.read(state.piece, now)

    def run(self, start: datetime, end: datetime, every: timedelta) -> None:
        """Schedule and read, from start to end."""
        now = start
        while now < end:
            self.schedule(now)
            self.read_all(now)
            now += every

    def _enqueue(self, piece: Piece, now: datetime) -> None:
        held = self.pieces.get(piece.piece)
        due_at = piece.due_at or now
        if held is not None and held.state == "due":
            due_at = min(due_at, held.due_at)
        self.pieces[piece.piece] = PieceState(
            piece=piece.piece,
            kind=piece.kind,
            reason=piece.reason,
            day_from=piece.day_from,
            day_to=piece.day_to,
            state="due",
            priority=piece.priority,
            due_at=due_at,
            lease_until=None,
            attempts=0,
            cursor=held.cursor if held else None,
            done_at=held.done_at if held else None,
            failed_at=None,
            last_error=None,
        )
