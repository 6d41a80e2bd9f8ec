"""A Faust app set up for throughput, and the bench's questions to it: first record, totals."""
# ruff: noqa: ARG002  # the names are those of the overridden methods

import json
import sys
import threading
import time

import faust
import uvloop


def make_app(name: str, bootstrap: str, guarantee: str, directory: str) -> faust.App:
    """Tables in memory, restored from their changelogs: Faust's fastest store."""
    return faust.App(
        name,
        broker=f"kafka://{bootstrap}",
        store="memory://",
        datadir=directory,
        web_enabled=False,
        topic_partitions=8,
        topic_replication_factor=1,
        processing_guarantee=guarantee,
        broker_commit_interval=1.0,
        stream_wait_empty=False,
        producer_compression_type="lz4",
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        autodiscover=False,
    )


def serve(app: faust.App, totals) -> None:
    """Run until the bench has asked for the totals."""
    uvloop.install()
    first = []

    class Watch(faust.Monitor):
        """Tells when the first event goes into a stream."""

        def on_stream_event_in(self, tp, offset, stream, event):
            if not first:
                first.append(1)
                print("first", time.time_ns() // 1_000_000, flush=True)
            return

        def on_stream_event_out(self, tp, offset, stream, event, state=None):
            return None

    app.monitor = Watch()

    def listen() -> None:
        if sys.stdin.readline().strip() == "totals":
            print("totals", json.dumps(totals()), flush=True)

    threading.Thread(target=listen, daemon=True).start()
    worker = faust.Worker(app, loglevel="WARN", redirect_stdouts=False)
    worker.execute_from_commandline()
