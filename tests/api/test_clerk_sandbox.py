"""Clerk mode from end to end: the application on its port, Clerk in the sandbox's process."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from accounts.clerk.settings import ClerkSettings
from sandbox.token import CLERK_SECRET_KEY, CLERK_WEBHOOK_SECRET
from tests.api.serving import Served, served
from tests.api.signing_in import PUBLIC_URL
from tests.sandbox.running import Sandbox, running
from tests.servers.databases import Database


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("clerk")) as made:
        yield made


@dataclass
class Both:
    """The application, and Clerk."""

    app: Served
    sandbox: Sandbox

    async def order(self, path: str, **order: object) -> dict[str, Any]:
        """What Clerk is made to do; it calls the application meanwhile."""
        return await asyncio.to_thread(self.sandbox.order, f"clerk/{path}", **order)

    async def created(self, first_name: str, **order: object) -> str:
        """Somebody new at Clerk, of whom its webhook tells; their id."""
        email = f"{first_name.lower()}@example.com"
        names = {"first_name": first_name, "last_name": "Lovelace", "email": email}
        told = await self.order("users", **names, **order)
        assert told["delivery"]["statuses"] == ([204] if order.get("deliver", True) else [])
        return told["user"]["id"]

    async def gone(self, user_id: str, **order: object) -> None:
        """Clerk deletes somebody."""
        path = f"/admin/clerk/users/{user_id}"
        answer = await asyncio.to_thread(
            self.sandbox.http.request, "DELETE", path, json=dict(order)
        )
        assert answer.status_code == 200, answer.text

    async def header(self, user_id: str) -> dict[str, str]:
        """What signs somebody in."""
        token = (await self.order("token", user_id=user_id, azp=PUBLIC_URL))["token"]
        return {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def me(self, user_id: str) -> httpx2.Response:
        """Who the application takes somebody for."""
        self.app.app.state.sessions._known._answers.clear()
        async with httpx2.AsyncClient(base_url=self.app.url) as client:
            return await client.get("/auth/me", headers=await self.header(user_id))

    async def repaired(self, by: str) -> dict[str, int]:
        """What a repair says."""
        async with httpx2.AsyncClient(base_url=self.app.url, timeout=30) as client:
            answer = await client.post("/auth/clerk/repair", headers=await self.header(by))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def both(database: Database, sandbox: Sandbox) -> AsyncIterator[Both]:
    base = f"{sandbox.url}/clerk"
    settings = ClerkSettings(
        issuer=base,
        api_url=base,
        authorized_parties=frozenset({PUBLIC_URL}),
        secret_key=CLERK_SECRET_KEY,
        webhook_secrets=(CLERK_WEBHOOK_SECRET,),
    )
    async with served(database, clerk=settings) as app:
        made = Both(app, sandbox)
        await made.order("endpoint", url=f"{app.url}/webhooks/clerk")
        yield made
        await made.order("endpoint", url=None)


async def test_a_user_of_clerks_from_first_to_last(both: Both) -> None:
    """Told by a webhook, signed in by a token, refused once Clerk has deleted them."""
    ada = await both.created("Ada")
    me = (await both.me(ada)).json()
    assert (me["user"]["name"], me["user"]["email"]) == ("Ada Lovelace", "ada@example.com")
    assert me["workspace"]["name"] == "Ada Lovelace’s workspace"
    await both.order("rotate", drop_old=True)
    both.app.app.state.clerk.verifier._keys._tried_at = 0.0  # as ten seconds later
    assert (await both.me(ada)).status_code == 200
    await both.gone(ada)
    assert (await both.me(ada)).status_code == 401


async def test_a_repair_mends_what_webhooks_missed(both: Both) -> None:
    """Somebody new, and somebody gone, of whom nothing was told; then there is nothing to do."""
    gone = await both.created("Bea")
    boss = await both.created("Cleo")
    await both.gone(gone, deliver=False)
    new = await both.created("Dora", deliver=False)
    done = await both.repaired(boss)
    assert (done["deleted"], done["seen"] >= 2) == (1, True)
    assert done["created"] >= 1  # those of the sandbox's first start, too
    assert (await both.me(gone)).status_code == 401
    assert (await both.me(new)).json()["user"]["name"] == "Dora Lovelace"
    assert await both.repaired(boss) == {
        "seen": done["seen"],
        "created": 0,
        "updated": 0,
        "deleted": 0,
    }
