"""Shows each projection's new version as soon as it holds all that the old one did."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from runtime.errors import ServerAway
from runtime.migrate import Filling, show_level
from runtime.reaching import why

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0
_TELL_EVERY_LOOKS = 10


async def swap_when_level(owner_dsn: str) -> None:
    """Return when readers see the versions that this code writes; at once if they do already.

    The live workers fill a new version from the first event on, and none of them writes the old
    one any more: until the swap its figures stand still, which is said again and again. A server
    that is away, or a reader that is in the way, is waited out.
    """
    before: list[Filling] = []
    looks = failures = 0
    while True:
        try:
            filling = await show_level(owner_dsn)
        except (ServerAway, OSError, SQLAlchemyError) as error:
            if failures % _TELL_EVERY_LOOKS == 0:
                log.warning("not swapped", marker="[UP]", error=why(error))
            failures += 1
        else:
            _tell_shown(before, filling)
            if not filling:
                return
            if looks % _TELL_EVERY_LOOKS == 0:
                _tell_standing_still(filling)
            before, looks, failures = filling, looks + 1, 0
        await asyncio.sleep(_LOOK_SECONDS)


def _tell_shown(before: list[Filling], now: list[Filling]) -> None:
    for each in before:
        if each.projection not in {other.projection for other in now}:
            log.warning(
                "figures move again", marker="[UP]", projection=each.projection, shown=each.version
            )


def _tell_standing_still(filling: list[Filling]) -> None:
    for each in filling:
        log.warning(
            "figures stand still until a new version is filled",
            marker="[UP]",
            projection=each.projection,
            shown=each.shown,
            filling=each.version,
            events_to_go=each.events_behind,
        )
