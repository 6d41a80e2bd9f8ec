"""`metricx poller`: pollers and scheduler with the settings' values."""

import asyncio
import signal

from ingest import poller, schedule
from runtime.key_ring import ring_source
from runtime.platforms import platforms
from runtime.settings import Settings


async def poll(settings: Settings) -> None:
    """Poll until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    await poller.run(
        kafka_bootstrap=settings.kafka_bootstrap(),
        topic_prefix=settings.kafka.topic_prefix,
        control_dsn=settings.dsn("control"),
        key_ring=ring_source(settings),
        platforms=platforms(settings),
        demo_policy=schedule.DEMO,
        stop=stop,
    )
