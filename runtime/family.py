"""A process with all that it has started, told the same thing."""

import signal
from collections.abc import Sequence

import psutil


def family(pid: int) -> list[psutil.Process]:
    """The process, then its descendants; empty if it has ended."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def tell(members: Sequence[psutil.Process], what: signal.Signals) -> None:
    """Send a signal to each that still lives."""
    for member in members:
        try:
            member.send_signal(what)
        except psutil.NoSuchProcess:
            continue


def wait_gone(members: Sequence[psutil.Process], within_seconds: float) -> bool:
    """Whether all have ended in time."""
    _, alive = psutil.wait_procs(members, timeout=within_seconds)
    return not alive
