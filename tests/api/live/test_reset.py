"""Positions that go back: in a database of its own, for nothing else works in it afterwards."""

import asyncpg

from tests.api.live.test_stream import an_account
from tests.api.serving import Served, streamed
from tests.readmodels.world import World


async def test_a_topic_made_anew_resets_those_who_watch(api: Served, world: World) -> None:
    """They are told within the second's comparison: forget, then read all again."""
    async with api.signed_up() as (client, workspace):
        await an_account(world, workspace)
        async with streamed(client) as stream:
            await stream.next()
            superuser = await asyncpg.connect(world.database.superuser)
            await superuser.execute(
                "UPDATE processing.projection_offset SET next_offset = 0, applied = 0"
                " WHERE topic = 'ad-metrics'"
            )
            await superuser.close()
            await stream.until(lambda told: told.name == "reset")
            assert (await stream.next()).name == "snapshot"
