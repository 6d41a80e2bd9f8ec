"""The response of `GET /live`: one watcher's stream, from joining to leaving."""

from collections.abc import AsyncIterator

import structlog
from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from accounts.audit import Actor
from accounts.session import Workspace
from api.live.abort import abort
from api.live.client import Client
from api.live.hub import Full, Hub
from web.problems import Problem

SEND_TIMEOUT_SECONDS = 15.0
log = structlog.get_logger(__name__)


class TooManyStreams(Problem):
    """This process, or this user, has as many streams as it may."""

    status, code, title = 503, "too-many-streams", "No more live streams just now"
    meaning = "metricx, or you alone, has as many live streams open as it may have."
    remedy = "Close what you do not watch; a page tries again by itself."


class LiveStream(EventSourceResponse):
    """Joins when it starts and leaves whatever happens, so that no place is lost.

    The hub's heartbeats come as messages: one timer for all streams, and every write has the same
    deadline. A client that takes no bytes for that long is cut off.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        hub: Hub,
        watcher: Actor,
        workspace: Workspace,
        credential: str,
        last_event_id: str | None,
    ) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            _nothing(), ping=0, sep="\n", send_timeout=SEND_TIMEOUT_SECONDS
        )
        self._hub = hub
        self._watcher = watcher
        self._workspace = workspace
        self._credential = credential
        self._last_event_id = last_event_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the client goes, is too slow, its session ends, or the server stops."""
        client = await self._join()
        try:
            self.body_iterator = client.messages()
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            log.info("Frozen watcher cut off", marker="[LIVE]", workspace_id=client.workspace_id)
            await abort(receive)
        finally:
            self._hub.leave(client)

    async def _join(self) -> Client:
        try:
            return await self._hub.join(
                self._watcher, self._workspace, self._credential, self._last_event_id
            )
        except Full:
            raise TooManyStreams(headers={"retry-after": "10"}) from None


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
