"""`metricx up`: all processes of an installation, until somebody asks them to stop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict

from rich.console import Console

from runtime import stack
from runtime.addresses import file_in, with_url
from runtime.data_lock import data_lock
from runtime.kept import write_whole
from runtime.screen import Screen
from runtime.settings import Settings
from runtime.signals import Signals
from runtime.stack import Ground
from runtime.supervisor import State, Supervisor
from runtime.swap import swap_when_level


async def up(settings: Settings, console: Console) -> None:
    """Start what the settings ask for and stay; every line of every process is shown."""
    settings = with_url(settings)
    screen = Screen(console, least=settings.log.level)
    with data_lock(settings.data_dir, "up") as lock:
        async with supervised(settings, screen) as (supervisor, signals):
            ground = await signals.unless_asked(_start(supervisor, settings))
            lock.tell(settings.url())
            console.print(f"metricx is at {settings.url()}/app — Ctrl-C stops it.")
            await signals.wait(meanwhile=swap_when_level(ground.dsns.owner))


async def _start(supervisor: Supervisor, settings: Settings) -> Ground:
    ground = await stack.start_servers(supervisor, settings)
    await stack.prepare(ground, settings)
    numbers = range(1, settings.workers + 1)
    await supervisor.start(*(stack.worker(number, ground, settings) for number in numbers))
    await supervisor.start(stack.api(ground, settings), stack.poller(ground, settings))
    return ground


@asynccontextmanager
async def supervised(
    settings: Settings, screen: Screen
) -> AsyncGenerator[tuple[Supervisor, Signals]]:
    """A supervisor, and the signals it obeys; all it started is stopped at the end.

    Meanwhile `processes.json` in the data directory says how each process does, and
    `addresses.json` where the servers are, once they run.
    """
    data = settings.data_dir.absolute()
    processes, addresses = data / "processes.json", file_in(data)
    addresses.unlink(missing_ok=True)  # of one that was killed

    def remember(states: list[State]) -> None:
        write_whole(
            processes, [asdict(state) | {"since": state.since.isoformat()} for state in states]
        )

    supervisor = Supervisor(data / "log", echo=screen.echo, on_change=remember)
    signals = Signals(supervisor)
    try:
        yield supervisor, signals
    finally:
        signals.no_more_waiting()
        try:
            await asyncio.shield(supervisor.stop())
        finally:
            processes.unlink(missing_ok=True)
            addresses.unlink(missing_ok=True)
