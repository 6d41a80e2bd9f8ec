"""Cuts a connection off at once: closing one waits for a peer that reads no more."""

import asyncio
import socket
import struct
from typing import Any

from starlette.types import Receive


async def abort(receive: Receive) -> bool:
    """Drop the request's connection with all that waits for its peer; False if there is no way.

    uvicorn's `receive` is a method of an object with the transport, and no middleware of ours or
    Starlette's wraps it; a test holds them to that.
    """
    transport: Any = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        return False
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # The kernel, too, forgets what the peer has not taken.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(0)  # the server hears of it before the request ends
    return True
