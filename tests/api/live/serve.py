"""Serves the API until it gets a signal: `serve.py PORT`, with DSNs in its environment."""

import os
import sys

import uvicorn

from accounts.vault import KeyRing
from runtime.application import make_app

if __name__ == "__main__":
    uvicorn.run(
        make_app(
            reader_dsn=os.environ["READER"],
            control_dsn=os.environ["CONTROL"],
            secret_key="a secret of this process alone",
            key_ring=lambda: KeyRing(()),  # no test seals here
            public_url="http://localhost",
        ),
        port=int(sys.argv[1]),
        log_level="warning",
    )
