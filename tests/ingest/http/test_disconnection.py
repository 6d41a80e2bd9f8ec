"""Disconnecting: what ends, and what stays."""

from uuid import UUID, uuid4

from sqlalchemy import select

from accounts.connections import ConnectionState, pollable
from accounts.database import transaction
from accounts.leases import done, take
from accounts.poll_work import Piece, enqueue, pieces_of
from accounts.tables.people import audit_log
from tests.ingest.connecting import Person, Scene

FIRST, SECOND = "700420170042", "700420170051"


async def connected(scene: Scene, *account_ids: str) -> tuple[Person, list[UUID]]:
    """Somebody new, and their connections by one consent."""
    somebody = await scene.person()
    told = await somebody.consent(scene.sandbox)
    choice = {"consent": told["consent"], "account_ids": account_ids}
    made = await somebody.http.post("/auth/meta/accounts", json=choice)
    assert made.status_code == 201, made.text
    return somebody, [UUID(one["id"]) for one in made.json()["connections"]]


async def test_a_disconnected_account_is_read_no_more_and_its_token_ends(scene: Scene) -> None:
    """Here and at the platform; the connection stays, with what was read of it."""
    scene.sandbox.order("tokens", provider="meta", action="revoke")
    await scene.forget_all()
    somebody, (connection_id,) = await connected(scene, FIRST)
    piece = Piece("entities", "entities", "asked")
    await enqueue(scene.control, somebody.workspace_id, connection_id, [piece])
    assert scene.live("meta") > 0
    ended = await somebody.http.delete(f"/connections/{connection_id}")
    assert (ended.status_code, ended.content) == (204, b"")
    after = await scene.connection(somebody.workspace_id, connection_id)
    assert (after.state, after.token_id) == (ConnectionState.DISCONNECTED, None)
    assert after.disconnected_at is not None
    assert (await scene.kept(), scene.live("meta")) == (0, 0)
    assert connection_id not in [one.connection_id for one in await pollable(scene.control)]
    async with transaction(scene.control, workspace_id=somebody.workspace_id) as db:
        assert len(await pieces_of(db, connection_id)) == 1
    changes = await scene.changes(somebody.workspace_id)
    assert changes[-2:] == ["connection.disconnected", "token.revoked"]

    again = await somebody.http.delete(f"/connections/{connection_id}")
    assert again.status_code == 204
    assert await scene.changes(somebody.workspace_id) == changes


async def test_nothing_of_it_is_taken_and_what_is_under_way_ends_by_itself(scene: Scene) -> None:
    """Though it is due."""
    somebody, (connection_id,) = await connected(scene, FIRST)
    pieces = [Piece(name, "entities", "asked", priority=99) for name in ("a", "b")]
    await enqueue(scene.control, somebody.workspace_id, connection_id, pieces)
    lease = await take(scene.control, "test", lease_seconds=30)
    assert lease is not None
    assert lease.connection.connection_id == connection_id
    await somebody.http.delete(f"/connections/{connection_id}")
    await done(scene.control, lease, cursor=None)
    assert await take(scene.control, "test", lease_seconds=30) is None
    after = await scene.connection(somebody.workspace_id, connection_id)
    assert after.state is ConnectionState.DISCONNECTED


async def test_a_token_that_another_connection_is_read_by_stays(scene: Scene) -> None:
    """Until that one is disconnected, too."""
    somebody, (first, second) = await connected(scene, FIRST, SECOND)
    live = scene.live("meta")
    await somebody.http.delete(f"/connections/{first}")
    assert scene.live("meta") == live
    other = await scene.connection(somebody.workspace_id, second)
    assert (other.state, other.token_id is None) == (ConnectionState.ACTIVE, False)


async def test_a_person_whose_consent_serves_another_workspace_is_not_revoked(
    scene: Scene,
) -> None:
    """At the platform one revocation would end both; the other workspace learns of nothing."""
    _, _ = await connected(scene, FIRST)
    somebody, (connection_id,) = await connected(scene, FIRST)
    live, kept = scene.live("meta"), await scene.kept()
    await somebody.http.delete(f"/connections/{connection_id}")
    assert (scene.live("meta"), await scene.kept()) == (live, kept - 1)
    assert (await scene.changes(somebody.workspace_id))[-1] == "connection.disconnected"


async def test_a_platform_that_is_away_keeps_nobody_connected(scene: Scene) -> None:
    """The token is deleted all the same, and the log of changes says that it may live on there."""
    scene.sandbox.order("tokens", provider="meta", action="revoke")
    await scene.forget_all()
    somebody, (connection_id,) = await connected(scene, FIRST)
    scene.sandbox.order("faults", kind="error", code=2, status=503, times=9, match="permissions")
    ended = await somebody.http.delete(f"/connections/{connection_id}")
    assert ended.status_code == 204
    assert await scene.kept() == 0
    async with scene.auditor.connect() as db:
        query = select(audit_log).where(audit_log.c.workspace_id == somebody.workspace_id)
        line = (await db.execute(query.order_by(audit_log.c.at.desc()))).first()
    assert line is not None
    assert (line.action, line.actor_id) == ("token.not-revoked", somebody.user_id)
    assert line.details == {"provider": "meta", "reason": "transient"}


async def test_connected_again_it_is_the_same_connection(scene: Scene) -> None:
    """With its history, and with its pieces, which fill the gap."""
    somebody, (connection_id,) = await connected(scene, FIRST)
    piece = Piece("entities", "entities", "asked")
    await enqueue(scene.control, somebody.workspace_id, connection_id, [piece])
    await somebody.http.delete(f"/connections/{connection_id}")
    told = await somebody.consent(scene.sandbox)
    choice = {"consent": told["consent"], "account_ids": [FIRST]}
    made = await somebody.http.post("/auth/meta/accounts", json=choice)
    assert [one["id"] for one in made.json()["connections"]] == [str(connection_id)]
    after = await scene.connection(somebody.workspace_id, connection_id)
    assert (after.state, after.disconnected_at) == (ConnectionState.ACTIVE, None)
    assert (await scene.changes(somebody.workspace_id))[-1] == "connection.reconnected"


async def test_another_workspaces_connection_is_as_good_as_none(scene: Scene) -> None:
    """And stays as it is."""
    _, (connection_id,) = await connected(scene, FIRST)
    stranger = await scene.person()
    bodies = [
        (await stranger.http.delete(f"/connections/{each}")) for each in (connection_id, uuid4())
    ]
    assert {answer.status_code for answer in bodies} == {404}
    assert len({answer.json()["code"] for answer in bodies}) == 1
