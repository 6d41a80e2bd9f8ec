"""`python -m bench.api`: the real application as a process of its own, on uvicorn."""

import argparse

import uvicorn

from accounts.vault import KeyRing, MasterKey
from runtime.application import make_app
from web import limits
from web.moving_window import Limit


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reader", required=True)
    parser.add_argument("--control", required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    ring = KeyRing([MasterKey.new()])
    # One user asks here what many would, from one address.
    limits.PER_ADDRESS = limits.PER_WORKSPACE = Limit("bench", 1_000_000, 60)
    app = make_app(
        reader_dsn=asked.reader,
        control_dsn=asked.control,
        secret_key="a bench guards nothing, but a key must be long enough",  # noqa: S106
        key_ring=lambda: ring,
        public_url=f"http://127.0.0.1:{asked.port}",
    )
    uvicorn.run(
        app, host="127.0.0.1", port=asked.port, log_level="warning", access_log=False,
        timeout_graceful_shutdown=2,
    )  # fmt: skip


if __name__ == "__main__":
    main()
