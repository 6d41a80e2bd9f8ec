"""Sessions of one user: listed, and ended one by one or together."""

from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.session import Sessions
from tests.accounts.test_session import SECRET, NewMember, new_member, open_session

__all__ = ["new_member"]


async def test_somebody_sees_where_they_are_signed_in(
    control: AsyncEngine, new_member: NewMember
) -> None:
    """Live sessions of their own, the last used first, each with what it was opened with."""
    mine, theirs = await new_member(), await new_member()
    at = Sessions(control, SECRET)
    await open_session(control, at, *theirs)
    async with transaction(control, user_id=mine[0]) as db:
        await at.open(db, *mine, "Firefox on Linux")
    async with transaction(control, user_id=mine[0]) as db:
        await at.open(db, *mine, "Mobile Safari on iOS")
    ended = await at.check(await open_session(control, at, *mine))
    assert ended is not None
    await at.end(ended.user_id, ended.id)
    agents = [each.agent for each in await at.of(mine[0])]
    assert agents == ["Mobile Safari on iOS", "Firefox on Linux"]


async def test_a_session_of_somebody_else_cannot_be_ended(
    control: AsyncEngine, new_member: NewMember
) -> None:
    """Nor one that is unknown, or has ended: all the same answer."""
    mine, theirs = await new_member(), await new_member()
    at = Sessions(control, SECRET)
    cookie = await open_session(control, at, *theirs)
    session = await at.check(cookie)
    assert session is not None
    assert not await at.end(mine[0], session.id)
    assert not await at.end(mine[0], uuid4())
    assert await at.check(cookie) is not None
    assert await at.end(theirs[0], session.id)
    assert not await at.end(theirs[0], session.id)


@pytest.mark.parametrize("keep", [True, False])
async def test_all_sessions_end_together(
    control: AsyncEngine, new_member: NewMember, keep: bool
) -> None:
    """Or all but one; those of others go on."""
    mine, theirs = await new_member(), await new_member()
    at = Sessions(control, SECRET)
    cookies = [await open_session(control, at, *mine) for _ in range(3)]
    other = await open_session(control, at, *theirs)
    one, *_ = [await at.check(cookie) for cookie in cookies]
    assert one is not None
    async with transaction(control, user_id=mine[0]) as db:
        await at.end_all(db, mine[0], keep=one.id if keep else None)
    at.forget(mine[0])
    alive = [await at.check(cookie) is not None for cookie in cookies]
    assert alive == [keep, False, False]
    assert await at.check(other) is not None
