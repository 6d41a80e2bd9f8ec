"""Where the key ring comes from, and `metricx keys`."""

import io
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import engine, transaction
from accounts.errors import MasterKeyRetired
from accounts.vault import KeyRing, MasterKey, Vault
from accounts.workspaces import add_workspace
from runtime.addresses import Addresses, file_in
from runtime.errors import BadKeys
from runtime.kept import write_whole
from runtime.key_ring import KeptRing, ring_source
from runtime.keys import new, rotate, status
from runtime.migrate import Dsns
from runtime.settings import Postgres, Settings, variable
from runtime.stack import Ground, api, poller
from runtime.supervisor import Process
from tests.servers.databases import Database

_PROJECT = Path(__file__).parents[2]
_PLACE = {"provider": "meta", "account": "t", "column": "c"}


# The source


def test_a_ring_is_made_once_for_all_who_ask(tmp_path: Path) -> None:
    """At first need, for its owner alone, and found again at every start."""
    sources = [KeptRing(tmp_path / "data") for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        rings = {ring.text() for ring in threads.map(lambda source: source(), sources)}
    assert len(rings) == 1
    assert KeptRing(tmp_path / "data")().text() in rings
    file = tmp_path / "data" / "token-keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_changed_ring_is_seen_at_once(tmp_path: Path) -> None:
    """By a process that has read the old one, without a restart."""
    running = KeptRing(tmp_path)
    before = running()
    other = before.beginning_with(MasterKey.new())
    KeptRing(tmp_path).keep(other)
    assert running().text() == other.text()


def test_the_settings_ring_comes_first(tmp_path: Path) -> None:
    """And then none is kept."""
    text = new()
    settings = Settings(data_dir=tmp_path, token_encryption_key=SecretStr(text))
    assert ring_source(settings)().text() == text
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_ring_in_the_settings_is_named(tmp_path: Path) -> None:
    """At the start, in one line, without the key."""
    settings = Settings(data_dir=tmp_path, token_encryption_key=SecretStr("a:c2hvcnQ="))
    with pytest.raises(BadKeys, match="key 'a' has 5 bytes, not 32") as refused:
        ring_source(settings)
    assert "METRICX_TOKEN_ENCRYPTION_KEY" in refused.value.wrong
    assert "c2hvcnQ" not in str(refused.value)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"keys": [1]}', '{"keys": []}', '{"keys": ["a:c2hvcnQ="]}']
)
def test_a_damaged_file_is_never_replaced(tmp_path: Path, content: str) -> None:
    """By a new ring, which would open nothing; what to do is said, without a key."""
    file = tmp_path / "token-keys.json"
    file.write_text(content)
    with pytest.raises(BadKeys, match="Bring it back from a back-up") as refused:
        KeptRing(tmp_path)()
    assert "c2hvcnQ" not in str(refused.value)
    assert file.read_text() == content


@pytest.mark.parametrize("process", [api, poller])
def test_api_and_poller_seal_by_one_ring(
    process: Callable[[Ground, Settings], Process], tmp_path: Path
) -> None:
    """They are given the settings' ring; without one they find the same data directory."""
    ground = Ground("kafka:9092", Dsns(*["postgresql://a:b@host/db"] * 5))
    text = new()
    with_ring = Settings(data_dir=tmp_path, token_encryption_key=SecretStr(text))
    for settings, ring in ((with_ring, text), (Settings(data_dir=tmp_path), None)):
        env = process(ground, settings).launch().env
        assert env.get(variable("token_encryption_key")) == ring
        assert env[variable("data_dir")] == str(tmp_path)


# The commands


def settings_of(database: Database, data: Path, ring: KeyRing | None = None) -> Settings:
    return Settings(
        data_dir=data,
        postgres=Postgres(control=SecretStr(database.control)),
        token_encryption_key=SecretStr(ring.text()) if ring else None,
    )


async def rotation(settings: Settings) -> str:
    """What a rotation says."""
    said = io.StringIO()
    await rotate(settings, Console(file=said, width=300))
    return said.getvalue()


async def sealed(control: AsyncEngine, ring: KeyRing) -> tuple[UUID, bytes]:
    """A new workspace, and something that it has sealed."""
    workspace_id = uuid4()
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_workspace(db, workspace_id, "Acme")
        return workspace_id, await Vault(lambda: ring).seal(db, workspace_id, b"x", **_PLACE)


async def opens(control: AsyncEngine, ring: KeyRing, of: tuple[UUID, bytes]) -> bool:
    async with transaction(control, workspace_id=of[0]) as db:
        return await Vault(lambda: ring).open(db, *of, **_PLACE) == b"x"


@pytest.fixture
async def control(database: Database) -> AsyncIterator[AsyncEngine]:
    """The control role's engine."""
    made = engine(database.control, pool_size=1)
    yield made
    await made.dispose()


def test_a_new_key_is_a_key_ring() -> None:
    """And each is another."""
    assert KeyRing.parse(f"{new()},{new()}").names


async def test_rotating_a_set_ring_says_what_to_remove(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """Without the old key all opens; the second time there is nothing to do."""
    old, first = MasterKey("old", b"o" * 32), MasterKey("new", b"n" * 32)
    kept = [await sealed(control, KeyRing([old])) for _ in range(3)]
    settings = settings_of(database, tmp_path, KeyRing([first, old]))
    said = await rotation(settings)
    assert "3 data keys were wrapped anew by new." in said
    assert "Remove from METRICX_TOKEN_ENCRYPTION_KEY, nothing needs it: old." in said
    for each in kept:
        assert await opens(control, KeyRing([first]), each)
    assert "0 data keys were wrapped anew by new." in await rotation(settings)


async def test_a_key_that_is_to_be_first_one_day_is_left_alone(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """It stands last until every process has it; a rotation meanwhile does not retire it."""
    old, coming = MasterKey("old", b"o" * 32), MasterKey("coming", b"c" * 32)
    kept = await sealed(control, KeyRing([old]))
    assert "Remove" not in await rotation(settings_of(database, tmp_path, KeyRing([old, coming])))
    await rotation(settings_of(database, tmp_path, KeyRing([coming, old])))
    assert await opens(control, KeyRing([coming]), kept)


async def test_a_key_that_was_rotated_out_seals_nothing_new(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """A process that was forgotten would lose what it seals; it is refused instead."""
    old, first = MasterKey("old", b"o" * 32), MasterKey("new", b"n" * 32)
    await sealed(control, KeyRing([old]))
    await rotation(settings_of(database, tmp_path, KeyRing([first, old])))
    with pytest.raises(MasterKeyRetired, match="'old' was rotated out of use"):
        await sealed(control, KeyRing([old]))
    with pytest.raises(BadKeys, match="'old' was rotated out of use"):
        await rotation(settings_of(database, tmp_path, KeyRing([old, first])))


async def test_a_rotation_by_another_ring_changes_nothing(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """As where the command is run without the processes' settings."""
    old = KeyRing([MasterKey("old", b"o" * 32)])
    kept = await sealed(control, old)
    before = KeptRing(tmp_path)().text()
    with pytest.raises(BadKeys, match=r"'old', which this key ring .* lacks") as refused:
        await rotation(settings_of(database, tmp_path))
    assert "METRICX_TOKEN_ENCRYPTION_KEY and METRICX_DATA_DIR" in refused.value.remedy
    assert KeptRing(tmp_path)().text() == before
    assert await opens(control, old, kept)


async def test_status_says_what_lies_under_each_key(
    control: AsyncEngine, database: Database, tmp_path: Path
) -> None:
    """1 if the ring lacks a key that something lies under; no key is shown."""
    old, first = MasterKey("old", b"o" * 32), MasterKey("new", b"n" * 32)
    for _ in range(2):
        await sealed(control, KeyRing([old]))
    for ring, code in ((KeyRing([first, old]), 0), (KeyRing([first]), 1)):
        said = io.StringIO()
        settings = settings_of(database, tmp_path, ring)
        assert await status(settings, Console(file=said, width=200)) == code
        (line,) = [each for each in said.getvalue().splitlines() if "old" in each and "│" in each]
        assert [cell.strip() for cell in line.strip("│").split("│")][2:4] == ["2", "2"]
        assert ("The key ring lacks old" in said.getvalue()) == bool(code)
        assert old.text().partition(":")[2] not in said.getvalue()


def test_keys_are_rotated_beside_a_running_installation(database: Database, tmp_path: Path) -> None:
    """The server is where `addresses.json` says, control's password among what is kept."""
    env = {name: each for name, each in os.environ.items() if not name.startswith("METRICX_")}
    env |= {"PYTHONPATH": str(_PROJECT), variable("data_dir"): str(tmp_path)}

    def rotating() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "runtime", "keys", "rotate"]
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )

    refused = rotating()
    assert refused.returncode == 1
    assert refused.stderr.startswith("metricx: METRICX_POSTGRES__CONTROL is not set.")
    write_whole(file_in(tmp_path), Addresses(url="", kafka="", postgres=database.auditor))
    password = make_url(database.control).password
    write_whole(tmp_path / "secrets.json", {"postgres.control": password})
    done = rotating()
    assert done.returncode == 0, done.stderr
    assert "data keys were wrapped anew" in done.stdout
