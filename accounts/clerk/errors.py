"""What cannot be done while Clerk does not answer, as types.

ClerkError (an AccountsError)
├── KeysAway    Clerk's keys were never read, so no token can be judged; try again
└── ClerkAway   the Backend API did not answer, or not as it should; what was done until then stands

Both are ConnectionErrors: whoever has no better word for them answers 503.
"""

from accounts.errors import AccountsError


class ClerkError(AccountsError, ConnectionError):
    """Clerk is away."""


class KeysAway(ClerkError):
    """No key has been read since this process started."""


class ClerkAway(ClerkError):
    """The Backend API does not answer; `retry_after_seconds` is what it asked for, if it did."""

    def __init__(self, why: str, retry_after_seconds: int = 5) -> None:
        super().__init__(why)
        self.retry_after_seconds = retry_after_seconds
