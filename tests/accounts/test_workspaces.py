"""Workspaces made, changed, entered."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.audit import Actor
from accounts.database import transaction
from accounts.errors import NoSuchMember
from accounts.passwords import Passwords
from accounts.permissions import Role
from accounts.session import Session, Sessions
from accounts.switching import enter
from accounts.users import register
from accounts.workspaces import change_workspace, settings_of
from tests.accounts.team import joined, logged, new_workspace, owned

SECRET = "a secret for tests alone, long enough"


async def signed_in(control: AsyncEngine, at: Sessions, user_id: UUID, in_: UUID) -> str:
    async with transaction(control, user_id=user_id) as db:
        return await at.open(db, user_id, in_)


async def session_of(at: Sessions, cookie: str) -> Session:
    session = await at.check(cookie)
    assert session is not None
    return session


async def test_whoever_registers_has_a_log_that_begins_with_the_workspace(
    control: AsyncEngine, passwords: Passwords
) -> None:
    """And a demo's workspace where the platforms are stand-ins."""
    made = await register(
        control, passwords, email=f"{uuid4().hex}@example.com", password="x" * 12, is_demo=True
    )
    assert made.workspace_id is not None
    async with transaction(control, workspace_id=made.workspace_id) as db:
        assert (await settings_of(db, made.workspace_id))["is_demo"] is True
    assert await logged(control, made.workspace_id) == [
        ("workspace.made", str(made.workspace_id), {})
    ]


async def test_a_change_is_logged_with_what_was_before(control: AsyncEngine) -> None:
    """One line for all that is other now; what is said again as it is stays out of it."""
    workspace_id, owner = await owned(control)
    wanted = {"name": "Engines", "zone": "Europe/Berlin", "currency": "EUR"}
    async with transaction(control, workspace_id=workspace_id) as db:
        await change_workspace(db, workspace_id, Actor("user", owner), wanted)
        stored = await settings_of(db, workspace_id)
    assert {name: stored[name] for name in wanted} == wanted
    assert (await logged(control, workspace_id))[1:] == [
        (
            "workspace.changed",
            str(workspace_id),
            {
                "zone": {"from": "UTC", "to": "Europe/Berlin"},
                "currency": {"from": "USD", "to": "EUR"},
            },
        )
    ]


async def test_nothing_new_is_no_change(control: AsyncEngine) -> None:
    """The log says nothing."""
    workspace_id, owner = await owned(control)
    async with transaction(control, workspace_id=workspace_id) as db:
        await change_workspace(db, workspace_id, Actor("user", owner), {"currency": "USD"})
        await change_workspace(db, workspace_id, Actor("user", owner), {})
    assert len(await logged(control, workspace_id)) == 1


async def test_a_session_enters_another_workspace_of_its_user(control: AsyncEngine) -> None:
    """With the role they have there; other sessions of theirs stay where they are."""
    workspace_id, _ = await owned(control)
    user_id = await joined(control, workspace_id, Role.VIEWER)
    own = await new_workspace(control, user_id)
    at = Sessions(control, SECRET)
    moving, staying = [await signed_in(control, at, user_id, own) for _ in range(2)]
    await enter(control, await session_of(at, moving), workspace_id)
    at.forget(user_id)
    moved, stayed = await session_of(at, moving), await session_of(at, staying)
    assert moved.workspace
    assert (moved.workspace.id, moved.workspace.role) == (workspace_id, Role.VIEWER)
    assert stayed.workspace
    assert (stayed.workspace.id, stayed.workspace.role) == (own, Role.OWNER)


async def test_nobody_enters_a_workspace_of_others(control: AsyncEngine) -> None:
    """Nor one that does not exist; the session stays where it is."""
    (mine, owner), (theirs, _) = await owned(control), await owned(control)
    at = Sessions(control, SECRET)
    cookie = await signed_in(control, at, owner, mine)
    for foreign in (theirs, uuid4()):
        with pytest.raises(NoSuchMember):
            await enter(control, await session_of(at, cookie), foreign)
    at.forget(owner)
    stayed = await session_of(at, cookie)
    assert stayed.workspace
    assert stayed.workspace.id == mine


@pytest.mark.parametrize("about", ["user", "workspace"])
async def test_what_is_forgotten_is_asked_anew(control: AsyncEngine, about: str) -> None:
    """By user and by workspace, within the second in which it would have been remembered."""
    workspace_id, owner = await owned(control)
    at = Sessions(control, SECRET)
    cookie = await signed_in(control, at, owner, workspace_id)
    assert (await session_of(at, cookie)).workspace
    async with transaction(control, workspace_id=workspace_id) as db:
        await change_workspace(db, workspace_id, Actor("user", owner), {"name": "New"})
    at.forget(uuid4())
    known = (await session_of(at, cookie)).workspace
    at.forget(owner if about == "user" else workspace_id)
    anew = (await session_of(at, cookie)).workspace
    assert known
    assert anew
    assert (known.name, anew.name) == ("Engines", "New")


async def test_a_check_under_way_does_not_bring_back_what_was_forgotten(
    control: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before the change arrives after it: it is neither answered nor kept."""
    workspace_id, owner = await owned(control)
    at = Sessions(control, SECRET)
    cookie = await signed_in(control, at, owner, workspace_id)
    load, loaded, go_on = at._load, asyncio.Event(), asyncio.Event()

    async def slow(digest: bytes) -> Session | None:
        found = await load(digest)
        loaded.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(at, "_load", slow)
    under_way = asyncio.create_task(session_of(at, cookie))
    await loaded.wait()
    async with transaction(control, workspace_id=workspace_id) as db:
        await change_workspace(db, workspace_id, Actor("user", owner), {"name": "New"})
    at.forget(workspace_id)
    go_on.set()
    for found in (await under_way, await session_of(at, cookie)):
        assert found.workspace
        assert found.workspace.name == "New"
