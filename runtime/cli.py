"""`metricx`: the commands, their exit codes, and errors of one line with a remedy.

0 it worked or was asked to stop · 1 it did not · 2 wrong usage · 70 a worker was stuck ·
78 Kafka lacks events that the read models hold.
"""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console

from runtime import logging
from runtime.errors import EXIT_ERROR, MetricxError
from runtime.screen import console
from runtime.settings import Settings, settings, variable

app = typer.Typer(
    name="metricx",
    help="Is my ad money working? Live ad metrics, correct to the last micro.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

keys = typer.Typer(help="The master keys that seal access tokens.", no_args_is_help=True)
app.add_typer(keys, name="keys")


@app.command()
def demo(
    port: Annotated[
        int | None,
        typer.Option(envvar="PORT", min=1, max=65535, help="Port of the dashboard; else 8000."),
    ] = None,
) -> None:
    """Show a dashboard whose numbers move, over a simulated shop; Ctrl-C stops it."""
    from runtime.demo import demo as show

    out = console()
    _supervise(show(_read(own_level="warning"), out, port=port), out)


@app.command()
def up() -> None:
    """Start all processes, with embedded servers where no others are set; Ctrl-C stops them."""
    from runtime.up import up as start

    out = console()
    _supervise(start(_read(), out), out)


@app.command()
def status() -> None:
    """Say how processes, servers and projections do. Exit code 0 only if nothing is amiss."""
    from runtime.status import status as look

    out = console()
    sys.exit(_run(look(_read(), out)))


@app.command()
def worker() -> None:
    """Turn Kafka's events into read models. Start as many as you like, on any machine."""
    _obey_from_the_start()
    from processors.worker import run
    from runtime import stack

    read = _read()
    with _one_line():
        bootstrap, writer = read.kafka_bootstrap(), read.dsn("writer")
    prefix, group = read.kafka.topic_prefix, stack.worker_group(read)
    sys.exit(run(bootstrap=bootstrap, topic_prefix=prefix, group=group, writer_dsn=writer))


@app.command()
def api() -> None:
    """Serve the API, the live feed and the pages."""
    _obey_from_the_start()
    from runtime.serve import serve

    with _one_line():
        serve(_read())


@app.command()
def poller() -> None:
    """Read the connected platforms and publish what they say."""
    _obey_from_the_start()
    from runtime.poll import poll

    _run(poll(_read()))


@app.command()
def migrate() -> None:
    """Bring PostgreSQL and Kafka to what this version expects; nothing the second time."""
    from readmodels.roles import LOGINS
    from runtime.migrate import Dsns, Filling, prepare_server, show_level
    from runtime.migrate import migrate as bring_up
    from runtime.topics import create_topics

    async def all_of_it(read: Settings) -> list[Filling]:
        if read.postgres.superuser:
            dsns = Dsns(**{role: read.dsn(role) for role in LOGINS})
            await prepare_server(read.postgres.superuser.get_secret_value(), dsns)
        await bring_up(read.dsn("owner"))
        if read.kafka.bootstrap:
            await create_topics(
                read.kafka.bootstrap, read.kafka.topic_prefix, replication=read.kafka.replication
            )
        return await show_level(read.dsn("owner"))

    for each in _run(all_of_it(_read())):
        console().print(
            f"{each.projection} v{each.version} is to be filled: {each.events_behind:,} events to "
            f"go. Until then readers see v{each.shown}, which stands still. `metricx up` and "
            "`metricx swap` show the new one when workers have filled it."
        )
    console().print("Up to date.")


@app.command()
def swap() -> None:
    """Stay until readers see each projection's new version: as soon as workers have filled it."""
    _obey_from_the_start()
    from runtime.swap import swap_when_level

    with _one_line():
        owner = _read().dsn("owner")
    _run(swap_when_level(owner))


@keys.command("new")
def new_key() -> None:
    """Print a new master key for METRICX_TOKEN_ENCRYPTION_KEY."""
    from runtime.keys import new

    print(new())


@keys.command("rotate")
def rotate_keys() -> None:
    """Bring all data keys under one master key, while everything runs."""
    from runtime.keys import rotate

    _run(rotate(_read(), console()))


@keys.command("status")
def show_keys() -> None:
    """Say what lies under each master key. Exit code 1 if the key ring lacks one of them."""
    from runtime.keys import status

    sys.exit(_run(status(_read(), console())))


@app.command(hidden=True)
def docs() -> None:
    """Write docs/configuration.md, .env.example and docs/permissions.md from the code."""
    from runtime import permission_page, settings_pages

    for file in (*settings_pages.write(), *permission_page.write()):
        print(f"wrote {file.relative_to(Path.cwd())}")


def _read(*, own_level: str | None = None) -> Settings:
    """The settings, with this process's logging set up by them, or at another level."""
    try:
        read = settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{variable('.'.join(str(part) for part in one['loc']))}: {one['msg']}"
            for one in error.errors()
        )
        _end(MetricxError(f"Settings are wrong: {wrong}.", "docs/configuration.md lists them."))
    except SettingsError as error:  # a group's name, for nothing else is read as JSON
        group = variable(str(error).split('"')[1])
        wrong = f"Settings are wrong: {group} is a group of settings, and none itself."
        _end(MetricxError(wrong, f"docs/configuration.md lists those that begin with {group}__."))
    logging.configure(read.log.format, own_level or read.log.level)
    return read


def _obey_from_the_start() -> None:
    """Being asked to stop is no error: SIGTERM and SIGINT end this command with 0.

    Until it sets up handlers of its own it has begun nothing; and uvicorn, which obeys a signal
    and drains, then raises the same signal once more, for the handler that was there before.
    """

    def stop(_signal: int, _frame: object) -> NoReturn:
        sys.exit(0)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)


def _supervise(work: Coroutine[Any, Any, None], out: Console) -> None:
    """Run a command that stays until it is asked to stop, which is no error."""
    from runtime.signals import Stopped

    try:
        _run(work)
    except Stopped:
        out.print("Stopped.")


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    with _one_line():
        return asyncio.run(work)


class _one_line:  # noqa: N801 - reads as what it does
    """Ends the command with one line and the error's own exit code."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MetricxError):
            _end(error)
        if isinstance(error, KeyboardInterrupt):
            sys.exit(130)


def _end(error: MetricxError) -> NoReturn:
    print(f"metricx: {error.wrong}\n         {error.remedy}", file=sys.stderr)
    sys.exit(error.exit_code or EXIT_ERROR)
