"""One attempt at one piece of work: read, publish, and say how it ended."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import connections, leases
from accounts.errors import LeaseLost
from accounts.leases import Lease
from accounts.token_use import Issue, died
from ingest.cursor import Cursor
from ingest.errors import EventRefused, NotAccepted
from ingest.providers.errors import NoAccess, ProviderError, Throttled, TokenDead, Unreadable
from ingest.providers.protocol import ENTITIES, Progress, Reader, Wanted
from ingest.publisher import Publisher
from ingest.readers import Readers
from schemas.envelope import Envelope, deterministic_id
from schemas.sync import DaySpan, Outcome, Run, SyncRun

CHUNK_EVENTS = 1_000
"""Events that are published, and awaited, together."""

_LONGEST_REASON = 1000

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class PieceRun:
    """Reads a leased piece. Its cursor moves only after Kafka has every event of it."""

    lease: Lease
    control: AsyncEngine
    publisher: Publisher
    readers: Readers
    run_id: UUID = field(default_factory=uuid4)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    progress: Progress = field(default_factory=Progress)
    issue: Issue | None = None  # of the token that it reads by
    events: int = 0

    async def to_the_end(self) -> None:
        """Read it and write down the outcome, in poll work and as a sync run."""
        try:
            await self._read()
        except Throttled as error:
            retry_at = datetime.now(UTC) + timedelta(seconds=error.retry_after_seconds)
            await leases.postpone(self.control, self.lease, due_at=retry_at, error=_said(error))
            await self._tell("throttled", error=error, retry_at=retry_at)
        except TokenDead as error:
            await self._token_died(error)
        except ProviderError as error:
            await self._fail(error)
        except EventRefused as error:
            await self._fail(Unreadable(str(error)))
        except NotAccepted as error:
            # Kafka is away, so there is nowhere to tell it.
            await leases.fail(self.control, self.lease, error=str(error))
            log.warning("not published", marker="[SYNC]", piece=self.lease.piece, error=str(error))
        except asyncio.CancelledError:
            with suppress(Exception):
                await leases.postpone(
                    self.control, self.lease, due_at=datetime.now(UTC), error="poller stopped"
                )
            raise
        except (SQLAlchemyError, OSError, TimeoutError, LeaseLost):
            raise  # poll work is out of reach: the lease runs out, and the piece is read again
        except Exception as defect:
            log.exception("piece broke", marker="[SYNC]", piece=self.lease.piece)
            await self._fail(Unreadable(f"{type(defect).__name__}: {defect}"))

    async def _read(self) -> None:
        lease = self.lease
        reader, self.issue = await self.readers.of(lease.connection)
        await self._publish_all(reader)
        if lease.kind == ENTITIES:
            facts = await reader.facts()
            await connections.learn(
                self.control,
                lease.connection.workspace_id,
                lease.connection.connection_id,
                zone=facts.zone.key,
                currency=facts.currency,
            )
        observed_at = self.progress.observed_at or self.started_at
        # The run first: a kill between the two reads the piece again, and tells of it again.
        await self._tell("ok")
        await leases.done(self.control, lease, cursor=Cursor(observed_at, lease.day_to).as_json())

    async def _publish_all(self, reader: Reader) -> None:
        wanted = Wanted(self.lease.kind, self.lease.day_from, self.lease.day_to)
        chunk: list[Envelope] = []
        async for event in reader.read(wanted, self.progress):
            chunk.append(event)
            if len(chunk) == CHUNK_EVENTS:
                await self._publish(chunk)
                chunk = []
        await self._publish(chunk)

    async def _publish(self, chunk: list[Envelope]) -> None:
        if chunk:
            await self.publisher.publish(*chunk)
            self.events += len(chunk)

    async def _token_died(self, error: TokenDead) -> None:
        """Not only this connection fails, unless access is lacking to its account alone."""
        issue, workspace_id = self.issue, self.lease.connection.workspace_id
        if (
            issue is not None
            and not isinstance(error, NoAccess)
            and not await died(
                self.control, workspace_id, issue.token_id, issue.issued_at, _plain(str(error))
            )
        ):
            # Renewed, or given anew, behind this read: by the token of now it may go well.
            now = datetime.now(UTC)
            await leases.postpone(self.control, self.lease, due_at=now, error=_said(error))
            return
        retry_at = await leases.fail_connection(
            self.control, self.lease, error=_said(error), next_step=error.next_step
        )
        await self._tell("failed", error=error, retry_at=retry_at)

    async def _fail(self, error: ProviderError) -> None:
        retry_at = await leases.fail(self.control, self.lease, error=_said(error))
        await self._tell("failed", error=error, retry_at=retry_at)

    async def _tell(
        self,
        outcome: Outcome,
        *,
        error: ProviderError | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        """Publish the run. One that cannot be told is lost: the next one tells as much."""
        lease, connection = self.lease, self.lease.connection
        finished_at = datetime.now(UTC)
        days = (
            DaySpan(first=lease.day_from, last=lease.day_to)
            if lease.day_from and lease.day_to
            else None
        )
        body = Run(
            run_id=self.run_id,
            provider=connection.provider,
            connection_id=connection.connection_id,
            account_id=connection.account_id.removeprefix("act_"),
            piece=lease.piece,
            kind=lease.kind,
            started_at=self.started_at,
            observed_at=self.progress.observed_at,
            finished_at=finished_at,
            outcome=outcome,
            reason=_said(error) if error else None,
            next_step=error.next_step if error else None,
            retry_at=retry_at,
            days=days,
            rows=self.progress.rows,
            events=self.events,
        )
        event = SyncRun(
            v=1,
            event_id=deterministic_id(connection.workspace_id, "sync_run", self.run_id),
            workspace_id=connection.workspace_id,
            occurred_at=finished_at,
            recorded_at=finished_at,
            source=connection.provider,
            body=body,
        )
        log.info(
            "piece read" if outcome == "ok" else "piece not read",
            marker="[SYNC]",
            piece=lease.piece,
            outcome=outcome,
            rows=body.rows,
            events=body.events,
            seconds=round((finished_at - self.started_at).total_seconds(), 2),
            reason=body.reason,
        )
        try:
            await self.publisher.publish(event, within_seconds=5)
        except NotAccepted as lost:
            if outcome == "ok":
                raise
            log.warning("run not told", marker="[SYNC]", piece=lease.piece, error=str(lost))


def _said(error: ProviderError) -> str:
    """What it was, in words that a text of PostgreSQL and an event can hold."""
    return _plain(f"{error.reason}: {error}")


def _plain(text: str) -> str:
    # The character, and its spelling in JSON, which no event may hold either.
    return text.replace("\x00", "").replace("\\u0000", "")[:_LONGEST_REASON]
