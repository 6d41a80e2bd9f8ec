"""`metricx keys`: new master keys, rotation under live traffic, and what lies under each key."""

from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import asynccontextmanager, contextmanager

from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine
from accounts.errors import VaultError
from accounts.vault import MasterKey, RingSource, rotation
from runtime.addresses import known_in
from runtime.errors import BadKeys
from runtime.key_ring import KeptRing, ring_source
from runtime.reaching import reaching_postgres
from runtime.settings import Settings
from runtime.stack import kept_secrets

_TRIES = 3  # whoever read the ring before it changed may still make a data key by it


def new() -> str:
    """A new master key, as a key ring holds it."""
    return MasterKey.new().text()


async def rotate(settings: Settings, console: Console) -> None:
    """All data keys lie under one master key, and no other one is needed any more.

    A ring that the installation keeps gets a new key and loses the old ones; if it has several, an
    earlier rotation was killed, and is finished instead. A ring of the settings is changed by
    people: its first key is taken, and what they may remove is said.
    """
    source = ring_source(settings)
    async with _control(settings) as control:
        if isinstance(source, KeptRing):
            with source.locked():
                await _rotate_kept(control, source, console)
        else:
            await _rotate_set(control, source, console)


async def status(settings: Settings, console: Console) -> int:
    """Print what lies under each master key; 0 if the ring has all that are needed, else 1."""
    ring = ring_source(settings)()
    async with _control(settings) as control:
        known = {each.name: each for each in await rotation.uses(control)}
    table = Table("master key", "in the ring", "data keys", "wrapped, ever", "retired")
    for name in [*ring.names, *(name for name in known if name not in ring.names)]:
        stands = "first" if name == ring.first.name else "opens" if name in ring.names else "no"
        use = known.get(name)
        counts = (f"{use.data_keys:,}", f"{use.uses:,}") if use else ("0", "0")
        retired = f"{use.retired_at:%Y-%m-%d %H:%M}" if use and use.retired_at else ""
        table.add_row(name, stands, *counts, retired)
    console.print(table)
    missing = [
        each.name for each in known.values() if each.data_keys and each.name not in ring.names
    ]
    if missing:
        console.print(f"The key ring lacks {', '.join(missing)}: what lies there does not open.")
    return 1 if missing else 0


async def _rotate_kept(control: AsyncEngine, source: KeptRing, console: Console) -> None:
    ring = source.as_it_is()
    await _refuse_another_ring(control, ring.names)
    if len(ring.names) > 1:
        console.print("Finishing a rotation that was begun. Rotate again for another new key.")
    else:
        ring = ring.beginning_with(MasterKey.new())
        source.keep(ring)
    moved, retired = await _rotated(control, source, ring.names[1:])
    source.keep(ring.without(retired))
    console.print(
        f"{moved} data keys were wrapped anew by {ring.first.name}. "
        f"Removed from the key ring: {', '.join(retired) or 'none'}."
    )


async def _rotate_set(control: AsyncEngine, source: RingSource, console: Console) -> None:
    ring = source()
    await _refuse_another_ring(control, ring.names)
    used = {each.name for each in await rotation.uses(control)}  # one not used yet is to come
    moved, retired = await _rotated(control, source, used.intersection(ring.names[1:]))
    console.print(f"{moved} data keys were wrapped anew by {ring.first.name}.")
    if retired:
        console.print(
            f"Remove from METRICX_TOKEN_ENCRYPTION_KEY, nothing needs it: {', '.join(retired)}."
        )


async def _rotated(
    control: AsyncEngine, source: RingSource, olds: Collection[str]
) -> tuple[int, list[str]]:
    """How many data keys were wrapped anew, and which old master keys were retired."""
    moved, retired = 0, list[str]()
    for _ in range(_TRIES):
        moved += await rotation.rotate(control, source)
        retired = await rotation.retire(control, olds)
        if len(retired) == len(olds):
            break
    return moved, retired


async def _refuse_another_ring(control: AsyncEngine, names: Collection[str]) -> None:
    """Before anything is changed: this command may run with other settings than the processes."""
    for each in await rotation.uses(control):
        if each.data_keys and each.name not in names:
            raise BadKeys(
                f"Data keys are wrapped by the master key {each.name!r}, which this key ring "
                f"({', '.join(names)}) lacks.",
                "Give this command the METRICX_TOKEN_ENCRYPTION_KEY and METRICX_DATA_DIR that "
                "`metricx api` and `metricx poller` have.",
            )


@asynccontextmanager
async def _control(settings: Settings) -> AsyncGenerator[AsyncEngine]:
    """The control role's engine; what goes wrong with server or keys is said in one line."""
    dsn = _control_dsn(settings)
    control = engine(dsn, pool_size=1, application_name="metricx keys")
    try:
        with reaching_postgres(dsn), _saying_what_keys_lack():
            yield control
    finally:
        await control.dispose()


@contextmanager
def _saying_what_keys_lack() -> Generator[None]:
    try:
        yield
    except VaultError as error:
        raise BadKeys(
            str(error), "`metricx keys status` shows the keys; docs/operations.md, how to rotate."
        ) from error


def _control_dsn(settings: Settings) -> str:
    """The settings' own, else that of the installation that runs on the data directory."""
    known = None if settings.postgres.control else known_in(settings.data_dir.absolute())
    if known is None:
        return settings.dsn("control")
    password = kept_secrets(settings).get("postgres.control")
    url = make_url(known["postgres"]).set(username="metricx_control", password=password)
    return url.render_as_string(hide_password=False)
