"""What outlives a restart: the clock, the shop itself, and no torn line."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.journal import Journal, JournalBusy
from tests.sandbox.running import ROOT, Sandbox


def test_a_held_clock_stands_and_a_free_one_runs(journal: Journal) -> None:
    """Held at now, at an instant, let go from an instant, let go."""
    machine = [1000.9]
    clock = Clock(journal, lambda: machine[0])
    assert clock.now() == 1000
    clock.hold(None)
    machine[0] = 1010
    assert clock.now() == 1000
    clock.hold(5000)
    assert clock.now() == 5000
    clock.go(7000)
    machine[0] = 1015
    assert clock.now() == 7005
    again = Clock(journal, lambda: machine[0])
    assert (again.now(), again.held) == (7005, False)
    clock.go(None)
    assert clock.now() == 1015


def test_a_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    """It was never acknowledged; what follows is read again."""
    journal = Journal(tmp_path)
    journal.append({"kind": "clock", "held_at": 1})
    journal.close()
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(b'{"kind": "clock", "he')
    journal = Journal(tmp_path)
    journal.append({"kind": "clock", "held_at": 2})
    journal.close()
    journal = Journal(tmp_path)
    assert [record["held_at"] for record in journal.records("clock")] == [1, 2]
    journal.close()


def test_two_sandboxes_never_share_a_journal(journal: Journal, tmp_path: Path) -> None:
    """The second one is told so."""
    with pytest.raises(JournalBusy):
        Journal(tmp_path / "state")


def test_another_shop_over_the_same_state_is_refused(tmp_path: Path) -> None:
    """Exit 2 and what the state holds, instead of figures that jump."""
    journal = Journal(tmp_path)
    seven = {"seed": 7, "start": "2026-08-20", "days": 90, "accounts": []}
    account = {
        "id": "700420170042", "name": "Defang Labs", "currency": "USD",
        "zone": "America/New_York", "campaigns": None, "adsets": 2, "ads": 2,
    }  # fmt: skip
    journal.append({"kind": "world", **seven, "accounts": [account]})
    journal.close()
    command = [sys.executable, "-m", "sandbox", "--port", "1", "--state", str(tmp_path)]
    done = subprocess.run(
        [*command, "--seed", "8"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "seed 7" in done.stderr


def test_answers_carry_the_virtual_date(sandbox: Sandbox) -> None:
    """So that a client can tell the platform's time from its own."""
    assert sandbox.call("me").headers["date"] == "Wed, 18 Nov 2026 19:23:41 GMT"
