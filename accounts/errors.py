"""What this room refuses, as types.

AccountsError
├── EmailTaken       registering an e-mail that has an account; nothing was written
├── HashingBusy      too many passwords wait to be hashed; nothing was checked, try again
├── LeaseLost        a piece of poll work is no longer held by this lease; nothing was written
└── DemoConflict     the demo's e-mail belongs to someone else; nothing was seeded
"""


class AccountsError(Exception):
    """Anything that accounts/ refuses."""


class EmailTaken(AccountsError):
    """This e-mail has an account already."""


class HashingBusy(AccountsError):
    """The queue for password hashing is full."""


class LeaseLost(AccountsError):
    """The piece was taken by someone else, or re-armed, since this lease was given."""


class DemoConflict(AccountsError):
    """An account that is not the demo's holds one of the demo's e-mails."""
