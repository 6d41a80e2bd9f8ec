"""Settings: what is read, what is said of what is missing, and the pages written from them."""

import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import NotConfigured
from runtime.settings import Settings, variable
from runtime.settings_pages import (
    CONFIGURATION,
    ENV_EXAMPLE,
    configuration,
    env_example,
    sections,
)


def test_the_page_of_settings_is_what_the_model_says() -> None:
    """`make docs` was run after the last change."""
    assert CONFIGURATION.read_text() == configuration()


def test_the_example_is_what_the_model_says() -> None:
    """`make docs` was run after the last change."""
    assert ENV_EXAMPLE.read_text() == env_example()


def test_every_setting_has_a_meaning() -> None:
    """None is left to be guessed."""
    silent = [one.path for section in sections() for one in section.entries if not one.meaning]
    assert silent == []


def test_the_example_uncommented_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever copies it whole changes nothing."""
    copied = [
        line.removeprefix("# ")
        for line in env_example().splitlines()
        if line.startswith("# METRICX_")
    ]
    (tmp_path / ".env").write_text("\n".join(copied))
    plain = Settings()
    monkeypatch.chdir(tmp_path)
    assert Settings() == plain


def test_nested_names_are_joined_by_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    """METRICX_KAFKA__BOOTSTRAP is kafka.bootstrap."""
    monkeypatch.setenv(variable("kafka.bootstrap"), "kafka:9092")
    assert variable("kafka.bootstrap") == "METRICX_KAFKA__BOOTSTRAP"
    assert Settings().kafka.bootstrap == "kafka:9092"


def test_a_missing_setting_is_named_with_an_example() -> None:
    """The variable, as it must be set."""
    with pytest.raises(
        NotConfigured, match=r"METRICX_POSTGRES__WRITER is not set\..*postgresql://"
    ):
        Settings().dsn("writer")


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a log line nor in a trace."""
    monkeypatch.setenv(variable("secret_key"), "do-not-show")
    monkeypatch.setenv(variable("postgres.writer"), "postgresql://w:do-not-show@h/d")
    assert "do-not-show" not in repr(Settings())


@pytest.mark.parametrize("command", ["worker", "api", "poller", "migrate"])
def test_a_process_without_settings_ends_with_one_line(command: str, tmp_path: Path) -> None:
    """What is missing, what to do, and no trace."""
    project = str(CONFIGURATION.parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "runtime", command],
        cwd=tmp_path,
        env={"PYTHONPATH": project, "METRICX_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("metricx: METRICX_")
    assert "Traceback" not in done.stderr
