"""How a platform can answer badly, as one tree; what to do follows from the class alone.

ProviderError
├── Throttled       too many calls: ask again after `retry_after_seconds`
├── TokenDead       the access ended: only the user can mend it
│   └── NoAccess    to this account alone; the token may open others
├── Transient       its servers or the way to them: try again with growing pauses
├── TooMuchData     one answer would be too large: smaller pages, fewer days
├── Rejected        the request itself is wrong or not permitted: do not repeat it
└── Unreadable      an answer that is not what its documentation says
"""

from typing import ClassVar, Literal


class ProviderError(Exception):
    """`str()` says what the platform said; `next_step` what a person can do, None if nothing."""

    reason: ClassVar[str] = "provider-error"
    next_step: str | None = None


class Throttled(ProviderError):
    """The platform asks for a pause: of one account, or of all that our app reads."""

    reason = "throttled"

    def __init__(
        self, detail: str, retry_after_seconds: float, scope: Literal["app", "account"] = "account"
    ) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds
        self.scope: Literal["app", "account"] = scope


class TokenDead(ProviderError):
    """The access token is expired or revoked, or there is none."""

    reason = "token-dead"
    next_step = "Connect the account again."


class NoAccess(TokenDead):
    """The token lives, and does not open this account."""

    reason = "no-access"
    next_step = "Have access to the account given to you at the platform, or connect it again."


class Transient(ProviderError):
    """Likely to go well a moment later."""

    reason = "transient"


class TooMuchData(ProviderError):
    """The answer would be too large, or took too long to make."""

    reason = "too-much-data"


class Rejected(ProviderError):
    """The platform understood and refused."""

    reason = "rejected"
    next_step = "Check that this account still exists and may be read."


class Unreadable(ProviderError):
    """The platform's answer is of another shape than is known here."""

    reason = "unreadable"
    next_step = "Update metricx, or report this to its authors."
