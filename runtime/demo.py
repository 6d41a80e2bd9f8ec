"""`metricx demo`: a simulated shop, its numbers moving on a dashboard, until Ctrl-C."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.database import engine
from accounts.demo import Demo, DemoAccount, seed_demo
from accounts.errors import DemoConflict
from accounts.passwords import Passwords
from accounts.vault import Vault
from runtime import stack
from runtime.addresses import with_url
from runtime.at_sandbox import DEAD_META_TOKEN, META_TOKEN, at_sandbox
from runtime.backfill import Backfill, Filled
from runtime.data_lock import data_lock
from runtime.embedded.ports import free_port, is_free, kept_port
from runtime.embedded.server import ServerError
from runtime.errors import DemoEmailTaken, PortTaken
from runtime.kept import write_whole
from runtime.key_ring import ring_source
from runtime.launch import die_with_parent
from runtime.positions import Reach
from runtime.screen import Screen
from runtime.settings import Settings
from runtime.stack import Ground
from runtime.supervisor import Supervisor
from runtime.swap import swap_when_level
from runtime.up import supervised

_USUAL_PORT = 8000
_LINE_EVERY_SECONDS = 5.0  # where there is no terminal to draw a bar on


@dataclass(frozen=True)
class Shown:
    """What the demo has to say for itself once it runs."""

    url: str
    demo: Demo
    ground: Ground
    sandbox: str  # base URL


async def demo(settings: Settings, console: Console, *, port: int | None) -> None:
    """Start everything, fill it with the shop's history, and stay.

    While it runs and is filled, `demo.json` in the data directory says where everything is.
    """
    described = settings.data_dir.absolute() / "demo.json"
    with data_lock(settings.data_dir, "demo") as lock:
        described.unlink(missing_ok=True)  # of one that was killed
        chosen = _port(port, console)
        http = settings.http.model_copy(update={"port": chosen})
        settings = with_url(settings.model_copy(update={"http": http}))
        # Our processes' warnings are shown; the rest lies in the log files.
        async with supervised(settings, Screen(console, least="warning")) as (supervisor, signals):
            downloaded = await signals.unless_asked(_download(console))
            began = time.monotonic()
            with _removed_at_the_end(described):
                shown = await signals.unless_asked(_start(supervisor, settings, console))
                write_whole(described, _as_json(shown))
                lock.tell(shown.url)
                _tell(shown, settings, console, time.monotonic() - began, downloaded)
                await signals.wait()
            console.print("Stopping …")
    console.print("Stopped. Data and passwords are kept for the next start.")


async def _start(supervisor: Supervisor, settings: Settings, console: Console) -> Shown:
    since = datetime.now(UTC)
    data = settings.data_dir.absolute()
    console.print("Starting Kafka and PostgreSQL …")
    ground = await stack.start_servers(supervisor, settings)
    console.print("Migrating, and opening the simulated shop …")
    sandbox_port = kept_port(data / "sandbox-port")
    await asyncio.gather(
        stack.prepare(ground, settings), supervisor.start(stack.sandbox(settings, sandbox_port))
    )
    base = f"http://127.0.0.1:{sandbox_port}"
    settings = at_sandbox(settings, base)
    seeded = await _seed(settings, ground, await _accounts(base))
    console.print("Starting worker, API and poller …")
    numbers = range(1, settings.workers + 1)
    await supervisor.start(
        *(stack.worker(number, ground, settings) for number in numbers),
        stack.api(ground, settings),
        stack.poller(ground, settings),
    )
    await _fill(settings, ground, seeded, console, since)
    await swap_when_level(ground.dsns.owner)
    return Shown(settings.url(), seeded, ground, base)


async def _accounts(sandbox: str) -> list[dict[str, str]]:
    """The simulated shop's ad accounts: id, zone and currency; the shop's own is the first."""
    async with httpx2.AsyncClient(timeout=10, trust_env=False) as client:
        return (await client.get(f"{sandbox}/admin/health")).json()["accounts"]


async def _seed(settings: Settings, ground: Ground, accounts: list[dict[str, str]]) -> Demo:
    control, passwords = engine(ground.dsns.control, pool_size=1), Passwords()
    shop, other = accounts[0], accounts[min(1, len(accounts) - 1)]
    try:
        return await seed_demo(
            control,
            passwords,
            Vault(ring_source(settings)),
            account=_with_token(shop, META_TOKEN),
            other=_with_token(other, DEAD_META_TOKEN),
            password=stack.kept_secrets(settings).get("demo", length=9),
        )
    except DemoConflict as held:
        raise DemoEmailTaken(
            f"{held} has an account here that is not the demo's.",
            "Set METRICX_DATA_DIR to a directory for the demo alone, and if METRICX_POSTGRES__… "
            "names a database, to one for the demo alone.",
        ) from held
    finally:
        passwords.close()
        await control.dispose()


def _with_token(account: dict[str, str], token: str) -> DemoAccount:
    return DemoAccount(account["account_id"], account["zone"], account["currency"], token)


async def _fill(
    settings: Settings, ground: Ground, seeded: Demo, console: Console, since: datetime
) -> None:
    """Show how the shop's history is read and written, until all of it is there."""
    control = engine(ground.dsns.control, pool_size=1)
    auditor = engine(ground.dsns.auditor, pool_size=1)
    reach = Reach(auditor, ground.bootstrap, settings.kafka.topic_prefix)
    backfill = Backfill(
        control,
        reach,
        workspace_id=seeded.workspace_id,
        connection_id=seeded.connection_id,
        since=since,
    )
    bar = Progress(
        TextColumn("Reading {task.fields[days]}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} pieces · {task.fields[written]}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    try:
        async with reach:
            with bar:
                await _watch(backfill, bar, console)
    finally:
        await auditor.dispose()
        await control.dispose()


async def _watch(backfill: Backfill, bar: Progress, console: Console) -> None:
    task = bar.add_task("", total=1, days="the shop", written="")
    before, before_at, line_at = 0, time.monotonic(), 0.0
    while True:
        now = await backfill.filled()
        at = time.monotonic()
        rate = (now.events - before) / max(at - before_at, 0.001) if before else 0.0
        before, before_at = now.events, at
        days, written = _days(now), _written(now, rate)
        bar.update(
            task, completed=now.pieces_done, total=max(now.pieces, 1), days=days, written=written
        )
        if now.is_done:
            console.print(f"Filled: {now.pieces} pieces read, {now.events:,} events.")
            return
        if not console.is_terminal and at - line_at > _LINE_EVERY_SECONDS:
            line_at = at
            console.print(f"Reading {days}: {now.pieces_done}/{now.pieces} pieces · {written}")
        await asyncio.sleep(0.5)


def _days(now: Filled) -> str:
    if now.reading is None:
        return "today" if now.pieces == now.pieces_done else "the shop"
    first, last = now.reading
    return f"{first:%d %b} to {last:%d %b %Y}"


def _written(now: Filled, rate: float) -> str:
    behind = f", {now.events_behind:,} to write" if now.events_behind else ""
    return f"{now.events:,} events{behind} · {rate:,.0f}/s"


async def _download(console: Console) -> float:
    """Seconds that Kafka's jars took; about none once they are here.

    In a process of its own, which Ctrl-C ends at once.
    """
    began = time.monotonic()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "runtime.embedded.download",
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(stack.PROJECT)},
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    ending = asyncio.create_task(child.communicate())
    try:
        done, _ = await asyncio.wait({ending}, timeout=2)
        if not done:
            console.print("Downloading Kafka (70 MB, once) …")
        _, said = await ending
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise ServerError(said.decode(errors="replace").strip(), "")
    return time.monotonic() - began


def _port(asked: int | None, console: Console) -> int:
    """The port that was asked for, the usual one, or a free one."""
    if asked is not None:
        if not is_free(asked):
            raise PortTaken(
                f"Port {asked} is taken, or may not be listened on.",
                "Choose another with PORT=, or leave it out and a free one is taken.",
            )
        return asked
    if is_free(_USUAL_PORT):
        return _USUAL_PORT
    with_room = free_port()
    console.print(f"Port {_USUAL_PORT} is taken; taking {with_room}. PORT= chooses one.")
    return with_room


def _as_json(shown: Shown) -> dict[str, Any]:
    return {
        "url": shown.url,
        "owner": {"email": shown.demo.owner_email, "password": shown.demo.password},
        "viewer": {"email": shown.demo.viewer_email, "password": shown.demo.password},
        "kafka": shown.ground.bootstrap,
        "postgres": shown.ground.dsns.auditor,
        "sandbox": {
            name: f"{shown.sandbox}/{name}" for name in ("meta", "google", "shopify", "clerk")
        },
    }


def _tell(
    shown: Shown, settings: Settings, console: Console, took: float, downloaded: float
) -> None:
    downloads = f", besides {downloaded:.0f} s of downloads" if downloaded >= 2 else ""
    console.print()
    console.print(f"[bold]{shown.url}/app[/bold]   ready in {took:.0f} s{downloads}")
    for email in (shown.demo.owner_email, shown.demo.viewer_email):
        console.print(f"  {email:<24} {shown.demo.password}", highlight=False, markup=False)
    console.print(f"Logs: {settings.data_dir / 'log'}. Ctrl-C stops everything.", highlight=False)


@contextmanager
def _removed_at_the_end(file: Path) -> Generator[None]:
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
