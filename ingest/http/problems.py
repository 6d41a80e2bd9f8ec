"""What can go wrong while an account is connected."""

import math

from ingest.providers.errors import ProviderError, Throttled, Transient
from web.problems import Problem

_TRY_AGAIN_SECONDS = 10.0


class ProviderNotConfigured(Problem):
    """Whoever runs metricx has not set this platform's app up."""

    status, code, title = 409, "provider-not-configured", "This platform is not set up here"
    meaning = "metricx has no app at this platform, so nobody can give it access there."
    remedy = "Ask whoever runs metricx to set the platform's app up: docs/configuration.md."


class AccountNotInConsent(Problem):
    """The consent does not open an account that was chosen."""

    status, code, title = 422, "account-not-in-consent", "The consent does not cover this account"
    meaning = "What was allowed at the platform does not open an account that was chosen."
    remedy = "Choose among the accounts that are listed, or connect again and allow more."


class AccountIsClosed(Problem):
    """The platform lets nobody read the account; `detail` says why."""

    status, code, title = 409, "account-closed", "The platform has closed this account"
    meaning = "The platform does not let this account be read; `detail` says why."
    remedy = "Settle it at the platform, then connect the account."


class PlatformAway(Problem):
    """The platform did not answer, or asks for a pause."""

    status, code, title = 503, "platform-away", "The platform does not answer just now"
    meaning = "The platform did not answer in time, or asks to be left alone for a while."
    remedy = "Try again after the seconds that the answer names in Retry-After."


class PlatformRefused(Problem):
    """The platform answered, and not with what was asked for."""

    status, code, title = 502, "platform-refused", "The platform refused"
    meaning = "The platform refused what it was asked; its access may have ended meanwhile."
    remedy = "Connect the account again, and allow everything that is asked for."


def is_passing(error: ProviderError) -> bool:
    """Whether it goes well later by itself."""
    return isinstance(error, Transient | Throttled)


def said_of(error: ProviderError) -> Problem:
    """The problem that a platform's failure is. Its own words are for the log alone."""
    if not is_passing(error):
        return PlatformRefused()
    wait = error.retry_after_seconds if isinstance(error, Throttled) else _TRY_AGAIN_SECONDS
    return PlatformAway(headers={"retry-after": str(math.ceil(wait))})
