"""Faults on the way of a platform's answer: late, cut off, or a refusal in the platform's words."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.faults import Fault, Faults

Endpoint = Callable[[Request], Awaitable[Response]]


def disturbed(faults: Faults, answer: Endpoint, refused: Callable[[Fault], Response]) -> Endpoint:
    """An endpoint that meets the faults ordered for it; `refused` says all but slow and half."""

    async def answer_or_fault(request: Request) -> Response:
        fault = faults.take(f"{request.url.path}?{request.url.query}")
        if fault is None:
            return await answer(request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return await answer(request)
        if fault.kind == "half_page":
            whole = await answer(request)
            return HalfPage(whole.body, whole.status_code, dict(whole.headers))
        return refused(fault)

    return answer_or_fault


class HalfPage(Response):
    """The first half of a body under the whole one's length; then the connection is cut."""

    async def __call__(
        self,
        scope: Scope,  # noqa: ARG002
        receive: Receive,  # noqa: ARG002
        send: Send,
    ) -> None:
        """Send it."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        # The server closes the connection on an answer that is left unfinished.
