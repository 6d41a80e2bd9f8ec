"""`python -m runtime.embedded --data DIR`: both servers, until Ctrl-C."""

import argparse
import json
import signal
import threading
from pathlib import Path
from types import FrameType

from runtime.embedded.kafka import KafkaServer
from runtime.embedded.postgres import PostgresServer


def main() -> None:
    """Start both, print where they are as JSON, stop both on SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m runtime.embedded", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory that keeps their data")
    parser.add_argument("--proxied-port", type=int, help="port of a proxy in front of Kafka")
    asked = parser.parse_args()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    postgres = PostgresServer(asked.data / "postgres")
    kafka = KafkaServer(asked.data / "kafka", proxied_port=asked.proxied_port)
    try:
        postgres.start()
        kafka.start()
        where: dict[str, dict[str, str | int | None]] = {
            "kafka": {"bootstrap": kafka.bootstrap, "pid": kafka.pid},
            "postgres": {"superuser": postgres.dsn(), "pid": postgres.pid},
        }
        if kafka.proxied_listen_port:
            where["kafka"]["proxied"] = f"127.0.0.1:{kafka.proxied_listen_port}"
        print(json.dumps(where, indent=2), flush=True)
        stopping.wait()
    finally:
        kafka.stop()
        postgres.stop()


main()
