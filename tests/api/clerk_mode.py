"""The application in Clerk mode, over a stand-in for Clerk on a real port."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
from fastapi import FastAPI

from tests.accounts.clerk import Clerk, clerk_server, user
from tests.api.signing_in import JSON, PUBLIC_URL, application, client
from tests.servers.databases import Database

SIGN_IN_URL = "https://accounts.metricx.test/sign-in"
WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


@dataclass
class ClerkMode:
    """An application whose people Clerk signs in."""

    clerk: Clerk
    app: FastAPI
    visitor: httpx2.AsyncClient

    def newcomer(self, **changed: Any) -> str:
        """A user at Clerk of whom the application has not heard; their id."""
        own = uuid4().hex
        clerk_id = f"user_{own}"
        email: dict[str, Any] = {"email": f"{own}@example.com"}
        self.clerk.users[clerk_id] = user(clerk_id, **(email | changed))
        return clerk_id

    def bearer(self, clerk_id: str, **changed: Any) -> dict[str, str]:
        """The header that signs this user in."""
        return {"authorization": f"Bearer {self.clerk.token(clerk_id, **changed)}"}

    async def me(self, clerk_id: str, **changed: Any) -> httpx2.Response:
        """Who the application takes this user for."""
        return await self.visitor.get("/auth/me", headers=self.bearer(clerk_id, **changed))

    def forget_answers(self) -> None:
        """The next request asks the database, as it would a second later."""
        self.app.state.sessions._known._answers.clear()

    async def tell(self, kind: str, data: dict[str, Any], **more: Any) -> httpx2.Response:
        """A signed webhook."""
        body = event(kind, data)
        return await self.visitor.post(
            "/webhooks/clerk", content=body, headers=signed(body, **more)
        )


@asynccontextmanager
async def clerk_mode(
    database: Database, *, is_served: bool = True, **changed: Any
) -> AsyncGenerator[ClerkMode]:
    """An application with Clerk's settings, `changed`, until the block ends.

    `is_served`: Clerk can be reached; webhooks come from it all the same.
    """
    serving = clerk_server() if is_served else nullcontext(Clerk("http://clerk.test"))
    async with serving as clerk:
        settings = clerk.settings(
            **{"sign_in_url": SIGN_IN_URL, "webhook_secrets": (WEBHOOK_SECRET,), **changed}
        )
        async with application(database, clerk=settings) as app, client(app, PUBLIC_URL) as visitor:
            yield ClerkMode(clerk, app, visitor)


def event(kind: str, data: dict[str, Any], timestamp: int = 1763660000123) -> bytes:
    """A webhook's body."""
    return json.dumps(
        {"object": "event", "type": kind, "timestamp": timestamp, "data": data}
    ).encode()


def signed(
    body: bytes,
    *,
    delivery_id: str | None = None,
    at: float | None = None,
    secret: str = WEBHOOK_SECRET,
    prefix: str = "svix",
) -> dict[str, str]:
    """A webhook's headers, signed as svix describes it, and not by the library that checks."""
    delivery_id = delivery_id or f"msg_{uuid4().hex}"
    seconds = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b".".join([delivery_id.encode(), seconds.encode(), body])
    signature = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return {
        **JSON,
        f"{prefix}-id": delivery_id,
        f"{prefix}-timestamp": seconds,
        f"{prefix}-signature": f"v1,{signature}",
    }
