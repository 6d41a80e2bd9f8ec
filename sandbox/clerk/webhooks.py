"""Webhooks: each change of a person told to one endpoint, signed, and again if it was not taken."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2

from sandbox.clerk.signature import sign
from sandbox.clerk.users import User
from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.token import CLERK_WEBHOOK_SECRET

Event = Literal["user.created", "user.updated", "user.deleted"]
_INSTANCE = "ins_2sbxMetricx0000000000000"
_RETRIES = (0.5, 1.0, 2.0, 4.0)  # seconds of real time before each further attempt
_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where webhooks go."""

    url: str
    secret: str


@dataclass(slots=True)
class Message:
    """One event; its id and body are the same in every attempt."""

    id: str
    type: str
    user_id: str
    body: str
    statuses: list[int | None] = field(default_factory=list[int | None])
    """Of each attempt since the start; None where nobody answered."""


class Webhooks:
    """The messages so far, and the endpoint; both are kept over restarts, attempts are not."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self._messages = dict[str, Message]()
        self._running = set[asyncio.Task[None]]()
        self.endpoint: Endpoint | None = None
        for record in journal.records("clerk_message", "clerk_endpoint"):
            if record["kind"] == "clerk_message":
                told = (record["id"], record["type"], record["user_id"], record["body"])
                self._messages[record["id"]] = Message(*told)
            else:
                self.endpoint = _endpoint(record["url"], record["secret"])

    def register(self, url: str | None, secret: str | None) -> None:
        """Where all that follows goes; None: nowhere."""
        secret = secret or CLERK_WEBHOOK_SECRET
        self._journal.append({"kind": "clerk_endpoint", "url": url, "secret": secret})
        self.endpoint = _endpoint(url, secret)

    def messages(self) -> list[Message]:
        """All there ever were, oldest first."""
        return list(self._messages.values())

    def find(self, message_id: str) -> Message | None:
        """One message, if there is one of that id."""
        return self._messages.get(message_id)

    def told(self, event: Event, user: User) -> Message:
        """The message of a change; nothing is sent yet."""
        data: dict[str, Any] = user.as_json()
        if event == "user.deleted":
            gone = {"id": user.id, "object": "user", "deleted": True}
            data = gone | ({"external_id": user.external_id} if user.external_id else {})
        envelope = {
            "object": "event",
            "type": event,
            "timestamp": self._clock.now() * 1000,
            "instance_id": _INSTANCE,
            "event_attributes": {
                "http_request": {"client_ip": "203.0.113.9", "user_agent": "Mozilla/5.0"}
            },
            "data": data,
        }
        body = json.dumps(envelope, separators=(",", ":"))
        message = Message(f"msg_2{secrets.token_hex(13)}", event, user.id, body)
        self._journal.append(
            {
                "kind": "clerk_message",
                "id": message.id,
                "type": event,
                "user_id": user.id,
                "body": body,
            }
        )
        self._messages[message.id] = message
        return message

    async def deliver(self, message: Message) -> int | None:
        """The status of one attempt, made now; None if nobody answered, or nobody is to hear."""
        if self.endpoint is None:
            return None
        status = await self._attempt(message, self.endpoint)
        message.statuses.append(status)
        return status

    async def deliver_surely(self, message: Message) -> int | None:
        """The status of a first attempt; if it was not taken, others follow in the background."""
        status = await self.deliver(message)
        if self.endpoint is not None and not _is_taken(status):
            self._in_background(message, _RETRIES)
        return status

    def deliver_soon(self, message: Message) -> None:
        """All attempts in the background, as a person who signs in does not wait for any."""
        self._in_background(message, (0.0, *_RETRIES))

    def _in_background(self, message: Message, delays: tuple[float, ...]) -> None:
        task = asyncio.create_task(self._until_taken(message, delays))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _until_taken(self, message: Message, delays: tuple[float, ...]) -> None:
        for delay in delays:
            await asyncio.sleep(delay)
            if _is_taken(await self.deliver(message)):
                return

    async def _attempt(self, message: Message, endpoint: Endpoint) -> int | None:
        body, now = message.body.encode(), self._clock.now()
        headers = {
            "content-type": "application/json",
            "user-agent": "Svix-Webhooks/1.68 (sandbox)",
            "svix-id": message.id,
            "svix-timestamp": str(now),
            "svix-signature": sign(endpoint.secret, message.id, now, body),
        }
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
                answer = await client.post(endpoint.url, content=body, headers=headers)
        except httpx2.HTTPError:
            return None
        return answer.status_code


def _endpoint(url: str | None, secret: str) -> Endpoint | None:
    return Endpoint(url, secret) if url else None


def _is_taken(status: int | None) -> bool:
    return status is not None and 200 <= status < 300
