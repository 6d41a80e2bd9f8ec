"""Choosing accounts of a consent, and connecting one again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from accounts.connections import ConnectionState, connect, read_by
from accounts.database import transaction
from accounts.poll_work import Piece, enqueue, pieces_of
from accounts.tables.linked import poll_work
from accounts.tables.vault import tokens
from accounts.tokens import Grant, keep_token, mark_dead
from accounts.vault import Vault
from tests.api.signing_in import key_ring
from tests.ingest.connecting import Person, Scene

SHOP_ACCOUNT, SECOND, CLOSED = "700420170042", "700420170051", "700420170060"


async def dead_connection(scene: Scene, somebody: Person, account_id: str) -> UUID:
    """A connection of theirs whose token died; its one piece waits."""
    workspace_id = somebody.workspace_id
    async with transaction(scene.control, workspace_id=workspace_id) as db:
        vault, grant = Vault(key_ring), Grant("metricx-sandbox-dead-token")
        token_id = await keep_token(db, vault, workspace_id, "meta", "before", grant, None)
        connection_id = await connect(
            db, workspace_id, provider="meta", account_id=account_id, label="Ours"
        )
        await read_by(db, connection_id, token_id)
        await mark_dead(db, token_id, "expired")
    await enqueue(
        scene.control, workspace_id, connection_id, [Piece("entities", "entities", "asked")]
    )
    later = update(poll_work).values(attempts=9, due_at=datetime.now(UTC) + timedelta(hours=1))
    await scene.change(later.where(poll_work.c.connection_id == connection_id))
    return connection_id


async def test_the_accounts_of_a_consent_are_listed_and_connected(scene: Scene) -> None:
    """With the platform's name, zone and currency; those that are connected say so."""
    somebody = await scene.person()
    told = await somebody.consent(scene.sandbox)
    listed = await somebody.http.get("/auth/meta/accounts", params={"consent": told["consent"]})
    accounts = listed.json()["accounts"]
    assert [one["account_id"] for one in accounts] == [SHOP_ACCOUNT, SECOND, CLOSED]
    assert [one["is_open"] for one in accounts] == [True, True, False]
    assert accounts[2]["why_closed"] == "Meta has disabled it."
    choice = {"consent": told["consent"], "account_ids": [SHOP_ACCOUNT, SECOND, SECOND]}
    made = await somebody.http.post("/auth/meta/accounts", json=choice)
    assert made.status_code == 201
    connections = made.json()["connections"]
    assert [one["label"] for one in connections] == ["Defang Labs", "Northwind Coffee"]
    kept = await scene.connection(somebody.workspace_id, UUID(connections[1]["id"]))
    assert (kept.zone, kept.currency) == ("Europe/Berlin", "EUR")
    assert str(kept.token_id) == told["consent"]
    listed = await somebody.http.get("/auth/meta/accounts", params={"consent": told["consent"]})
    linked = [one["connection_id"] for one in listed.json()["accounts"]]
    assert linked == [connections[0]["id"], connections[1]["id"], None]
    actions = await scene.changes(somebody.workspace_id)
    assert [each for each in actions if "con" in each] == [
        "consent.given",
        "connection.made",
        "connection.made",
    ]


@pytest.mark.parametrize(
    ("account_ids", "status", "code"),
    [
        ([SHOP_ACCOUNT, CLOSED], 409, "account-closed"),
        ([SHOP_ACCOUNT, "1"], 422, "account-not-in-consent"),
    ],
)
async def test_all_that_was_chosen_is_connected_or_nothing(
    scene: Scene, account_ids: list[str], status: int, code: str
) -> None:
    """A closed account cannot be connected, nor one that the consent does not open."""
    somebody = await scene.person()
    told = await somebody.consent(scene.sandbox)
    choice = {"consent": told["consent"], "account_ids": account_ids}
    refused = await somebody.http.post("/auth/meta/accounts", json=choice)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    listed = await somebody.http.get("/auth/meta/accounts", params={"consent": told["consent"]})
    assert {one["connection_id"] for one in listed.json()["accounts"]} == {None}


@pytest.mark.parametrize("provider", ["google", "shopify"])
async def test_what_is_not_read_yet_can_be_connected(scene: Scene, provider: str) -> None:
    """It stands ready for its client."""
    somebody = await scene.person()
    told = await somebody.consent(scene.sandbox, provider)
    listed = await somebody.http.get(
        f"/auth/{provider}/accounts", params={"consent": told["consent"]}
    )
    first = listed.json()["accounts"][0]
    choice = {"consent": told["consent"], "account_ids": [first["account_id"]]}
    made = await somebody.http.post(f"/auth/{provider}/accounts", json=choice)
    connection_id = UUID(made.json()["connections"][0]["id"])
    kept = await scene.connection(somebody.workspace_id, connection_id)
    assert (kept.provider, kept.state) == (provider, ConnectionState.ACTIVE)
    assert (kept.currency, kept.zone) == (first["currency"], first["zone"])


async def test_a_dead_connection_is_connected_again(scene: Scene) -> None:
    """The same connection, by the new token, its waiting pieces free; the old token is gone."""
    somebody = await scene.person()
    connection_id = await dead_connection(scene, somebody, SHOP_ACCOUNT)
    before = await scene.connection(somebody.workspace_id, connection_id)
    assert before.state is ConnectionState.FAILING
    told = await somebody.consent(scene.sandbox, connection_id=str(connection_id))
    assert told == {"reconnected": str(connection_id)}
    after = await scene.connection(somebody.workspace_id, connection_id)
    assert (after.state, after.reason, after.label) == (ConnectionState.ACTIVE, None, "Ours")
    async with transaction(scene.control, workspace_id=somebody.workspace_id) as db:
        (piece,) = await pieces_of(db, connection_id)
        kept = (await db.execute(select(tokens.c.token_id))).scalars().all()
    assert piece.attempts == 0
    assert kept == [after.token_id]
    changes = await scene.changes(somebody.workspace_id)
    assert "connection.reconnected" in changes
    assert changes[-1] == "token.not-revoked"  # it was dead


async def test_a_consent_for_another_account_changes_nothing(scene: Scene) -> None:
    """The connection goes on failing; the new token is forgotten here and revoked there."""
    await scene.forget_all()  # or the person's other consents would be ended, too
    somebody = await scene.person()
    connection_id = await dead_connection(scene, somebody, "999")
    told = await somebody.consent(scene.sandbox, connection_id=str(connection_id))
    assert told == {"problem": "other-account", "provider": "meta"}
    after = await scene.connection(somebody.workspace_id, connection_id)
    assert after.state is ConnectionState.FAILING
    assert (await scene.kept(), scene.live("meta")) == (1, 0)


async def test_a_closed_account_is_not_connected_again(scene: Scene) -> None:
    """Its figures could not be read."""
    somebody = await scene.person()
    connection_id = await dead_connection(scene, somebody, CLOSED)
    told = await somebody.consent(scene.sandbox, connection_id=str(connection_id))
    assert told["problem"] == "account-closed"


async def test_the_same_persons_new_consent_mends_all_that_their_token_read(scene: Scene) -> None:
    """It takes the place of the old one: nothing has to be chosen again."""
    somebody = await scene.person()
    told = await somebody.consent(scene.sandbox)
    choice = {"consent": told["consent"], "account_ids": [SHOP_ACCOUNT]}
    made = await somebody.http.post("/auth/meta/accounts", json=choice)
    connection_id = UUID(made.json()["connections"][0]["id"])
    async with transaction(scene.control, workspace_id=somebody.workspace_id) as db:
        await mark_dead(db, UUID(told["consent"]), "expired")
    again = await somebody.consent(scene.sandbox)
    assert again["consent"] == told["consent"]
    after = await scene.connection(somebody.workspace_id, connection_id)
    assert after.state is ConnectionState.ACTIVE


async def test_a_platform_that_is_away_or_refuses_is_a_problem_of_its_own(scene: Scene) -> None:
    """Its own words reach the log alone."""
    somebody = await scene.person()
    told = await somebody.consent(scene.sandbox, "google")
    consent = {"consent": told["consent"]}
    for kind, more, status, code in (
        ("throttle", {"code": 4, "minutes": 2}, 503, "platform-away"),
        ("error", {"code": 2, "status": 503}, 503, "platform-away"),
        ("expired_token", {}, 502, "platform-refused"),
    ):
        scene.sandbox.order("faults", kind=kind, times=1, match="customers", **more)
        refused = await somebody.http.get("/auth/google/accounts", params=consent)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.json()["detail"] is None
        assert ("retry-after" in refused.headers) == (status == 503)


async def test_another_workspaces_consent_is_as_good_as_none(scene: Scene) -> None:
    """Bytes and all, but for the trace."""
    somebody, stranger = await scene.person(), await scene.person()
    told = await somebody.consent(scene.sandbox)
    answers: list[dict[str, object]] = []
    for consent in (told["consent"], str(uuid4())):
        for answer in (
            await stranger.http.get("/auth/meta/accounts", params={"consent": consent}),
            await stranger.http.post(
                "/auth/meta/accounts", json={"consent": consent, "account_ids": [SHOP_ACCOUNT]}
            ),
            await somebody.http.get("/auth/google/accounts", params={"consent": consent}),
        ):
            assert answer.status_code == 404
            answers.append({**answer.json(), "trace_id": "", "instance": ""})
    assert all(answer == answers[0] for answer in answers)
