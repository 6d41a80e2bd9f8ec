"""Platforms that are set up, and that nobody answers for: what asks none of them can be asked."""

from runtime.at_sandbox import at_sandbox
from runtime.platforms import Platforms, platforms
from runtime.settings import Settings


def at_the_sandbox(base: str = "http://127.0.0.1:1") -> Platforms:
    """All of them, with the sandbox's own apps."""
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    return platforms(at_sandbox(settings, base))
