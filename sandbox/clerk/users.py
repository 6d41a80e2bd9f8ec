"""The people who sign in by Clerk, as its API and its webhooks describe them."""

import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any

from sandbox.journal import Journal

_SEEDED = (
    ("user_2sbxDanaOwner000000000000", "Dana", "Owner", "dana.owner@example.com"),
    ("user_2sbxRobinAnalyst000000000", "Robin", "Analyst", "robin.analyst@example.com"),
)
"""Who is there from the first start on; no webhook ever told of them."""


class UserError(ValueError):
    """A person who cannot be as asked; says why."""


@dataclass(frozen=True, slots=True)
class User:
    """One person."""

    id: str
    first_name: str
    last_name: str
    email: str  # in lower case
    created_at: int  # unix milliseconds, as all of Clerk's times
    updated_at: int
    verified: bool = True
    banned: bool = False
    locked: bool = False
    external_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The person in Clerk's words."""
        email_id = f"idn_{self.id.removeprefix('user_')}"
        verification = {
            "status": "verified" if self.verified else "unverified",
            "strategy": "email_code",
            "attempts": None,
            "expire_at": None,
        }
        email: dict[str, Any] = {
            "id": email_id,
            "object": "email_address",
            "email_address": self.email,
            "verification": verification,
            "linked_to": [],
        }
        return {
            "id": self.id,
            "object": "user",
            "username": None,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "image_url": f"https://img.clerk.example/{self.id}",
            "has_image": False,
            "primary_email_address_id": email_id,
            "primary_phone_number_id": None,
            "primary_web3_wallet_id": None,
            "email_addresses": [email],
            **{name: [] for name in _NONE},
            "public_metadata": {},
            "private_metadata": {},
            "unsafe_metadata": {},
            "external_id": self.external_id,
            "password_enabled": True,
            "two_factor_enabled": False,
            "totp_enabled": False,
            "backup_code_enabled": False,
            "banned": self.banned,
            "locked": self.locked,
            "last_sign_in_at": None,
            "last_active_at": self.updated_at,
            "lockout_expires_in_seconds": None,
            "verification_attempts_remaining": 100,
            "password_last_updated_at": None,
            "create_organization_enabled": True,
            "create_organizations_limit": None,
            "legal_accepted_at": None,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "delete_self_enabled": True,
            "locale": None,
        }


_NONE = ("phone_numbers", "web3_wallets", "external_accounts", "enterprise_accounts")


class Users:
    """Everybody, newest last; kept over restarts."""

    def __init__(self, journal: Journal, now: int) -> None:
        self._journal = journal
        self._users = dict[str, User]()
        for record in journal.records("clerk_user", "clerk_user_gone"):
            if record["kind"] == "clerk_user":
                self._users[record["user"]["id"]] = User(**record["user"])
            else:
                self._users.pop(record["id"], None)
        if not any(journal.records("clerk_user")):
            for user_id, first_name, last_name, email in _SEEDED:
                self._keep(User(user_id, first_name, last_name, email, now * 1000, now * 1000))

    def all(self) -> list[User]:
        """Everybody there is."""
        return list(self._users.values())

    def get(self, user_id: str) -> User | None:
        """One person, if there is one of that id."""
        return self._users.get(user_id)

    def create(
        self, now: int, first_name: str, last_name: str, email: str, *, verified: bool = True
    ) -> User:
        """Somebody new."""
        told = _email(email)
        self._must_be_free(told, but=None)
        user_id = f"user_2{secrets.token_hex(13)}"
        user = User(user_id, first_name, last_name, told, now * 1000, now * 1000, verified)
        self._keep(user)
        return user

    def change(self, user_id: str, now: int, **changed: Any) -> User:
        """The person, changed; `updated_at` rises even while the clock stands still."""
        known = self._known(user_id)
        if "email" in changed:
            changed["email"] = _email(changed["email"])
            self._must_be_free(changed["email"], but=user_id)
        user = replace(known, **changed, updated_at=max(now * 1000, known.updated_at + 1))
        self._keep(user)
        return user

    def delete(self, user_id: str) -> None:
        """The person is gone."""
        self._known(user_id)
        self._journal.append({"kind": "clerk_user_gone", "id": user_id})
        del self._users[user_id]

    def _known(self, user_id: str) -> User:
        if user_id not in self._users:
            raise UserError(f"no user {user_id}")
        return self._users[user_id]

    def _must_be_free(self, email: str, *, but: str | None) -> None:
        if any(user.email == email and user.id != but for user in self._users.values()):
            raise UserError(f"{email} is somebody's already")

    def _keep(self, user: User) -> None:
        self._journal.append({"kind": "clerk_user", "user": asdict(user)})
        self._users[user.id] = user


def _email(text: str) -> str:
    email = text.strip().lower()
    name, _, host = email.partition("@")
    if not name or "." not in host or any(letter.isspace() for letter in email):
        raise UserError(f"{text!r} is no e-mail address")
    return email
