"""Roles changed, members removed, owners kept."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.audit import SYSTEM, Actor
from accounts.database import transaction
from accounts.errors import LastOwner, NoSuchMember, OwnersAlone
from accounts.invitations import invitations_of, invite
from accounts.members import change_role, leave, members_of, remove
from accounts.permissions import Role
from accounts.session import Sessions
from tests.accounts.team import joined, logged, new_workspace, owned

SECRET = "a secret for tests alone, long enough"
Ending = Callable[[AsyncConnection, UUID, UUID, UUID], Awaitable[object]]


async def _leave(db: AsyncConnection, workspace_id: UUID, user_id: UUID, by: UUID) -> None:
    await leave(db, workspace_id, user_id)


async def _remove(db: AsyncConnection, workspace_id: UUID, user_id: UUID, by: UUID) -> None:
    await remove(db, workspace_id, user_id, by=Role.OWNER, actor=Actor("user", by))


async def _demote(db: AsyncConnection, workspace_id: UUID, user_id: UUID, by: UUID) -> bool:
    actor = Actor("user", by)
    return await change_role(db, workspace_id, user_id, Role.VIEWER, by=Role.OWNER, actor=actor)


ENDINGS: list[Ending] = [_leave, _remove, _demote]


async def roles(control: AsyncEngine, workspace_id: UUID) -> dict[UUID, Role]:
    async with transaction(control, workspace_id=workspace_id) as db:
        return {each.user_id: each.role for each in await members_of(db)}


@pytest.mark.parametrize("end", ENDINGS)
async def test_the_last_owner_stays(control: AsyncEngine, end: Ending) -> None:
    """They cannot leave, be removed or lose the role, though an admin is there; nothing is said."""
    workspace_id, owner = await owned(control)
    admin = await joined(control, workspace_id, Role.ADMIN)
    before = await logged(control, workspace_id)
    with pytest.raises(LastOwner):
        async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
            await end(db, workspace_id, owner, owner)
    assert await roles(control, workspace_id) == {owner: Role.OWNER, admin: Role.ADMIN}
    assert await logged(control, workspace_id) == before


@pytest.mark.parametrize("end", ENDINGS)
async def test_one_of_two_owners_may_go(control: AsyncEngine, end: Ending) -> None:
    """And the one who is left may not."""
    workspace_id, first = await owned(control)
    second = await joined(control, workspace_id, Role.OWNER)
    async with transaction(control, workspace_id=workspace_id, user_id=first) as db:
        await end(db, workspace_id, first, first)
    with pytest.raises(LastOwner):
        async with transaction(control, workspace_id=workspace_id, user_id=second) as db:
            await end(db, workspace_id, second, second)


@pytest.mark.parametrize("second_end", ENDINGS)
@pytest.mark.parametrize("first_end", ENDINGS)
async def test_two_owners_who_go_at_the_same_moment_leave_one(
    control: AsyncEngine, first_end: Ending, second_end: Ending
) -> None:
    """The second transaction has begun before the first one commits, and waits for it."""
    workspace_id, first = await owned(control)
    second = await joined(control, workspace_id, Role.OWNER)
    begun = asyncio.Event()

    async def go_too() -> None:
        async with transaction(control, workspace_id=workspace_id, user_id=second) as db:
            begun.set()
            await second_end(db, workspace_id, second, second)

    async with transaction(control, workspace_id=workspace_id, user_id=first) as db:
        await first_end(db, workspace_id, first, first)
        going = asyncio.create_task(go_too())
        await begun.wait()
        await asyncio.sleep(0.2)
        assert not going.done()  # it cannot know yet
    with pytest.raises(LastOwner):
        await going
    assert (await roles(control, workspace_id))[second] is Role.OWNER


async def test_two_owners_who_remove_each_other_leave_one(control: AsyncEngine) -> None:
    """Without any order of ours: ten times, and always exactly one is left."""
    for _ in range(10):
        workspace_id, first = await owned(control)
        second = await joined(control, workspace_id, Role.OWNER)

        async def end(user_id: UUID, by: UUID, where: UUID = workspace_id) -> None:
            async with transaction(control, workspace_id=where, user_id=by) as db:
                await _remove(db, where, user_id, by)

        ends = await asyncio.gather(end(first, second), end(second, first), return_exceptions=True)
        assert sorted(str(type(each).__name__) for each in ends) == ["LastOwner", "NoneType"]
        assert list((await roles(control, workspace_id)).values()) == [Role.OWNER]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
async def test_an_admin_touches_no_owner(control: AsyncEngine, role: Role) -> None:
    """Neither demotes nor removes one, nor makes one of anybody, nor of themselves."""
    workspace_id, owner = await owned(control)
    admin = await joined(control, workspace_id, Role.ADMIN)
    other = await joined(control, workspace_id, role)
    actor = Actor("user", admin)
    for user_id, wanted in (
        (owner, Role.ADMIN),
        (owner, Role.OWNER),
        (other, Role.OWNER),
        (admin, Role.OWNER),
    ):
        with pytest.raises(OwnersAlone):
            async with transaction(control, workspace_id=workspace_id) as db:
                await change_role(db, workspace_id, user_id, wanted, by=Role.ADMIN, actor=actor)
    with pytest.raises(OwnersAlone):
        async with transaction(control, workspace_id=workspace_id) as db:
            await remove(db, workspace_id, owner, by=Role.ADMIN, actor=actor)
    async with transaction(control, workspace_id=workspace_id) as db:
        await remove(db, workspace_id, other, by=Role.ADMIN, actor=actor)
    assert set(await roles(control, workspace_id)) == {owner, admin}


async def test_a_member_of_another_workspace_is_nobody_here(control: AsyncEngine) -> None:
    """As somebody who does not exist; and there, nothing has happened to them."""
    (mine, _), (theirs, foreign) = await owned(control), await owned(control)
    for nobody in (foreign, uuid4()):
        with pytest.raises(NoSuchMember):
            async with transaction(control, workspace_id=mine) as db:
                await remove(db, mine, nobody, by=Role.OWNER, actor=SYSTEM)
        with pytest.raises(NoSuchMember):
            async with transaction(control, workspace_id=mine) as db:
                await change_role(db, mine, nobody, Role.VIEWER, by=Role.OWNER, actor=SYSTEM)
    assert await roles(control, theirs) == {foreign: Role.OWNER}


async def test_a_changed_role_ends_what_they_were_signed_in_with_here_alone(
    control: AsyncEngine,
) -> None:
    """A session of theirs in another workspace goes on, as does everybody else's here."""
    workspace_id, owner = await owned(control)
    user_id = await joined(control, workspace_id, Role.VIEWER)
    elsewhere = await new_workspace(control, user_id)
    at = Sessions(control, SECRET)
    async with transaction(control, user_id=user_id) as db:
        here, there = [await at.open(db, user_id, each) for each in (workspace_id, elsewhere)]
    async with transaction(control, user_id=owner) as db:
        owners = await at.open(db, owner, workspace_id)
    async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
        actor = Actor("user", owner)
        assert await change_role(db, workspace_id, user_id, Role.ADMIN, by=Role.OWNER, actor=actor)
    assert await at.check(here) is None
    assert await at.check(there) is not None
    assert await at.check(owners) is not None


async def test_whoever_changes_their_own_role_stays_signed_in_elsewhere(
    control: AsyncEngine,
) -> None:
    """Their transaction could reach all their sessions; those of other workspaces go on."""
    workspace_id, owner = await owned(control)
    await joined(control, workspace_id, Role.OWNER)
    elsewhere = await new_workspace(control, owner)
    at = Sessions(control, SECRET)
    async with transaction(control, user_id=owner) as db:
        here, there = [await at.open(db, owner, each) for each in (workspace_id, elsewhere)]
    async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
        await _demote(db, workspace_id, owner, owner)
    assert await at.check(here) is None
    assert await at.check(there) is not None


async def test_the_same_role_again_changes_nothing(control: AsyncEngine) -> None:
    """No session ends, and the log says nothing."""
    workspace_id, owner = await owned(control)
    at = Sessions(control, SECRET)
    async with transaction(control, user_id=owner) as db:
        cookie = await at.open(db, owner, workspace_id)
    before = await logged(control, workspace_id)
    async with transaction(control, workspace_id=workspace_id) as db:
        actor = Actor("user", owner)
        assert not await change_role(
            db, workspace_id, owner, Role.OWNER, by=Role.OWNER, actor=actor
        )
    assert await at.check(cookie) is not None
    assert await logged(control, workspace_id) == before


async def test_each_change_is_a_line_of_the_log(control: AsyncEngine) -> None:
    """Who is changed, from what to what; nothing by which a person is known."""
    workspace_id, owner = await owned(control)
    first = await joined(control, workspace_id, Role.VIEWER)
    second = await joined(control, workspace_id, Role.VIEWER)
    actor = Actor("user", owner)
    async with transaction(control, workspace_id=workspace_id) as db:
        await change_role(db, workspace_id, first, Role.ADMIN, by=Role.OWNER, actor=actor)
        await remove(db, workspace_id, first, by=Role.OWNER, actor=actor)
        await leave(db, workspace_id, second)
    assert await logged(control, workspace_id) == [
        ("workspace.made", str(workspace_id), {}),
        ("member.role-changed", str(first), {"from": "viewer", "to": "admin"}),
        ("member.removed", str(first), {"role": "admin"}),
        ("workspace.left", str(workspace_id), {"role": "viewer"}),
    ]


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (_remove, {"admin": "revoked", "viewer": "revoked", "owner": "revoked"}),
        (_leave, {"admin": "revoked", "viewer": "revoked", "owner": "revoked"}),
        (_demote, {"admin": "revoked", "viewer": "revoked", "owner": "revoked"}),
    ],
)
async def test_links_of_whoever_is_gone_are_worth_nothing(
    control: AsyncEngine, end: Ending, left: dict[str, str]
) -> None:
    """Else they came back by one of their own; others' links stay."""
    workspace_id, owner = await owned(control)
    gone = await joined(control, workspace_id, Role.OWNER)
    async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
        for inviting, roles_ in ((gone, list(Role)), (owner, [Role.VIEWER])):
            for role in roles_:
                actor = Actor("user", inviting)
                await invite(db, workspace_id, role=role, email=None, by=Role.OWNER, actor=actor)
        await end(db, workspace_id, gone, owner)
        states = [(each.role.value, each.state) for each in await invitations_of(db)]
    assert sorted(states) == sorted([*left.items(), ("viewer", "open")])


async def test_an_owner_made_admin_keeps_links_that_an_admin_may_give(
    control: AsyncEngine,
) -> None:
    """Only the one to become an owner ends."""
    workspace_id, owner = await owned(control)
    other = await joined(control, workspace_id, Role.OWNER)
    async with transaction(control, workspace_id=workspace_id, user_id=owner) as db:
        for role in (Role.OWNER, Role.VIEWER):
            actor = Actor("user", other)
            await invite(db, workspace_id, role=role, email=None, by=Role.OWNER, actor=actor)
        await change_role(
            db, workspace_id, other, Role.ADMIN, by=Role.OWNER, actor=Actor("user", owner)
        )
        states = {each.role: each.state for each in await invitations_of(db)}
    assert states == {Role.OWNER: "revoked", Role.VIEWER: "open"}


async def test_members_are_listed_by_rank_then_name(control: AsyncEngine) -> None:
    """Owners, admins, viewers; of one workspace alone."""
    workspace_id, _ = await owned(control)
    await owned(control)
    for role, name in ((Role.VIEWER, "Abe"), (Role.ADMIN, "zoe"), (Role.ADMIN, "Yan")):
        await joined(control, workspace_id, role, name)
    async with transaction(control, workspace_id=workspace_id) as db:
        found = [(each.role.value, each.name) for each in await members_of(db)]
    assert found == [("owner", "Ada"), ("admin", "Yan"), ("admin", "zoe"), ("viewer", "Abe")]
