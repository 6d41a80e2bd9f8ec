"""compose.yaml follows the specification and names only what metricx has."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runtime.cli import app
from runtime.settings import PREFIX, Settings, variable
from tests.docs import compose

SCHEMA = json.loads(Path(__file__).with_name("compose-spec.json").read_text())


def test_it_follows_the_compose_specification() -> None:
    """Before and after variables are put in, as an implementation reads it twice."""
    jsonschema.validate(compose.raw(), SCHEMA)
    jsonschema.validate(compose.interpolated(), SCHEMA)


def test_the_specification_refuses_a_word_it_does_not_know() -> None:
    """Else the test above would prove nothing."""
    wrong = compose.interpolated()
    wrong["services"]["api"]["restarts"] = "always"
    with pytest.raises(jsonschema.ValidationError, match="restarts"):
        jsonschema.validate(wrong, SCHEMA)


def test_every_setting_exists() -> None:
    """A setting that was renamed would silently fall back to its default."""
    named = {
        name
        for service in compose.own_services().values()
        for name in service["environment"]
        if name.startswith(PREFIX)
    }
    assert named <= set(_known(Settings))


def test_every_process_gets_what_it_cannot_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the very methods with which the commands read their settings."""
    roles = ("owner", "writer", "control", "reader", "auditor")
    needs = {
        "migrate": roles,
        "swap": ("owner",),
        "worker": ("writer",),
        "poller": ("control",),
        "api": ("reader", "control"),
    }
    own = compose.own_services()
    assert set(own) == set(needs)
    for name, service in own.items():
        read = _settings(service, monkeypatch)
        for role in needs[name]:
            assert read.dsn(role).startswith(f"postgresql://metricx_{role}:p")
        if name not in {"swap", "api"}:
            assert read.kafka_bootstrap() == "kafka:9092"
    assert len(own["api"]["environment"]["METRICX_SECRET_KEY"]) >= 32


def test_every_command_exists() -> None:
    """Of `metricx`; the worker's stands in a shell script of its own."""
    known = {
        str(command.name or getattr(command.callback, "__name__", ""))
        for command in app.registered_commands
    }
    for name, service in compose.own_services().items():
        assert name in known
        if name != "worker":
            assert service["command"] == [name]
    assert "python -m runtime worker" in compose.services()["worker"]["command"][0]


def test_nothing_but_the_api_can_be_reached_from_outside() -> None:
    """Kafka asks nobody for a password: its network is its wall."""
    assert [name for name, service in compose.services().items() if service.get("ports")] == ["api"]


def test_no_password_is_written_down() -> None:
    """All come from `.env`, which must set them, and the paper says how."""
    required = {name for name, must in compose.variables().items() if must}
    assert required == set(compose.ENV)
    paper = (compose.PROJECT / "docs" / "operations.md").read_text()
    assert all(name in paper for name in compose.variables())


def test_what_is_kept_lies_in_named_volumes() -> None:
    """A container that is made anew loses nothing."""
    kept = compose.services()
    assert kept["kafka"]["volumes"] == ["kafka:" + kept["kafka"]["environment"]["KAFKA_LOG_DIRS"]]
    assert kept["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert set(compose.raw()["volumes"]) == {"kafka", "postgres"}


@pytest.mark.parametrize("code", [0, 1, 70])
def test_a_worker_ends_with_its_own_exit_code(code: int, tmp_path: Path) -> None:
    """So that the restart policy sees it."""
    with _worker(tmp_path, f"exit {code}") as shell:
        assert shell.wait(timeout=10) == code
    assert not (tmp_path / "history-gone").exists()


def test_a_worker_without_history_stays_for_a_human(tmp_path: Path) -> None:
    """It does not end, so nothing starts it again; its health check fails; it can be stopped."""
    with _worker(tmp_path, "exit 78") as shell:
        _until((tmp_path / "history-gone").exists)
        assert shell.poll() is None
        shell.send_signal(signal.SIGTERM)
        assert shell.wait(timeout=10) == 78
    health = compose.services()["worker"]["healthcheck"]["test"]
    assert subprocess.run(["sh", "-c", _at(health, tmp_path)], check=False).returncode == 1


def test_a_worker_that_is_asked_to_stop_ends_in_its_own_time(tmp_path: Path) -> None:
    """The signal reaches it, and its exit code comes back."""
    slowly = "trap 'sleep 0.3; exit 0' TERM; touch \"$STARTED\"; while :; do sleep 0.05; done"
    with _worker(tmp_path, slowly) as shell:
        _until((tmp_path / "started").exists)
        shell.send_signal(signal.SIGTERM)
        assert shell.wait(timeout=10) == 0


def _known(model: Any, path: str = "") -> list[str]:
    names: list[str] = []
    for name, field in model.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        names += _known(field.annotation, f"{path}{name}.") if inner else [variable(path + name)]
    return names


def _settings(service: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Settings:
    with monkeypatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        for name, value in service["environment"].items():
            patch.setenv(name, str(value))
        return Settings(_env_file=None)  # pyright: ignore[reportCallIssue]


def _worker(folder: Path, does: str) -> "subprocess.Popen[bytes]":
    """The worker service's shell with a stand-in for Python."""
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{does}\n")
    python.chmod(0o755)
    service = compose.services()["worker"]
    return subprocess.Popen(
        [*service["entrypoint"], _at(service["command"][0], folder)],
        env={"PATH": f"{folder}:{os.environ['PATH']}", "STARTED": str(folder / "started")},
    )


def _at(script: str, folder: Path) -> str:
    return script.replace("/tmp/", f"{folder}/")  # noqa: S108 - the container's own


def _until(holds: Any) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
