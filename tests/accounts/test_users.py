"""Registering and authenticating."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import Breached, EmailTaken
from accounts.passwords import Passwords
from accounts.tables.linked import connections
from accounts.tables.people import memberships, users, workspaces
from accounts.users import (
    authenticate,
    normalised,
    register,
    rename,
)
from tests.accounts.team import PASSWORD, new_email, stored_hash


async def test_who_registers_owns_a_workspace_with_nothing_connected(
    control: AsyncEngine, passwords: Passwords
) -> None:
    """One membership, as owner, in a workspace that is no demo and has no connection."""
    email = new_email()
    made = await register(
        control, passwords, email=email, password=PASSWORD, workspace_name="Engines"
    )
    async with transaction(control, workspace_id=made.workspace_id, user_id=made.user_id) as db:
        workspace = (await db.execute(select(workspaces))).mappings().one()
        membership = (await db.execute(select(memberships))).mappings().one()
        connected = (await db.execute(select(connections))).all()
    assert (workspace["name"], workspace["is_demo"]) == ("Engines", False)
    assert (membership["user_id"], membership["role"]) == (made.user_id, "owner")
    assert connected == []


async def test_an_email_registers_once_however_it_is_spelt(
    control: AsyncEngine, passwords: Passwords
) -> None:
    """The second attempt writes nothing, not even a workspace."""
    email = new_email()
    await register(control, passwords, email=email, password=PASSWORD)
    with pytest.raises(EmailTaken):
        await register(
            control,
            passwords,
            email=normalised(email.upper()),
            password=PASSWORD,
            workspace_name="Left behind",
        )


async def test_a_refused_registration_leaves_no_workspace(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """User, workspace and membership are one transaction."""
    email, name = new_email(), uuid4().hex
    await register(control, passwords, email=email, password=PASSWORD)
    with pytest.raises(EmailTaken):
        await register(control, passwords, email=email, password=PASSWORD, workspace_name=name)
    async with auditor.connect() as db:
        left = select(func.count()).select_from(workspaces).where(workspaces.c.name == name)
        assert await db.scalar(left) == 0


async def test_only_the_right_password_authenticates(
    control: AsyncEngine, passwords: Passwords
) -> None:
    """The user and workspace for the right one; None for a wrong one and an unknown e-mail."""
    email = new_email()
    made = await register(control, passwords, email=email, password=PASSWORD)
    right = await authenticate(control, passwords, email=email, password=PASSWORD)
    wrong = await authenticate(control, passwords, email=email, password=PASSWORD + "!")
    unknown = await authenticate(control, passwords, email=new_email(), password=PASSWORD)
    assert (right, wrong, unknown) == (made, None, None)


async def test_an_unknown_email_costs_what_a_wrong_password_costs(
    control: AsyncEngine, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One verification each, against a hash of the same parameters: time alone is too noisy."""
    email = new_email()
    await register(control, passwords, email=email, password=PASSWORD)
    verify = passwords._hasher.verify
    checked: list[str] = []

    def seen(password: str | bytes, known: str | bytes) -> bool:
        checked.append(str(known))
        return verify(password, known)

    monkeypatch.setattr(passwords._hasher, "verify", seen)
    for asked in (email, new_email()):
        assert await authenticate(control, passwords, email=asked, password="wrong") is None
    of_known, of_unknown = (stored.split("$")[:4] for stored in checked)
    assert of_known == of_unknown


async def test_a_password_is_stored_as_argon2id_of_46_mib(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """Parameters of ASVS 5.0, appendix C; two users with one password have two hashes."""
    emails = [new_email(), new_email()]
    for email in emails:
        await register(control, passwords, email=email, password=PASSWORD)
    async with auditor.connect() as db:
        query = select(users.c.password_hash).where(users.c.email.in_(emails))
        hashes = (await db.scalars(query)).all()
    assert all(stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$") for stored in hashes)
    assert len(set(hashes)) == 2


async def test_a_password_that_everybody_tries_registers_nobody(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """Nothing is written."""
    email = new_email()
    for password in ("password1", email.partition("@")[0]):
        with pytest.raises(Breached):
            await register(control, passwords, email=email, password=password)
    assert await stored_hash(auditor, email) is None


async def test_a_name_is_changed_for_oneself_alone(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords
) -> None:
    """Row level security would hold even without the WHERE."""
    mine = await register(control, passwords, email=new_email(), password=PASSWORD)
    theirs = await register(control, passwords, email=new_email(), password=PASSWORD, name="Grace")
    await rename(control, mine.user_id, "Ada King")
    async with auditor.connect() as db:
        rows = await db.execute(select(users.c.user_id, users.c.name))
        names = {row.user_id: row.name for row in rows}
    assert (names[mine.user_id], names[theirs.user_id]) == ("Ada King", "Grace")


@pytest.mark.parametrize(
    ("spelt", "stored"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("  ada@example.com ", None),
        ("ada+ads@example.com", "ada+ads@example.com"),
        ("ÅSA@exämple.com", "åsa@exämple.com"),
        ("A\u030asa@example.com", "åsa@example.com"),
        ("ada@shop.test", "ada@shop.test"),
        ("ada", None),
        ("ada@", None),
        ("@example.com", None),
        ("ada@example", None),
        ("ada@exa mple.com", None),
        ("ada\x00@example.com", None),
        ("ada@example.com\n", None),
        ("", None),
    ],
)
def test_an_email_has_one_spelling(spelt: str, stored: str | None) -> None:
    """What is no e-mail is a ValueError; PostgreSQL's check on the column agrees with the rest."""
    if stored is None:
        with pytest.raises(ValueError):
            normalised(spelt)
    else:
        assert normalised(spelt) == stored
