"""Cards of `/connections` over HTTP, from rows that poll work and the projections have left."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from fastapi import FastAPI
from sqlalchemy import insert, update

from accounts.connections import mark_failing
from accounts.database import engine, transaction
from accounts.leases import done, postpone, take
from accounts.poll_work import Piece
from accounts.tables.linked import connections
from accounts.tables.people import workspaces
from accounts.tables.vault import tokens
from tests.api.connections.conftest import MINUTE, Merchant, recently
from tests.api.signing_in import application, client, new_user
from tests.readmodels.world import World
from tests.streams.events import zulu

DAY = timedelta(days=1)


async def test_who_has_connected_nothing_sees_what_can_be_connected(app: FastAPI) -> None:
    """Never connected: a provider without a card."""
    async with client(app) as http:
        await http.post("/auth/register", json=new_user())
        answer = await http.get("/connections")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "providers": [
            {**of, "pending": None}
            for of in (
                {"provider": "meta", "label": "Meta", "is_configured": True, "is_read": True},
                {"provider": "google", "label": "Google", "is_configured": True, "is_read": False},
                {
                    "provider": "shopify",
                    "label": "Shopify",
                    "is_configured": False,
                    "is_read": False,
                },
            )
        ],
        "connections": [],
    }


async def test_a_consent_without_an_account_is_shown_with_its_provider(merchant: Merchant) -> None:
    """Authorising: one that a connection uses is none; the card says when it ends."""
    pending, used = uuid4(), uuid4()
    soon = recently() + 60 * DAY
    row = {"workspace_id": merchant.workspace, "provider": "meta", "access_token": b"x"}
    await merchant.writes(
        insert(tokens).values(**row, token_id=pending, subject="1", scopes=[]),
        insert(tokens).values(**row, token_id=used, subject="2", scopes=[], expires_at=soon),
        update(connections).values(token_id=used),
    )
    listed = (await merchant.http.get("/connections")).json()
    waiting = {each["provider"]: each["pending"] for each in listed["providers"]}
    assert waiting["meta"]["consent"] == str(pending)
    assert (waiting["google"], waiting["shopify"]) == (None, None)
    assert (await merchant.card())["token_expires_at"] == zulu(soon)


async def test_a_connection_goes_from_waiting_over_backfilling_to_healthy(
    merchant: Merchant,
) -> None:
    """The card tells of each what is known by then, from poll work and runs alike."""
    new = await merchant.card()
    assert (new["state"], new["progress"], new["last_run"]) == ("waiting", None, None)
    assert (new["restated_days"], new["label"]) == (7, "Account act_1")

    today = datetime.now(UTC).date()
    pieces = [Piece(f"backfill.hours/{n}", "hours", "backfill", today, today) for n in "ab"]
    await merchant.has_due(*pieces)
    lease = await take(merchant.app.state.control_engine, "poller", lease_seconds=60)
    assert lease is not None
    at = recently()
    await done(merchant.app.state.control_engine, lease, cursor=None)
    await merchant.world.happened(
        merchant.account.read(at, today - DAY, today, kind="hours"),
        merchant.account.read(at, today - DAY, today, kind="day"),
    )
    filling = await merchant.card()
    assert (filling["state"], filling["progress"]) == ("backfilling", {"done": 1, "total": 2})
    assert (filling["data_from"], filling["data_through"]) == (
        (today - DAY).isoformat(),
        today.isoformat(),
    )
    assert filling["next_run_at"] is not None

    lease = await take(merchant.app.state.control_engine, "poller", lease_seconds=60)
    assert lease is not None
    await done(merchant.app.state.control_engine, lease, cursor=None)
    await merchant.runs(at + timedelta(seconds=9), rows=7, events=8, kind="entities")
    healthy = await merchant.card()
    assert (healthy["state"], healthy["progress"]) == ("healthy", None)
    assert healthy["last_success_at"] == zulu(at)
    assert healthy["last_run"] == {
        "finished_at": zulu(at + timedelta(seconds=9)),
        "outcome": "ok",
        "rows": 7,
        "events": 8,
    }


async def test_a_connection_that_was_not_read_for_long_is_late(merchant: Merchant) -> None:
    """An hour, at a pace of a quarter."""
    at = recently(60 * MINUTE)
    await merchant.world.happened(merchant.account.read(at, at.date(), at.date(), kind="hours"))
    assert (await merchant.card())["state"] == "late"


async def test_a_throttled_connection_says_until_when_and_is_not_hastened(
    merchant: Merchant,
) -> None:
    """Asking for a read leaves the piece that was put off where it is, and takes the other."""
    control, retry_at = merchant.app.state.control_engine, recently(-5 * MINUTE)
    await merchant.has_due(
        Piece("today.hours", "hours", "today", priority=90),
        Piece("entities", "entities", "entities", due_at=retry_at),
    )
    lease = await take(control, "poller", lease_seconds=60)
    assert lease is not None
    await postpone(control, lease, due_at=retry_at, error="throttled: 17")
    await merchant.runs(
        recently(), piece="today.hours", kind="hours", outcome="throttled", retry_at=zulu(retry_at)
    )
    card = await merchant.card()
    assert (card["state"], card["rate_limited_until"]) == ("rate-limited", zulu(retry_at))
    asked = await merchant.http.post(f"{merchant.path}/sync")
    assert (asked.status_code, asked.json()["state"]) == (202, "rate-limited")
    taken = [await take(control, "poller", lease_seconds=60) for _ in range(2)]
    assert [lease and lease.piece for lease in taken] == ["entities", None]


async def test_a_dead_token_is_told_with_reason_and_next_step(merchant: Merchant) -> None:
    """Since when, and when it is tried again; a pause covers it, a resume forgives it."""
    async with transaction(
        merchant.app.state.control_engine, workspace_id=merchant.workspace
    ) as db:
        retry_at = await mark_failing(
            db,
            merchant.account.connection_id,
            reason="token-dead: expired",
            next_step="Connect the account again.",
        )
    card = await merchant.card()
    assert card["state"] == "failing"
    assert (card["reason"], card["next_step"]) == (
        "token-dead: expired",
        "Connect the account again.",
    )
    assert retry_at is not None
    assert card["retry_at"] == card["next_run_at"] == zulu(retry_at)
    assert card["failing_since"] is not None
    paused = (await merchant.http.post(f"{merchant.path}/pause")).json()
    assert (paused["state"], paused["reason"], paused["retry_at"]) == ("paused", None, None)
    assert (await merchant.http.post(f"{merchant.path}/resume")).json()["state"] == "waiting"


async def test_a_read_that_failed_is_told_as_the_dashboard_tells_it(merchant: Merchant) -> None:
    """Reason and next step of the run; the connection itself is active."""
    await merchant.runs(
        recently(), kind="hours", outcome="failed", reason="rejected: (#100)", next_step="Look."
    )
    card = await merchant.card()
    assert (card["state"], card["reason"], card["next_step"]) == (
        "failing",
        "rejected: (#100)",
        "Look.",
    )
    assert card["last_run"]["outcome"] == "failed"


async def test_a_demo_is_restated_further_back(merchant: Merchant, world: World) -> None:
    """As its pollers do."""
    superuser = engine(world.database.superuser, pool_size=1)
    async with transaction(superuser) as db:
        mine = workspaces.c.workspace_id == merchant.workspace
        await db.execute(update(workspaces).where(mine).values(is_demo=True))
    await superuser.dispose()
    async with application(world.database) as fresh, client(fresh) as http:  # no session cached
        http.cookies = merchant.http.cookies
        assert (await http.get(merchant.path)).json()["restated_days"] == 28


async def test_a_platform_that_is_not_read_yet_is_ready_soon(merchant: Merchant) -> None:
    """It can be paused and resumed all the same."""
    merchant.account = await merchant.world.account(merchant.workspace, "1-2", provider="google")
    assert (await merchant.card())["state"] == "ready-soon"
    answers = [await merchant.http.post(f"{merchant.path}/{way}") for way in ("pause", "resume")]
    assert [each.json()["state"] for each in answers] == ["paused", "ready-soon"]


async def test_nobody_sees_connections_without_signing_in(app: FastAPI) -> None:
    """401, whatever the id."""
    async with client(app) as stranger:
        for path in ("/connections", f"/connections/{uuid4()}"):
            answer = await stranger.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
