"""Pollers: take due pieces of work, read them from their platform, publish, move the cursor."""

import asyncio
import os
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import leases
from accounts.database import engine
from accounts.errors import LeaseLost
from accounts.leases import Lease
from accounts.vault import RingSource, Vault
from ingest.piece_run import PieceRun
from ingest.providers.registry import open_oauth, open_provider, provider_names
from ingest.publisher import Publisher
from ingest.readers import Readers
from ingest.schedule import Policy
from ingest.scheduler import keep_scheduling
from ingest.token_upkeep import keep_tokens_alive

LEASE_SECONDS = 30.0
PIECES_AT_ONCE, OF_A_CONNECTION_AT_ONCE = 6, 4
STOP_SECONDS = 4.0

_SCHEDULE_SECONDS = 5.0
_IDLE_SECONDS = 0.5
_FAULT_SECONDS = 2.0

log = structlog.get_logger(__name__)


async def run(
    *,
    kafka_bootstrap: str,
    topic_prefix: str,
    control_dsn: str,
    key_ring: RingSource,
    platforms: Mapping[str, Mapping[str, object]],
    policy: Policy | None = None,
    demo_policy: Policy | None = None,
    schedule_seconds: float | None = None,
    lease_seconds: float = LEASE_SECONDS,
    stop: asyncio.Event | None = None,
) -> None:
    """Poll and schedule until `stop` is set or the task is cancelled; over within 10 s then.

    key_ring: opens the tokens by which connections are read. platforms: settings of each, by its
    name: those that have a reader are read, and the tokens of all are kept alive. demo_policy: how
    often demo workspaces are read; None: like all. schedule_seconds: how often it is asked what is
    due; None: a third of the shortest pause between two reads, 5 at most.
    """
    stop = stop or asyncio.Event()
    async with AsyncExitStack() as held:
        control = engine(control_dsn, pool_size=8, application_name="metricx-poller")
        held.push_async_callback(control.dispose)
        read = platforms.keys() & set(provider_names())
        opened = {name: open_provider(name, platforms[name]) for name in sorted(read)}
        linked = {name: open_oauth(name, settings) for name, settings in platforms.items()}
        for provider in (*opened.values(), *linked.values()):
            held.push_async_callback(provider.close)
        publisher = await held.enter_async_context(Publisher(kafka_bootstrap, topic_prefix))
        vault = Vault(key_ring)
        readers = Readers(opened, control, vault)
        poller = Poller(
            control,
            publisher,
            readers,
            providers=tuple(opened),
            lease_seconds=lease_seconds,
        )
        policy = policy or Policy()
        demo_policy = demo_policy or policy
        pause = min(policy.today_every, demo_policy.today_every).total_seconds() / 3
        every = schedule_seconds or min(pause, _SCHEDULE_SECONDS)
        scheduling = keep_scheduling(control, opened, policy, demo_policy, every)
        log.info("polling", marker="[SYNC]", owner=poller.owner, providers=sorted(opened))
        tasks = [
            asyncio.create_task(scheduling, name="scheduler"),
            asyncio.create_task(poller.poll(), name="poller"),
            asyncio.create_task(keep_tokens_alive(control, vault, linked), name="tokens"),
        ]
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            # None ends by itself: one that does has found a defect, which must be seen.
            ended, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in (stopping, *tasks):
                task.cancel()
            await asyncio.wait({stopping, *tasks}, timeout=STOP_SECONDS)
            log.info("stopped", marker="[SYNC]", owner=poller.owner)


class Poller:
    """Holds up to `PIECES_AT_ONCE` leases; each piece runs in a task of its own."""

    def __init__(
        self,
        control: AsyncEngine,
        publisher: Publisher,
        readers: Readers,
        *,
        providers: tuple[str, ...],
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        self._control = control
        self._publisher = publisher
        self._readers = readers
        self._providers = providers
        self._lease_seconds = lease_seconds
        self._running: set[asyncio.Task[None]] = set()

    async def poll(self) -> None:
        """Take and run pieces, for ever; when cancelled, give back what is under way."""
        try:
            while True:
                if len(self._running) >= PIECES_AT_ONCE:
                    await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                elif (lease := await self._take()) is not None:
                    task = asyncio.create_task(self._hold(lease), name=f"piece {lease.piece}")
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
        finally:
            for task in self._running:
                task.cancel()
            if self._running:
                await asyncio.wait(self._running, timeout=STOP_SECONDS)

    async def _take(self) -> Lease | None:
        """The most urgent piece; None, after a pause, if there is none or the database is away."""
        try:
            lease = await leases.take(
                self._control,
                self.owner,
                lease_seconds=self._lease_seconds,
                providers=self._providers,
                per_connection=OF_A_CONNECTION_AT_ONCE,
            )
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("poll work is out of reach", marker="[SYNC]", error=_short(error))
            await asyncio.sleep(_FAULT_SECONDS)
            return None
        if lease is None:
            await asyncio.sleep(_IDLE_SECONDS)
        return lease

    async def _hold(self, lease: Lease) -> None:
        """Run the piece while its lease is renewed; end it when the lease is lost."""
        run = PieceRun(lease, self._control, self._publisher, self._readers)
        running = asyncio.create_task(run.to_the_end(), name=f"run {lease.piece}")
        renewing = asyncio.create_task(self._renew(lease), name=f"renew {lease.piece}")
        try:
            await asyncio.wait({running, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            else:
                log.warning("lease lost", marker="[SYNC]", piece=lease.piece)
        except (SQLAlchemyError, OSError, TimeoutError, LeaseLost) as error:
            # The outcome could not be written: the lease runs out and the piece is read again.
            log.warning("piece given up", marker="[SYNC]", piece=lease.piece, error=_short(error))
        except Exception:  # a defect: said here, or nobody would ever hear of it
            log.exception("outcome not told", marker="[SYNC]", piece=lease.piece)
        finally:
            running.cancel()
            renewing.cancel()
            await asyncio.wait({running, renewing}, timeout=STOP_SECONDS)

    async def _renew(self, lease: Lease) -> None:
        """Keep the lease; returns when it is lost."""
        failing_since = 0.0
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            try:
                await leases.renew(self._control, lease, lease_seconds=self._lease_seconds)
                failing_since = 0.0
            except LeaseLost:
                return
            except (SQLAlchemyError, OSError, TimeoutError):
                failing_since = failing_since or loop.time()
                if loop.time() - failing_since > self._lease_seconds:
                    return


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
