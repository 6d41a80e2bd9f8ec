"""Seeding the demo."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.demo import OWNER_EMAIL, VIEWER_EMAIL, Demo, seed_demo
from accounts.errors import DemoConflict
from accounts.passwords import Passwords
from accounts.tables.columns import metadata
from accounts.users import authenticate, register
from tests.servers.databases import Database


@pytest.fixture
def module_database(database: Database) -> Database:
    """A database for each test: there is but one demo in it."""
    return database


async def seeded(control: AsyncEngine, passwords: Passwords, password: str | None = None) -> Demo:
    return await seed_demo(
        control, passwords, account_id="70042", zone="UTC", currency="USD", password=password
    )


async def everything(auditor: AsyncEngine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the control schema."""
    async with auditor.connect() as db:
        return {
            table.name: sorted(
                (tuple(row) for row in await db.execute(select(table))), key=lambda row: str(row)
            )
            for table in metadata.sorted_tables
        }


async def test_both_users_sign_in_with_the_one_password(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """An owner and a viewer of a workspace that says it is a demo, with one connection."""
    demo = await seeded(control, passwords)
    for email in (OWNER_EMAIL, VIEWER_EMAIL):
        member = await authenticate(control, passwords, email=email, password=demo.password)
        assert member is not None
        assert member.workspace_id == demo.workspace_id
    rows = await everything(auditor)
    assert [row[1] for row in rows["workspaces"]] == ["Defang Labs"]
    assert sorted(str(row[2]) for row in rows["memberships"]) == ["owner", "viewer"]
    assert [row[1:4] for row in rows["connections"]] == [(demo.connection_id, "meta", "70042")]


async def test_the_second_seeding_changes_nothing(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """Not a row, not a hash, not an instant."""
    demo = await seeded(control, passwords)
    before = await everything(auditor)
    assert await seeded(control, passwords, demo.password) == demo
    assert await everything(auditor) == before


async def test_a_lost_password_is_replaced_and_nothing_else(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """Whoever lost the file with it gets a new one that works."""
    first = await seeded(control, passwords)
    second = await seeded(control, passwords)
    assert first.password != second.password
    for password, works in ((first.password, False), (second.password, True)):
        found = await authenticate(control, passwords, email=OWNER_EMAIL, password=password)
        assert (found is not None) == works
    assert len((await everything(auditor))["users"]) == 2


async def test_someone_elses_account_is_not_made_the_demos(
    control: AsyncEngine, passwords: Passwords
) -> None:
    """Whoever registered the demo's e-mail before keeps their password, and joins nothing."""
    await register(control, passwords, email=VIEWER_EMAIL, password="mine, not the demo's")
    with pytest.raises(DemoConflict):
        await seeded(control, passwords)
