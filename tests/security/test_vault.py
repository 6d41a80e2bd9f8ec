"""What the vault is for: a dump gives nothing away, and its keys change under live traffic."""

import asyncio
import base64
import io
import itertools
import logging
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import structlog
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.database import engine, transaction
from accounts.errors import MasterKeyUnknown
from accounts.sealing import keyed_hash, sealing_key
from accounts.tables.vault import data_keys, hash_keys, tokens
from accounts.tokens import Grant, keep_token, mark_dead, read_token, renewed
from accounts.vault import Vault
from accounts.vault.data_keys import unwrap
from accounts.workspaces import add_workspace
from runtime.key_ring import KeptRing
from runtime.keys import rotate, status
from runtime.logging import configure
from runtime.settings import Postgres, Settings, variable
from tests.servers.databases import Database

PROJECT = Path(__file__).parents[2]
WRITERS = 8
ROTATIONS = 2


@pytest.fixture
async def control(database: Database) -> AsyncIterator[AsyncEngine]:
    """The control role's engine, with a connection for each of the writers."""
    made = engine(database.control, pool_size=WRITERS)
    yield made
    await made.dispose()


async def new_workspace(control: AsyncEngine) -> UUID:
    workspace_id = uuid4()
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_workspace(db, workspace_id, "Acme")
    return workspace_id


async def with_token(control: AsyncEngine, vault: Vault, word: str) -> tuple[UUID, UUID]:
    """A new workspace and its token."""
    workspace_id = await new_workspace(control)
    async with transaction(control, workspace_id=workspace_id) as db:
        token_id = await keep_token(
            db, vault, workspace_id, "meta", "u1", Grant(word, f"refresh-{word}"), None
        )
    return workspace_id, token_id


async def text_of(control: AsyncEngine, vault: Vault, of: tuple[UUID, UUID]) -> str:
    async with transaction(control, workspace_id=of[0]) as db:
        token = await read_token(db, vault, of[1])
    assert token is not None
    return token.access_token


def command(
    database: Database, data: Path, *arguments: str
) -> Awaitable[asyncio.subprocess.Process]:
    """`metricx keys …` as a process of its own."""
    own = {name: each for name, each in os.environ.items() if not name.startswith("METRICX_")}
    env = {
        **own,
        "PYTHONPATH": str(PROJECT),
        variable("data_dir"): str(data),
        variable("postgres.control"): database.control,
    }
    return asyncio.create_subprocess_exec(
        sys.executable, "-m", "runtime", "keys", *arguments,
        cwd=data, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def rotated(database: Database, data: Path) -> str:
    """What a rotation says that went well."""
    process = await command(database, data, "rotate")
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


# Rotation


async def test_keys_rotate_under_live_traffic_without_one_failure(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """Eight keep, read and renew, each as a process would, in old workspaces and new ones.

    Meanwhile the keys are rotated twice. Afterwards the one key that is left opens all.
    """
    first = KeptRing(tmp_path)()
    stop = asyncio.Event()
    held: dict[tuple[UUID, UUID], str] = {}
    people: dict[UUID, tuple[bytes, bytes | None]] = {}

    async def traffic(number: int) -> int:
        vault, mine = Vault(KeptRing(tmp_path)), await with_token(control, vault_of_all, "start")
        held[mine] = "start"
        for turn in itertools.count():
            if stop.is_set():
                return turn
            word = f"{number}-{turn}"
            async with transaction(control, workspace_id=mine[0]) as db:
                token = await read_token(db, vault, mine[1])
                assert token is not None
                assert token.access_token == held[mine]
            async with transaction(control, workspace_id=mine[0]) as db:
                if turn % 2:
                    assert await renewed(db, vault, token, Grant(word))
                else:
                    await keep_token(db, vault, mine[0], "meta", "u1", Grant(word), None)
            held[mine] = word
            if turn % 20 == 0:
                newcomer = await with_token(control, Vault(KeptRing(tmp_path)), word)
                held[newcomer] = word
                people[newcomer[0]] = await person(control, vault, newcomer[0])
        raise AssertionError

    vault_of_all = Vault(KeptRing(tmp_path))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(traffic(number)) for number in range(WRITERS)]
        for _ in range(ROTATIONS):
            await rotated(database, tmp_path)
        stop.set()
    assert all(task.result() > 2 * ROTATIONS for task in tasks)

    ring = KeptRing(tmp_path)()
    assert len(ring.names) == 1
    assert ring.names != first.names
    only_new, only_old = Vault(lambda: ring), Vault(lambda: first)
    for of, word in held.items():
        assert await text_of(control, only_new, of) == word
    for workspace_id, known in people.items():
        assert await person(control, only_new, workspace_id) == known
    with pytest.raises(MasterKeyUnknown):
        await text_of(control, only_old, next(iter(held)))


async def person(
    control: AsyncEngine, vault: Vault, workspace_id: UUID
) -> tuple[bytes, bytes | None]:
    """Somebody's hash and key in this workspace."""
    async with transaction(control, workspace_id=workspace_id) as db:
        hashed = await keyed_hash(db, vault, workspace_id, "email", "somebody@example.com")
        return hashed, await sealing_key(db, vault, workspace_id, hashed)


async def test_a_rotation_that_was_killed_is_finished_by_the_next(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """Between them all opens; afterwards the old key is gone, and no key is left over."""
    old = KeptRing(tmp_path)()
    vault = Vault(KeptRing(tmp_path))
    kept = sorted([await with_token(control, vault, "x") for _ in range(6)])
    async with transaction(control, workspace_id=kept[3][0]) as db:
        await db.execute(select(data_keys).with_for_update())  # the rotation comes so far
        process = await command(database, tmp_path, "rotate")
        while await under(database, old.first.name) > 3:  # noqa: ASYNC110 (it is a process)
            await asyncio.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        await process.communicate()
    assert await under(database, old.first.name) == 3
    for of in kept:
        assert await text_of(control, Vault(KeptRing(tmp_path)), of) == "x"
    assert "Finishing a rotation" in await rotated(database, tmp_path)
    ring = KeptRing(tmp_path)()
    assert len(ring.names) == 1
    for of in kept:
        assert await text_of(control, Vault(lambda: ring), of) == "x"
    assert await under(database, old.first.name) == 0


async def under(database: Database, master_name: str) -> int:
    """How many data keys this master key wraps."""
    auditor = engine(database.auditor, pool_size=1)
    async with auditor.connect() as db:
        query = select(data_keys).where(data_keys.c.master_key_id == master_name)
        found = len((await db.execute(query)).all())
    await auditor.dispose()
    return found


async def test_a_rotation_gives_what_comes_a_new_data_key(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """The old one only opens; tokens lie under the new one at once."""
    workspace_id, token_id = await with_token(control, Vault(KeptRing(tmp_path)), "x")

    async def state(db: AsyncConnection) -> tuple[set[UUID], UUID]:
        in_use = select(data_keys.c.data_key_id).where(data_keys.c.retired_at.is_(None))
        row = (await db.execute(select(tokens))).one()
        sealed_by = {UUID(bytes=each[1:17]) for each in (row.access_token, row.refresh_token)}
        return sealed_by, (await db.execute(in_use)).scalar_one()

    async with transaction(control, workspace_id=workspace_id) as db:
        before, first = await state(db)
    await rotated(database, tmp_path)
    async with transaction(control, workspace_id=workspace_id) as db:
        after, second = await state(db)
    assert (before, after) == ({first}, {second})
    assert first != second
    assert await text_of(control, Vault(KeptRing(tmp_path)), (workspace_id, token_id)) == "x"


# Nothing in the open


async def test_no_table_and_no_line_holds_what_is_sealed(
    control: AsyncEngine, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a dump of every table nor any log line of a whole life of tokens, even at debug.

    What is looked for is first found where it must be: in memory.
    """
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")
    ring = KeptRing(tmp_path)
    vault = Vault(ring)
    of = workspace_id, token_id = await with_token(control, vault, "marked-access")
    hashed, sealing = await person(control, vault, workspace_id)
    assert sealing is not None
    async with transaction(control, workspace_id=workspace_id) as db:
        token = await read_token(db, vault, token_id)
        assert token is not None
        await renewed(db, vault, token, Grant("marked-renewed", "marked-refresh"))
        await mark_dead(db, token_id, "withdrawn")
        wrapped = (await db.execute(select(hash_keys.c.wrapped))).scalar_one()
        hash_key = await vault.open(
            db, workspace_id, wrapped, provider="metricx", account="", column="hash_keys.wrapped"
        )
        ids = (await db.execute(select(data_keys.c.data_key_id))).scalars().all()
        unwrapped = [await unwrap(db, ring, workspace_id, each) for each in ids]
    said = io.StringIO()
    settings = Settings(data_dir=tmp_path, postgres=Postgres(control=SecretStr(database.control)))
    before = ring().first.key
    await rotate(settings, Console(file=said, width=200))
    await status(settings, Console(file=said, width=200))
    assert await text_of(control, vault, of) == "marked-renewed"

    secrets = [b"marked-access", b"refresh-marked-access", b"marked-renewed", b"marked-refresh"]
    secrets += [sealing, hash_key, *unwrapped, before, ring().first.key]
    dump = await everything(database)
    assert hashed.hex() in dump  # else the scan would read nothing
    for place in (dump, caplog.text, said.getvalue()):
        for secret in secrets:
            for spelled in spellings(secret):
                assert spelled not in place
    assert "control.tokens" in caplog.text  # the lines of every statement were there to be read


@pytest.fixture
def restored() -> Iterator[None]:
    """Logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("restored")
async def test_no_error_holds_what_is_sealed(
    control: AsyncEngine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither what the database refuses, with its parameters, nor its trace in a log."""
    configure("json", "debug")
    vault, workspace_id = Vault(KeptRing(tmp_path)), await new_workspace(control)
    grant = Grant("marked-access", "marked-refresh")
    with pytest.raises(IntegrityError) as refused:
        await kept_by_nobody(control, vault, workspace_id, grant)
    logging.getLogger("ours").error("failed", exc_info=refused.value)
    said = str(refused.value) + repr(grant) + capsys.readouterr().out
    said += "".join(traceback.format_exception(refused.value))
    assert "control.tokens" in said
    for secret in (b"marked-access", b"marked-refresh"):
        for spelled in spellings(secret):
            assert spelled not in said


async def kept_by_nobody(
    control: AsyncEngine, vault: Vault, workspace_id: UUID, grant: Grant
) -> None:
    async with transaction(control, workspace_id=workspace_id) as db:
        await keep_token(db, vault, workspace_id, "nobody", None, grant, None)


async def everything(database: Database) -> str:
    """Every row of every table as text."""
    auditor = engine(database.auditor, pool_size=1)
    tables = text(
        "select format('%I.%I', schemaname, tablename) from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema')"
    )
    async with auditor.connect() as db:
        names = (await db.execute(tables)).scalars().all()
        assert {"control.tokens", "control.data_keys", "control.subject_keys"} <= set(names)
        rows = [
            row
            for name in names
            for row in (await db.execute(text(f"select t::text from {name} t"))).scalars()
        ]
    await auditor.dispose()
    return "\n".join(rows)


def spellings(secret: bytes) -> list[str]:
    """As text, as bytea's hexadecimal, in base64, and as Python shows bytes."""
    plain = [secret.decode()] if secret.isascii() else []
    coded = base64.b64encode(secret).decode().rstrip("=")
    return [*plain, secret.hex(), coded[:-1], repr(secret)[2:-1]]
