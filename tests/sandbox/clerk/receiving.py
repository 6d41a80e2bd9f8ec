"""An endpoint that takes webhooks: what came is kept, and answered as a test wants."""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.sandbox.running import Json


@dataclass
class Receiver:
    """Webhooks so far, in the order in which they came."""

    url: str
    statuses: Iterator[int]  # of the answers to come; 204 once they are used up
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def wait_for(self, count: int) -> None:
        """Until so many came, at most ten seconds."""
        until = time.monotonic() + 10
        while len(self.came) < count:
            assert time.monotonic() < until, f"{len(self.came)} webhooks came, not {count}"
            time.sleep(0.02)


@contextmanager
def receiving(register: Callable[[str], Json], statuses: Iterable[int] = ()) -> Generator[Receiver]:
    """An endpoint on a free port, registered by `register`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(next(received.statuses, 204))
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received = Receiver(f"http://127.0.0.1:{server.server_port}/hooks", iter(statuses))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        register(received.url)
        yield received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
