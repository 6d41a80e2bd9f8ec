"""The schedule on PostgreSQL, as far as it is more than the pure function."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from accounts.connections import Pollable, pollable
from ingest.providers.registry import open_provider
from ingest.schedule import Policy
from ingest.scheduler import keep_scheduling
from tests.ingest.polling import Polling


async def test_a_connection_that_is_gone_does_not_stop_the_others(
    linked: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workspace was deleted a moment ago: PostgreSQL refuses its pieces, and no one else's."""
    (real,) = await pollable(linked.control)
    gone = replace(real, workspace_id=uuid4(), connection_id=uuid4())

    async def with_one_gone(_control: object) -> list[Pollable]:
        return [gone, real]

    monkeypatch.setattr("ingest.scheduler.pollable", with_one_gone)
    providers = {"meta": open_provider("meta", {"base_url": "http://x", "version": "v26.0"})}
    scheduling = asyncio.create_task(
        keep_scheduling(linked.control, providers, Policy(), Policy(), 0.05)
    )
    try:
        await linked.until(lambda pieces: "entities" in pieces, seconds=5)
    finally:
        scheduling.cancel()
        with suppress(asyncio.CancelledError):
            await scheduling
