"""What a person sees of the processes: one prefixed line for each that matters."""

import json
import sys
import time
from contextlib import suppress
from typing import Any, cast

from rich.console import Console
from rich.markup import escape

_RANK = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}
_STYLE = {"warning": "yellow", "error": "red", "critical": "bold red"}
_COLOURS = ("cyan", "green", "magenta", "blue", "bright_cyan", "bright_green")
_REPEATED_SECONDS = 5.0
_MOST_REMEMBERED = 1_000
_SHOWN_ELSEWHERE = {"event", "level", "timestamp", "logger", "marker", "exception", "stack"}


class Screen:
    """Prints the processes' JSON lines as `name │ time marker text key=value`.

    Lines below `least` are left to the log files, and so is what is not JSON (a server's own log)
    and what a process repeats within seconds.
    """

    def __init__(self, console: Console, *, least: str) -> None:
        self._console = console
        self._least = _RANK[least]
        self._colours: dict[str, str] = {}
        self._shown_at: dict[tuple[str, str], float] = {}

    def echo(self, name: str, line: bytes) -> None:
        """One line of a process."""
        said = _parsed(line)
        if said is None:
            return
        level = str(said.get("level", "info"))
        if _RANK.get(level, 20) < self._least:
            return
        rest = " ".join(
            f"{key}={value}" for key, value in said.items() if key not in _SHOWN_ELSEWHERE
        )
        if self._is_repeated(name, f"{said['event']} {rest}"):
            return
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        marker = f"{said['marker']} " if said.get("marker") else ""
        at = str(said.get("timestamp", ""))[11:19]
        words = f"{at} {marker}{said['event']} {rest}".rstrip()
        text = escape(" ".join(words.split("\n")))
        style = _STYLE.get(level)
        body = f"[{style}]{text}[/{style}]" if style else text
        self._console.print(f"[{colour}]{name:>9} │[/{colour}] {body}", highlight=False)

    def _is_repeated(self, name: str, words: str) -> bool:
        now = time.monotonic()
        before = self._shown_at.get((name, words))
        if before is not None and now - before < _REPEATED_SECONDS:
            return True
        if len(self._shown_at) > _MOST_REMEMBERED:
            self._shown_at.clear()
        self._shown_at[name, words] = now
        return False


def console() -> Console:
    """The terminal; wide enough for whole lines where there is none."""
    is_terminal = sys.stdout.isatty()
    return _Terminal(width=None if is_terminal else 200, soft_wrap=not is_terminal)


class _Terminal(Console):
    """Whoever read along may go, as in `metricx up | head`: that ends no command."""

    def on_broken_pipe(self) -> None:
        with suppress(SystemExit):
            super().on_broken_pipe()  # what is printed from here on goes nowhere
        with suppress(OSError):
            print("metricx: nobody reads this output; the rest of it is left out.", file=sys.stderr)


def _parsed(line: bytes) -> dict[str, Any] | None:
    if not line.startswith(b"{"):
        return None
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", said) if isinstance(said, dict) and "event" in said else None
