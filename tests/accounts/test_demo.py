"""Seeding the demo."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import ConnectionState, connection_of, disconnect, linked_to, read_by
from accounts.database import transaction
from accounts.demo import (
    OTHER_WORKSPACE_ID,
    OWNER_EMAIL,
    VIEWER_EMAIL,
    Demo,
    DemoAccount,
    seed_demo,
)
from accounts.errors import DemoConflict
from accounts.passwords import Passwords
from accounts.tables.columns import metadata
from accounts.tables.linked import connections
from accounts.token_use import issue_for
from accounts.tokens import Grant, forget_token, keep_token, mark_dead
from accounts.users import authenticate, register
from accounts.vault import KeyRing, MasterKey, Vault
from tests.servers.databases import Database

RING = KeyRing([MasterKey("demo", b"d" * 32)])


@pytest.fixture
def module_database(database: Database) -> Database:
    """A database for each test: there is but one demo in it."""
    return database


async def seeded(control: AsyncEngine, passwords: Passwords, password: str | None = None) -> Demo:
    return await seed_demo(
        control,
        passwords,
        Vault(lambda: RING),
        account=DemoAccount("70042", "UTC", "USD", "a token"),
        other=DemoAccount("70051", "Europe/Berlin", "EUR", "a dead token"),
        password=password,
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
    """An owner and a viewer of the shop's workspace; the other one is the owner's alone."""
    demo = await seeded(control, passwords)
    for email in (OWNER_EMAIL, VIEWER_EMAIL):
        member = await authenticate(control, passwords, email=email, password=demo.password)
        assert member is not None
        assert member.workspace_id == demo.workspace_id
    rows = await everything(auditor)
    names = {row[0]: str(row[1]) for row in rows["workspaces"]}
    assert sorted(names.values()) == ["Defang Labs", "Northwind Traders"]
    assert sorted((names[row[0]], row[2]) for row in rows["memberships"]) == [
        ("Defang Labs", "owner"),
        ("Defang Labs", "viewer"),
        ("Northwind Traders", "owner"),
    ]
    assert sorted((names[row[0]], row[2], row[3]) for row in rows["connections"]) == [
        ("Defang Labs", "meta", "70042"),
        ("Northwind Traders", "meta", "70051"),
    ]
    assert demo.connection_id in [row[1] for row in rows["connections"]]


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


@pytest.mark.parametrize("what", ["paused", "disconnected", "dead", "forgotten"])
async def test_the_shops_connection_works_at_each_start(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords, what: str
) -> None:
    """Whatever somebody did to it, or the demo would wait for its shop for ever."""
    demo = await seeded(control, passwords)
    async with transaction(control, workspace_id=demo.workspace_id) as db:
        before = await connection_of(db, demo.connection_id)
        assert before is not None
        assert before.token_id is not None
        match what:
            case "paused":
                await db.execute(update(connections).values(state="paused"))
            case "disconnected":
                await disconnect(db, demo.connection_id)
            case "dead":
                await mark_dead(db, before.token_id, "revoked")
            case _:
                await forget_token(db, before.token_id)
    await seeded(control, passwords, demo.password)
    async with transaction(control, workspace_id=demo.workspace_id) as db:
        after = await connection_of(db, demo.connection_id)
        assert after is not None
        assert after.state is ConnectionState.ACTIVE
        assert await issue_for(db, demo.connection_id)


async def test_a_connection_that_somebody_mended_stays_mended(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """The dead token is seeded once, and not put in the place of a living one."""
    demo = await seeded(control, passwords)
    vault = Vault(lambda: RING)
    async with transaction(control, workspace_id=OTHER_WORKSPACE_ID) as db:
        (connection_id,) = (await linked_to(db, "meta")).values()
        grant = Grant("a living token")
        token_id = await keep_token(db, vault, OTHER_WORKSPACE_ID, "meta", "Dana", grant, None)
        await read_by(db, connection_id, token_id)
    before = await everything(auditor)
    await seeded(control, passwords, demo.password)
    assert await everything(auditor) == before
