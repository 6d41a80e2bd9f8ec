"""What is installed is what the repository says, byte for byte."""

import json
import re
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[2]
_LOCKS = _PROJECT / "requirements"
_NODE_LOCKS = [_PROJECT / "package-lock.json", _PROJECT / "ui" / "package-lock.json"]


def pins(lock: str) -> dict[str, str]:
    """Package and version, of one lock file."""
    text = (_LOCKS / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_tests_run_on_what_a_demo_runs_on() -> None:
    """Every pin of the one is a pin of the other."""
    wanted, tested = pins("runtime"), pins("dev")
    assert {name: tested.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_every_package_has_its_hashes(lock: str) -> None:
    """pip refuses a package without; so would the install."""
    blocks = re.split(r"\n(?=[a-z0-9])", (_LOCKS / f"{lock}.lock").read_text())
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("file", _NODE_LOCKS, ids=["tooling", "pages"])
def test_a_node_lock_has_hashes_and_names_no_registry(file: Path) -> None:
    """Whoever installs chooses the registry; the hashes hold it to the same bytes."""
    packages = json.loads(file.read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    unheld = [
        name
        for name, package in packages.items()
        if name and not package.get("link") and "integrity" not in package
    ]
    assert unheld == []


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_a_python_lock_names_no_host(lock: str) -> None:
    """Neither an index nor a mirror of the machine that wrote it."""
    assert "://" not in (_LOCKS / f"{lock}.lock").read_text()
