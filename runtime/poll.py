"""`metricx poller`: pollers and scheduler with the settings' values."""

import asyncio
import signal

from ingest import poller, schedule
from runtime.settings import Settings


async def poll(settings: Settings) -> None:
    """Poll until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    meta = settings.meta
    await poller.run(
        kafka_bootstrap=settings.kafka_bootstrap(),
        topic_prefix=settings.kafka.topic_prefix,
        control_dsn=settings.dsn("control"),
        providers={
            "meta": {
                "base_url": meta.base_url.rstrip("/"),
                "version": meta.version,
                "app_secret": meta.app_secret.get_secret_value() if meta.app_secret else None,
            }
        },
        demo_tokens={"meta": meta.sandbox_token},
        demo_policy=schedule.DEMO,
        stop=stop,
    )
