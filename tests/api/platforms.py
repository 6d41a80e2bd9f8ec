"""Platforms that are set up, and that nobody answers for: what asks none of them can be asked."""

from runtime.at_sandbox import at_sandbox
from runtime.platforms import Platforms, platforms
from runtime.settings import Settings


def at_the_sandbox(*, without: str | None = None) -> Platforms:
    """All of them, with the sandbox's own apps; of the platform `without`, no app."""
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    found = platforms(at_sandbox(settings, "http://127.0.0.1:1"))
    return {name: platforms(settings)[name] if name == without else found[name] for name in found}
