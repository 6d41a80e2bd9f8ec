"""Whose time is whose: what this run started is ours, alive or ended, orphaned or not."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import orphans
from tests.servers.machine import ELBOW_ROOM, in_words, own_seconds
from tests.servers.orphaning import BURNS

_PROJECT = Path(__file__).parents[2]
_ORPHANING = [sys.executable, "-m", "tests.servers.orphaning"]


def test_time_of_an_orphan_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parent was killed, so none of us but the run's root waits for it."""
    assert _seconds_said_by(_below_a_root(_ORPHANING), monkeypatch) > 0.8


def test_without_a_root_it_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would prove nothing."""
    assert _seconds_said_by(_ORPHANING, monkeypatch) < 0.5


def test_whatever_make_runs_of_tests_lies_below_a_root() -> None:
    """`scripts/check.py` makes its own."""
    lines = (_PROJECT / "Makefile").read_text().splitlines()
    assert [line.partition("-m ")[2].split()[0] for line in lines if "-m pytest" in line] == [
        "tests.servers.orphans"
    ]


def test_time_of_a_living_child_is_ours() -> None:
    """A server that still runs is nobody else's work."""
    before, deadline = own_seconds(), time.monotonic() + 30
    with subprocess.Popen([sys.executable, "-c", f"{BURNS}\ntime.sleep(60)"]) as child:
        while own_seconds() - before < 0.8:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        child.kill()


def test_the_commands_own_exit_code_comes_back() -> None:
    """A failed run stays failed."""
    fails = [sys.executable, "-c", "raise SystemExit(3)"]
    assert subprocess.run(_below_a_root(fails), check=False).returncode == 3


def test_the_verdict_says_what_others_used() -> None:
    """In every run, whether or not the times are held."""
    assert in_words(0.04) == "Others used 4% of the machine: times are held."
    assert in_words(ELBOW_ROOM + 0.01).endswith("times are told, not held.")


def _below_a_root(command: list[str]) -> list[str]:
    return [sys.executable, "-m", "tests.servers.orphans", *command[1:]]


def _seconds_said_by(command: list[str], monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.delenv(orphans.ROOT, raising=False)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)
