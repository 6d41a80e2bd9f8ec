"""Each suite has a budget of time: a table at the end says how it was kept, and over it fails."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.servers.machine import ELBOW_ROOM, Others, in_words

_TESTS = Path(__file__).parents[1]

BUDGET_SECONDS = {
    "accounts": 75.0,
    "api": 220.0,
    "bench": 20.0,
    "browser": 300.0,
    "chaos": 3_600.0,
    "contract": 120.0,
    "docs": 60.0,
    "ingest": 90.0,
    "integration": 150.0,
    "oracle": 20.0,
    "processors": 90.0,
    "readmodels": 45.0,
    "runtime": 200.0,
    "sandbox": 75.0,
    "schemas": 15.0,
    "security": 150.0,
    "servers": 100.0,
    "ui": 60.0,
    "web": 15.0,
}
"""Seconds of one whole run of a folder of tests on two idle cores, fixtures included.

About twice what it takes: a suite that has become slow fails, a slower machine does not.
"""

_DEFAULT_SECONDS = 20.0


class Budgets:
    """Adds up what each suite took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.tests: dict[str, int] = defaultdict(int)
        self._others = Others()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count setup, call and teardown for the folder in which the test lies."""
        suite = suite_of(report.nodeid)
        self.seconds[suite] += report.duration
        if report.when == "call":
            self.tests[suite] += 1

    def over(self) -> list[str]:
        """The suites that took longer than they may."""
        return [suite for suite, took in self.seconds.items() if took > budget_of(suite)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A suite over its budget is a failure of the run, if the machine was ours."""
        ours = self._others.share() <= ELBOW_ROOM
        if self.over() and ours and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table."""
        terminalreporter.section("time by suite")
        terminalreporter.write_line(in_words(self._others.share()))
        for suite in sorted(self.seconds):
            took, may = self.seconds[suite], budget_of(suite)
            verdict = "OVER BUDGET" if took > may else "ok"
            counted = f"{suite:<14}{self.tests[suite]:>6} tests"
            terminalreporter.write_line(f"{counted} {took:>8.1f} s of {may:>6.0f} s  {verdict}")


def budget_of(suite: str) -> float:
    """How many seconds a suite may take."""
    return BUDGET_SECONDS.get(suite, _DEFAULT_SECONDS)


def suite_of(nodeid: str) -> str:
    """The folder below tests/ that holds the test, or `tests` itself."""
    parts = nodeid.split("::", maxsplit=1)[0].split("/")
    return parts[1] if parts[0] == _TESTS.name and len(parts) > 2 else _TESTS.name


def pytest_configure(config: pytest.Config) -> None:
    """Register the counter."""
    config.pluginmanager.register(Budgets(), "metricx-budgets")
