"""What stands where a Kafka should: one that answers, and one that hangs."""

import socket
import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager

from processors.broker import Address


@contextmanager
def answering() -> Generator[Address]:
    """A server that says something to whoever asks it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[:2]  # pyright: ignore[reportReturnType]  # typed as any family's
        server.shutdown()
        thread.join()


@contextmanager
def hanging() -> Generator[Address]:
    """A port at which the kernel lets one in, and nobody says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


class _Answer(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(self.request.recv(64))
