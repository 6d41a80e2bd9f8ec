"""Ports on 127.0.0.1 that a server can hold, give up for a restart and take again."""

import random
import socket
from pathlib import Path

# Below the range from which the kernel hands out ports to outgoing connections: else a client's
# connection could sit on a server's port while that server is restarted.
_LOWEST, _HIGHEST = 20_000, 32_000


def is_free(port: int) -> bool:
    """True if a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody listens on."""
    for _ in range(200):
        port = random.randrange(_LOWEST, _HIGHEST)
        if is_free(port):
            return port
    raise OSError(f"no free port between {_LOWEST} and {_HIGHEST} on 127.0.0.1")


def kept_port(file: Path) -> int:
    """The port written in `file` if it is still free, else a new one, written there."""
    try:
        port = int(file.read_text())
    except (FileNotFoundError, ValueError):
        port = 0
    if not port or not is_free(port):
        port = free_port()
        file.write_text(str(port))
    return port
