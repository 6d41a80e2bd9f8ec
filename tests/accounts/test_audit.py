"""The log of changes: kept with the change, never rewritten, read page by page."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.audit import SYSTEM, Actor, record
from accounts.audit_pages import LogPage, Place, read_log
from accounts.connections import connect
from accounts.database import transaction
from accounts.invitations import invite
from accounts.permissions import Role
from accounts.tables.people import audit_log
from accounts.workspaces import add_workspace
from tests.accounts.team import joined, logged, owned


async def page(
    control: AsyncEngine, workspace_id: UUID, limit: int = 50, after: Place | None = None
) -> LogPage:
    async with transaction(control, workspace_id=workspace_id) as db:
        return await read_log(db, limit=limit, after=after)


async def test_a_change_that_is_rolled_back_is_not_logged(control: AsyncEngine) -> None:
    """The line is in the change's own transaction."""
    workspace_id, _ = await owned(control)

    async def fail() -> None:
        async with transaction(control, workspace_id=workspace_id) as db:
            await record(db, workspace_id, SYSTEM, "thing.happened")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert len(await logged(control, workspace_id)) == 1


@pytest.mark.parametrize(
    "statement", [delete(audit_log), update(audit_log).values(action="nothing.happened")]
)
async def test_a_line_is_never_changed_or_deleted(control: AsyncEngine, statement: object) -> None:
    """The role that serves requests may not: PostgreSQL says so."""
    workspace_id, _ = await owned(control)

    async def tamper() -> None:
        async with transaction(control, workspace_id=workspace_id) as db:
            await db.execute(statement)  # type: ignore[call-overload]

    with pytest.raises(DBAPIError, match="permission denied"):
        await tamper()


async def test_pages_hold_each_line_once_newest_first(control: AsyncEngine) -> None:
    """While others are written, and where several were written at one instant."""
    workspace_id = uuid4()
    async with transaction(control, workspace_id=workspace_id) as db:
        await add_workspace(db, workspace_id, "Engines")
        at = datetime(2026, 11, 20, 12, 0, 0, 120_064, tzinfo=UTC)
        for number in range(25):
            await db.execute(
                audit_log.insert().values(
                    workspace_id=workspace_id,
                    entry_id=uuid4(),
                    at=at.replace(microsecond=number // 10),
                    actor_kind="system",
                    action="thing.happened",
                    details={"number": number},
                )
            )
    seen: list[int] = []
    place: Place | None = None
    for expected in (10, 10, 5):
        found = await page(control, workspace_id, 10, place)
        assert len(found.lines) == expected
        seen += [line.details["number"] for line in found.lines]
        place = found.end and Place.from_cursor(found.end.as_cursor())
        async with transaction(control, workspace_id=workspace_id) as db:
            await record(db, workspace_id, SYSTEM, "thing.happened", number=-1)
    assert place is None
    assert sorted(seen) == list(range(25))
    assert [number // 10 for number in seen] == sorted((n // 10 for n in range(25)), reverse=True)


async def test_the_last_full_page_leads_nowhere(control: AsyncEngine) -> None:
    """As many lines as were asked for, and none behind them."""
    workspace_id, _ = await owned(control)
    found = await page(control, workspace_id, 1)
    assert (len(found.lines), found.end) == (1, None)


async def test_names_are_those_of_now(control: AsyncEngine) -> None:
    """Of people, invitations and connections; an id where somebody is gone, no name at all."""
    workspace_id, owner = await owned(control)
    bo = await joined(control, workspace_id, Role.VIEWER, "Bo")
    gone, actor = uuid4(), Actor("user", owner)
    async with transaction(control, workspace_id=workspace_id) as db:
        await record(db, workspace_id, actor, "member.joined", bo)
        await record(db, workspace_id, Actor("user", gone), "member.removed", gone)
        await invite(
            db, workspace_id, role=Role.VIEWER, email="g@example.com", by=Role.OWNER, actor=actor
        )
        connection_id = await connect(
            db, workspace_id, provider="meta", account_id="1", label="Acme on Meta"
        )
        await record(db, workspace_id, SYSTEM, "connection.failed", connection_id)
    found = await page(control, workspace_id)
    named = [(line.actor_name, line.action, line.target) for line in found.lines]
    assert named == [
        (None, "connection.failed", "Acme on Meta"),
        ("Ada", "invitation.made", "g@example.com"),
        (None, "member.removed", str(gone)),
        ("Ada", "member.joined", "Bo"),
        ("Ada", "workspace.made", "Engines"),
    ]


async def test_no_line_holds_an_email(control: AsyncEngine, auditor: AsyncEngine) -> None:
    """It is looked up when the log is read, and gone with the invitation."""
    workspace_id, owner = await owned(control)
    async with transaction(control, workspace_id=workspace_id) as db:
        await invite(
            db,
            workspace_id,
            role=Role.VIEWER,
            email="grace@example.com",
            by=Role.OWNER,
            actor=Actor("user", owner),
        )
    async with auditor.connect() as db:
        stored = (await db.execute(audit_log.select())).all()
    assert stored
    assert "@" not in str(stored)


async def test_the_log_of_others_is_not_there(control: AsyncEngine) -> None:
    """Not even behind a cursor of theirs."""
    (mine, _), (theirs, _) = await owned(control), await owned(control)
    line = (await page(control, theirs)).lines[0]
    behind = Place(datetime(9999, 1, 1, tzinfo=UTC), line.id)
    found = await page(control, mine, after=behind)
    assert [each.target for each in found.lines] == ["Engines"]
    assert line.id not in [each.id for each in found.lines]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "====",
        "A" * 31,
        "A" * 33,
        "A" * 31 + "é",
        "/" * 32,
        "A" * 32 + "=",
        "f" + "_" * 31,
        "gAAA" * 8,
        "A" * 40_000,
        "A" * 31 + "\n",
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    """Also an instant that no calendar has."""
    with pytest.raises(ValueError):
        Place.from_cursor(cursor)


def test_a_cursor_is_exact() -> None:
    """To the microsecond: else a line were shown twice, or never."""
    place = Place(datetime(2026, 11, 20, 12, 41, 8, 120_064, tzinfo=UTC), uuid4())
    assert Place.from_cursor(place.as_cursor()) == place
