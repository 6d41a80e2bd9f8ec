"""Settings: what is read, what is said of what is missing, and the pages written from them."""

from pathlib import Path

import pytest

import runtime.cli as cli
from runtime.errors import NotConfigured
from runtime.settings import Settings, settings, variable
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


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://app.example.com", ("https://app.example.com",)),
        (
            "https://a.example/, http://b.example:3000",
            ("https://a.example", "http://b.example:3000"),
        ),
        ('["https://a.example", "https://b.example"]', ("https://a.example", "https://b.example")),
    ],
    ids=["one", "with commas", "as JSON"],
)
def test_origins_are_taken_as_one_writes_them(
    monkeypatch: pytest.MonkeyPatch, said: str, meant: tuple[str, ...]
) -> None:
    """A final slash would never match what a browser says."""
    monkeypatch.setenv(variable("cors_origins"), said)
    assert Settings().cors_origins == meant


def test_a_group_is_no_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """METRICX_LOG=debug, where METRICX_LOG__LEVEL was meant."""
    monkeypatch.setenv("METRICX_LOG", "debug")
    settings.cache_clear()
    with pytest.raises(SystemExit):
        cli.migrate()
    wrong, remedy = capsys.readouterr().err.splitlines()
    assert "METRICX_LOG is a group of settings" in wrong
    assert remedy.strip() == "docs/configuration.md lists those that begin with METRICX_LOG__."


def test_a_missing_setting_is_named_with_an_example() -> None:
    """The variable, as it must be set."""
    with pytest.raises(
        NotConfigured, match=r"METRICX_POSTGRES__WRITER is not set\..*postgresql://"
    ):
        Settings().dsn("writer")


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a log line nor in a trace."""
    monkeypatch.setenv(variable("secret_key"), "do-not-show" * 3)
    monkeypatch.setenv(variable("postgres.writer"), "postgresql://w:do-not-show@h/d")
    assert "do-not-show" not in repr(Settings())


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("postgres.owner", "do-not-show", "must be postgresql://user:password@host:port/database"),
        ("postgres.reader", "mysql://a:do-not-show@h/d", "must be postgresql://"),
        ("postgres.writer", "postgresql://a:do-not-show@h:x/d", "must be postgresql://"),
        ("kafka.bootstrap", "kafka", "must be host:port, several with commas"),
        ("kafka.bootstrap", "one:9092,two", "must be host:port, several with commas"),
        ("cors_origins", "do-not-show.example", "must be https://host, several with commas"),
        ("cors_origins", "*", "must be https://host, several with commas"),
        ("secret_key", "do-not-show", "must have at least 32 characters"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    path: str,
    value: str,
    said: str,
) -> None:
    """By its variable, before anything connects; it may be a secret."""
    monkeypatch.setenv(variable(path), value)
    settings.cache_clear()
    with pytest.raises(SystemExit):
        cli.migrate()
    told = capsys.readouterr().err
    assert f"{variable(path)}: Value error, {said}" in told
    assert "do-not-show" not in told
