"""What `metricx demo` decides: its port, its users, and when it is filled."""

import io
import socket
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

import runtime.demo as demo
from accounts.database import engine
from accounts.demo import OWNER_EMAIL
from accounts.passwords import Passwords
from accounts.users import register
from runtime.backfill import Filled
from runtime.embedded.ports import free_port, is_free
from runtime.errors import DemoEmailTaken
from runtime.settings import Settings
from runtime.stack import Ground
from tests.servers.databases import Database

FILLED = Filled(
    pieces_done=26, pieces=26, reading=None, today_is_read=True, events=900, events_behind=0
)


def _console() -> Console:
    return Console(file=io.StringIO(), width=200)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_usual_port_is_taken_if_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is said about it."""
    console, usual = _console(), free_port()
    monkeypatch.setattr(demo, "_USUAL_PORT", usual)
    assert demo._port(None, console) == usual
    assert _said(console) == ""


def test_where_somebody_has_the_usual_port_a_free_one_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both are named, and how to choose another."""
    console, usual = _console(), free_port()
    monkeypatch.setattr(demo, "_USUAL_PORT", usual)
    with socket.create_server(("127.0.0.1", usual)):
        port = demo._port(None, console)
    assert port != usual
    assert is_free(port)
    assert _said(console) == f"Port {usual} is taken; taking {port}. PORT= chooses one.\n"


def test_the_usual_port_is_8000() -> None:
    """As the README says."""
    assert demo._USUAL_PORT == 8000


async def test_a_demo_email_of_somebody_else_is_an_error_with_a_remedy(
    database: Database, tmp_path: Path
) -> None:
    """As when the demo's owner was registered under `metricx up` on the same data."""
    control, passwords = engine(database.control, pool_size=1), Passwords()
    try:
        await register(control, passwords, email=OWNER_EMAIL, password="mine, not the demo's")
    finally:
        passwords.close()
        await control.dispose()
    account = {"account_id": "act_1", "zone": "Europe/Berlin", "currency": "EUR"}
    with pytest.raises(DemoEmailTaken, match=rf"{OWNER_EMAIL} .* METRICX_DATA_DIR"):
        await demo._seed(Settings(data_dir=tmp_path), Ground("", database.dsns), [account])


@pytest.mark.parametrize(
    "lacking",
    [
        replace(FILLED, pieces_done=25, reading=(date(2026, 11, 1), date(2026, 11, 7))),
        replace(FILLED, pieces=0, pieces_done=0),
        replace(FILLED, today_is_read=False),
        replace(FILLED, events_behind=1),
    ],
    ids=["a piece unread", "nothing asked for yet", "today unread", "an event not written"],
)
def test_a_shop_is_filled_when_all_is_read_and_written(lacking: Filled) -> None:
    """Each of these alone keeps demo.json from being written."""
    assert FILLED.is_done
    assert not lacking.is_done
