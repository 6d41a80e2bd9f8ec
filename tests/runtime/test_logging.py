"""Log lines for machines and for people."""

import io
import json
import logging
import re
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest
import structlog
from rich.console import Console

from runtime.logging import MARKERS, configure
from runtime.screen import Screen

ROOMS = ("accounts", "api", "ingest", "processors", "readmodels", "runtime")


@pytest.fixture(autouse=True)
def restored() -> object:
    """Logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_json_is_one_object_a_line_with_its_marker(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours and the libraries' alike."""
    configure("json", "info")
    structlog.get_logger("ours").info("piece read", marker="[SYNC]", rows=3)
    logging.getLogger("theirs").warning("odd %s", "thing")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (ours["event"], ours["marker"], ours["rows"]) == ("piece read", "[SYNC]", 3)
    assert (theirs["event"], theirs["level"]) == ("odd thing", "warning")


def test_on_a_console_the_marker_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    """So that a column of them can be read down."""
    configure("console", "info")
    structlog.get_logger("ours").info("piece read", marker="[SYNC]")
    assert "[SYNC] piece read" in capsys.readouterr().out


def test_an_exception_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A trace is part of the object, not lines of its own."""
    configure("json", "info")
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    (line,) = capsys.readouterr().out.splitlines()
    assert "ValueError" in json.dumps(json.loads(line)["exception"])


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_does_not_show_what_its_frames_held(
    capsys: pytest.CaptureFixture[str], form: Literal["json", "console"]
) -> None:
    """A token is a variable somewhere in most of them."""
    configure(form, "info")
    held = uuid4().hex

    def ask(token: str) -> None:
        raise ValueError(len(token))

    try:
        ask(held)
    except ValueError:
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("theirs").exception("failed")
    said = capsys.readouterr().out
    assert said.count("ValueError") >= 2
    assert held not in said


def test_what_aiokafka_repeats_is_said_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words once in 30 seconds; other words at once."""
    now = [1_000.0]
    monkeypatch.setattr("runtime.logging.monotonic", lambda: now[0])
    configure("console", "info")
    for number, seconds in ((1, 0.0), (1, 29.0), (2, 0.0), (1, 2.0)):
        now[0] += seconds
        logging.getLogger("aiokafka").error("Unable connect to test %s", number)
    said = re.findall(r"Unable connect to test (\d)", capsys.readouterr().out)
    assert said == ["1", "2", "1"]


def test_uvicorns_painted_words_are_left_out(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """It says all of it twice."""
    configure("json", "info")
    caplog.set_level("INFO", "uvicorn.error")  # servers of other tests may have silenced it
    painted = {"color_message": "Started server process [\x1b[36m%d\x1b[0m]"}
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7, extra=painted)
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "Started server process [7]"
    assert "color_message" not in line


def test_every_marker_in_use_is_described() -> None:
    """A line's marker is found in the catalogue."""
    project = Path(__file__).parents[2]
    used = {
        marker
        for room in ROOMS
        for file in (project / room).rglob("*.py")
        for marker in re.findall(r'marker="(\[[A-Z]+\])"', file.read_text())
    }
    assert used - MARKERS.keys() == set()


def test_the_screen_shows_what_matters_and_who_said_it() -> None:
    """Below the level, and what is no JSON, stays in the files."""
    out = io.StringIO()
    screen = Screen(Console(file=out, width=120), least="warning")
    line = {"event": "lease lost", "level": "warning", "marker": "[SYNC]", "piece": "a[b]"}
    screen.echo("poller", json.dumps(line | {"timestamp": "2026-11-20T10:20:30Z"}).encode())
    screen.echo("poller", json.dumps(line | {"level": "info"}).encode())
    screen.echo("kafka", b"[2026] WARN something of Java")
    assert out.getvalue() == "   poller │ 10:20:30 [SYNC] lease lost piece=a[b]\n"


def test_what_is_repeated_is_shown_once() -> None:
    """A library that cannot reach Kafka says so fifty times a second."""
    out = io.StringIO()
    screen = Screen(Console(file=out, width=120), least="warning")
    line = json.dumps({"event": "Unable to connect", "level": "error"}).encode()
    for _ in range(50):
        screen.echo("worker-1", line)
    screen.echo("worker-2", line)
    assert out.getvalue().count("Unable to connect") == 2
