"""Hashes that are made anew, and passwords that are changed."""

import asyncio

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import Breached, WrongPassword
from accounts.passwords import Passwords
from accounts.session import Session, Sessions
from accounts.users import Member, authenticate, change_password, register
from tests.accounts.team import PASSWORD, new_email, set_hash, stored_hash
from tests.servers.databases import Database


async def test_signing_in_replaces_a_hash_of_weaker_parameters(
    control: AsyncEngine, auditor: AsyncEngine, passwords: Passwords, module_database: Database
) -> None:
    """A real one of 19 MiB becomes one of 46, which the same password opens and is then kept."""
    email = new_email()
    made = await register(control, passwords, email=email, password=PASSWORD)
    weak = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
    await set_hash(module_database, email, weak)
    assert await authenticate(control, passwords, email=email, password="wrong") is None
    assert await stored_hash(auditor, email) == weak
    assert await authenticate(control, passwords, email=email, password=PASSWORD) == made
    anew = await stored_hash(auditor, email)
    assert str(anew).startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert await authenticate(control, passwords, email=email, password=PASSWORD) == made
    assert await stored_hash(auditor, email) == anew


async def test_hashing_anew_never_brings_an_older_password_back(
    control: AsyncEngine,
    auditor: AsyncEngine,
    passwords: Passwords,
    module_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The password is changed while the sign-in with the older one hashes it."""
    email = new_email()
    await register(control, passwords, email=email, password=PASSWORD)
    weak = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
    changed = await passwords.hash("changed meanwhile")
    await set_hash(module_database, email, weak)
    hash_slowly = passwords.hash

    async def hash_and_lose(password: str) -> str:
        await set_hash(module_database, email, changed)
        return await hash_slowly(password)

    monkeypatch.setattr(passwords, "hash", hash_and_lose)
    assert await authenticate(control, passwords, email=email, password=PASSWORD) is not None
    assert await stored_hash(auditor, email) == changed


async def test_whom_clerk_signs_in_has_no_password_that_is_right(
    control: AsyncEngine,
    passwords: Passwords,
    module_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None for any, the empty one too, at the cost of one verification."""
    email = new_email()
    await register(control, passwords, email=email, password=PASSWORD)
    await set_hash(module_database, email, None)
    verify, checked = passwords._hasher.verify, list[str]()

    def seen(password: str | bytes, known: str | bytes) -> bool:
        checked.append(str(known))
        return verify(password, known)

    monkeypatch.setattr(passwords._hasher, "verify", seen)
    for password in (PASSWORD, "", "nobody has this password"):
        found = await authenticate(control, passwords, email=email, password=password)
        assert found is None
    assert len(checked) == 3


async def signed_in(control: AsyncEngine, at: Sessions, member: Member) -> Session:
    async with transaction(control, user_id=member.user_id) as db:
        cookie = await at.open(db, member.user_id, member.workspace_id)
    found = await at.check(cookie)
    assert found is not None
    return found


async def test_a_changed_password_leaves_one_session_a_new_one(
    control: AsyncEngine, passwords: Passwords
) -> None:
    """The password of before is wrong; every session of before has ended."""
    email, at = new_email(), Sessions(control, "a secret for tests")
    made = await register(control, passwords, email=email, password=PASSWORD)
    mine, other = await signed_in(control, at, made), await signed_in(control, at, made)
    cookie = await change_password(
        control, passwords, at, mine, current=PASSWORD, new="another long one"
    )
    now = await at.check(cookie)
    assert now is not None
    assert now.id not in (mine.id, other.id)
    assert [each.id for each in await at.of(made.user_id)] == [now.id]
    assert await authenticate(control, passwords, email=email, password=PASSWORD) is None
    again = await authenticate(control, passwords, email=email, password="another long one")
    assert again == made


@pytest.mark.parametrize(
    ("current", "new", "refused"),
    [
        ("not this one", "another long one", WrongPassword),
        (PASSWORD, "password1", Breached),
        ("not this one", "password1", WrongPassword),
    ],
)
async def test_a_refused_change_changes_nothing(
    control: AsyncEngine,
    auditor: AsyncEngine,
    passwords: Passwords,
    current: str,
    new: str,
    refused: type[Exception],
) -> None:
    """Neither the hash nor any session."""
    email, at = new_email(), Sessions(control, "a secret for tests")
    made = await register(control, passwords, email=email, password=PASSWORD)
    mine, before = await signed_in(control, at, made), await stored_hash(auditor, email)
    with pytest.raises(refused):
        await change_password(control, passwords, at, mine, current=current, new=new)
    assert await stored_hash(auditor, email) == before
    assert [each.id for each in await at.of(made.user_id)] == [mine.id]


async def test_of_two_changes_at_once_one_holds(
    control: AsyncEngine, passwords: Passwords, module_database: Database
) -> None:
    """The other one had checked a password that is no longer the present one."""
    email, at = new_email(), Sessions(control, "a secret for tests")
    made = await register(control, passwords, email=email, password=PASSWORD)
    mine = await signed_in(control, at, made)
    changes = [
        change_password(control, passwords, at, mine, current=PASSWORD, new=f"another one {n}")
        for n in range(2)
    ]
    ended = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["WrongPassword", "str"]
    assert len(await at.of(made.user_id)) == 1
