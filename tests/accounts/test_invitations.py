"""Invitations: once, for seven days, for whom they are meant."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.audit import Actor
from accounts.database import engine, transaction
from accounts.errors import (
    AlreadyMember,
    ForAnother,
    InvitationOver,
    NoSuchInvitation,
    OwnersAlone,
)
from accounts.invitations import Invitation, accept, invitations_of, invite, preview, revoke
from accounts.members import members_of
from accounts.permissions import Role
from accounts.tables.people import invitations
from tests.accounts.team import email_of, joined, logged, new_user, new_workspace, owned
from tests.servers.databases import Database


async def invited(
    control: AsyncEngine,
    workspace_id: UUID,
    inviter: UUID,
    role: Role = Role.VIEWER,
    email: str | None = None,
    by: Role = Role.OWNER,
) -> tuple[Invitation, str]:
    async with transaction(control, workspace_id=workspace_id) as db:
        actor = Actor("user", inviter)
        return await invite(db, workspace_id, role=role, email=email, by=by, actor=actor)


async def revoked(
    control: AsyncEngine, workspace_id: UUID, invitation_id: UUID, actor_id: UUID, by: Role
) -> None:
    async with transaction(control, workspace_id=workspace_id) as db:
        await revoke(db, workspace_id, invitation_id, by=by, actor=Actor("user", actor_id))


async def accepted(control: AsyncEngine, token: str, user_id: UUID) -> UUID:
    async with transaction(control, user_id=user_id) as db:
        return await accept(db, token, user_id, email_of(user_id))


async def states(control: AsyncEngine, workspace_id: UUID) -> list[str]:
    async with transaction(control, workspace_id=workspace_id) as db:
        return [each.state for each in await invitations_of(db)]


async def roles(control: AsyncEngine, workspace_id: UUID) -> dict[UUID, Role]:
    async with transaction(control, workspace_id=workspace_id) as db:
        return {each.user_id: each.role for each in await members_of(db)}


async def aged(database: Database, by: timedelta) -> None:
    """All invitations of the file's database were made that much earlier."""
    superuser = engine(database.superuser, pool_size=1)
    async with superuser.begin() as db:
        await db.execute(
            update(invitations).values(
                created_at=invitations.c.created_at - by, expires_at=invitations.c.expires_at - by
            )
        )
    await superuser.dispose()


async def test_whoever_accepts_has_the_role_and_keeps_their_own_workspace(
    control: AsyncEngine,
) -> None:
    """Two memberships, and a line of the log in their own name."""
    workspace_id, owner = await owned(control)
    invitation, token = await invited(control, workspace_id, owner, Role.ADMIN)
    guest = await new_user(control)
    own = await new_workspace(control, guest)
    assert await accepted(control, token, guest) == workspace_id
    assert await roles(control, workspace_id) == {owner: Role.OWNER, guest: Role.ADMIN}
    assert await roles(control, own) == {guest: Role.OWNER}
    assert await logged(control, workspace_id) == [
        ("workspace.made", str(workspace_id), {}),
        ("invitation.made", str(invitation.id), {"role": "admin"}),
        ("member.joined", str(guest), {"role": "admin", "invitation": str(invitation.id)}),
    ]


async def test_of_twenty_who_accept_at_once_one_joins(control: AsyncEngine) -> None:
    """The others are told that it is over; the log has one line."""
    workspace_id, owner = await owned(control)
    _, token = await invited(control, workspace_id, owner)
    guests = [await new_user(control) for _ in range(20)]
    ends: list[Any] = await asyncio.gather(
        *(accepted(control, token, guest) for guest in guests), return_exceptions=True
    )
    refused = [each for each in ends if each != workspace_id]
    assert len(refused) == 19
    assert all(isinstance(each, InvitationOver) for each in refused)
    assert len(await roles(control, workspace_id)) == 2
    actions = [action for action, *_ in await logged(control, workspace_id)]
    assert actions.count("member.joined") == 1


async def test_of_twenty_clicks_of_one_person_one_joins(control: AsyncEngine) -> None:
    """The others are told that they are a member."""
    workspace_id, owner = await owned(control)
    _, token = await invited(control, workspace_id, owner)
    guest = await new_user(control)
    ends: list[Any] = await asyncio.gather(
        *(accepted(control, token, guest) for _ in range(20)), return_exceptions=True
    )
    refused = [each for each in ends if each != workspace_id]
    assert len(refused) == 19
    assert all(isinstance(each, AlreadyMember) for each in refused)


async def test_two_invitations_accepted_at_once_by_one_person_use_up_one(
    control: AsyncEngine,
) -> None:
    """The second one has looked before the first one commits; it stays open for somebody else."""
    workspace_id, owner = await owned(control)
    (_, first), (_, second) = [await invited(control, workspace_id, owner) for _ in range(2)]
    guest = await new_user(control)
    async with transaction(control, user_id=guest) as db:
        await accept(db, first, guest, email_of(guest))
        going = asyncio.create_task(accepted(control, second, guest))
        await asyncio.sleep(0.2)
        assert not going.done()
    with pytest.raises(AlreadyMember):
        await going
    assert sorted(await states(control, workspace_id)) == ["accepted", "open"]


async def test_a_member_uses_up_no_invitation(control: AsyncEngine) -> None:
    """Not even one that would give them more: roles are changed by whoever may."""
    workspace_id, owner = await owned(control)
    member = await joined(control, workspace_id, Role.VIEWER)
    _, token = await invited(control, workspace_id, owner, Role.OWNER)
    with pytest.raises(AlreadyMember):
        await accepted(control, token, member)
    assert (await roles(control, workspace_id))[member] is Role.VIEWER
    assert await states(control, workspace_id) == ["open"]


async def test_an_invitation_holds_for_seven_days(
    control: AsyncEngine, module_database: Database
) -> None:
    """A minute before it can be accepted; then neither accepted nor looked at."""
    workspace_id, owner = await owned(control)
    (_, first), (_, second) = [await invited(control, workspace_id, owner) for _ in range(2)]
    await aged(module_database, timedelta(days=7) - timedelta(minutes=1))
    assert await accepted(control, first, await new_user(control)) == workspace_id
    await aged(module_database, timedelta(minutes=2))
    with pytest.raises(InvitationOver):
        await accepted(control, second, await new_user(control))
    with pytest.raises(InvitationOver):
        async with transaction(control) as db:
            await preview(db, second)
    assert sorted(await states(control, workspace_id)) == ["accepted", "expired"]


async def test_a_revoked_invitation_is_over(control: AsyncEngine) -> None:
    """Revoking it a second time, or once it was accepted, changes nothing and says nothing."""
    workspace_id, owner = await owned(control)
    invitation, token = await invited(control, workspace_id, owner)
    for _ in range(2):
        await revoked(control, workspace_id, invitation.id, owner, Role.OWNER)
    with pytest.raises(InvitationOver):
        await accepted(control, token, await new_user(control))
    assert await states(control, workspace_id) == ["revoked"]
    actions = [action for action, *_ in await logged(control, workspace_id)]
    assert actions == ["workspace.made", "invitation.made", "invitation.revoked"]


async def test_an_invitation_to_an_email_is_for_its_account_alone(control: AsyncEngine) -> None:
    """Whoever else has the link does not use it up."""
    workspace_id, owner = await owned(control)
    meant = await new_user(control)
    _, token = await invited(control, workspace_id, owner, email=email_of(meant))
    with pytest.raises(ForAnother):
        await accepted(control, token, await new_user(control))
    assert await accepted(control, token, meant) == workspace_id


async def test_an_admin_neither_invites_owners_nor_ends_such_invitations(
    control: AsyncEngine,
) -> None:
    """Whoever could make an owner would be one."""
    workspace_id, owner = await owned(control)
    admin = await joined(control, workspace_id, Role.ADMIN)
    with pytest.raises(OwnersAlone):
        await invited(control, workspace_id, admin, Role.OWNER, by=Role.ADMIN)
    invitation, _ = await invited(control, workspace_id, owner, Role.OWNER)
    with pytest.raises(OwnersAlone):
        await revoked(control, workspace_id, invitation.id, admin, Role.ADMIN)
    assert await states(control, workspace_id) == ["open"]


async def test_the_database_holds_no_token(control: AsyncEngine, auditor: AsyncEngine) -> None:
    """256 random bits in the link; their SHA-256 in the row, which control cannot read either."""
    workspace_id, owner = await owned(control)
    invitation, token = await invited(control, workspace_id, owner)
    assert len(token) == 43  # 32 bytes in base64
    async with auditor.connect() as db:
        query = select(invitations).where(invitations.c.invitation_id == invitation.id)
        row = (await db.execute(query)).one()
    assert bytes(row.token_digest) == hashlib.sha256(token.encode()).digest()
    assert token not in str(row)
    assert token not in repr(invitation)


async def test_invitations_of_others_are_not_there(control: AsyncEngine) -> None:
    """Neither listed nor revoked from another workspace: as one that does not exist."""
    (mine, _), (theirs, foreign) = await owned(control), await owned(control)
    invitation, _ = await invited(control, theirs, foreign)
    for unknown in (invitation.id, uuid4()):
        with pytest.raises(NoSuchInvitation):
            await revoked(control, mine, unknown, foreign, Role.OWNER)
    assert (await states(control, mine), await states(control, theirs)) == ([], ["open"])


async def test_an_unknown_token_is_no_invitation(control: AsyncEngine) -> None:
    """Nor is the digest itself, by whoever has read the database."""
    workspace_id, owner = await owned(control)
    _, token = await invited(control, workspace_id, owner)
    for unknown in (token[:-1], hashlib.sha256(token.encode()).hexdigest()):
        with pytest.raises(NoSuchInvitation):
            await accepted(control, unknown, await new_user(control))


async def test_a_preview_says_what_it_is_to(control: AsyncEngine) -> None:
    """Workspace, role, who invited, and for whom."""
    workspace_id, owner = await owned(control)
    invitation, token = await invited(control, workspace_id, owner, email="grace@example.com")
    async with transaction(control) as db:
        offer = await preview(db, token)
    assert (offer.workspace_name, offer.role, offer.email, offer.invited_by) == (
        "Engines",
        Role.VIEWER,
        "grace@example.com",
        "Ada",
    )
    assert offer.expires_at == invitation.expires_at


async def test_a_members_email_is_not_invited(control: AsyncEngine) -> None:
    """There is nothing to accept."""
    workspace_id, owner = await owned(control)
    with pytest.raises(AlreadyMember):
        await invited(control, workspace_id, owner, email=email_of(owner))
