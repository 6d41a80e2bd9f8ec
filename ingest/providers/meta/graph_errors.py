"""Meta's error codes to our tree; its HTTP status and `type` say too little to go by."""

from collections.abc import Collection

import msgspec

from ingest.providers.errors import (
    NoAccess,
    ProviderError,
    Rejected,
    Throttled,
    TokenDead,
    TooMuchData,
    Transient,
)
from ingest.providers.meta.throttle import UNTOLD_PAUSE_SECONDS

_BLOCKED_SECONDS = 3_600.0

_THROTTLES: Collection[int] = {4, 17, 32, 613, *range(80_000, 80_015)}
_APP_THROTTLE = 4
_BLOCKS: Collection[int] = {341, 368}
_DEAD_TOKENS: Collection[int] = {102, 190}
_PERMISSIONS: Collection[int] = {10, *range(200, 300)}
_TRANSIENTS: Collection[int] = {1, 2, 960}

_REDUCE, _TIMED_OUT, _TOO_MUCH = 99, 1_504_018, 1_487_534


class GraphError(msgspec.Struct, frozen=True):
    """The object under `error` in a reply."""

    message: str = ""
    code: int = 0
    error_subcode: int | None = None
    is_transient: bool = False
    fbtrace_id: str | None = None


def raised_for(error: GraphError, status: int, wait_seconds: float | None) -> ProviderError:
    """The exception that tells the caller what to do.

    wait_seconds: what the usage headers of the same reply ask for, None if they ask for nothing.
    """
    said = f"{error.message or 'no message'} (code {error.code}"
    if error.error_subcode:
        said += f"/{error.error_subcode}"
    said += f", HTTP {status}, trace {error.fbtrace_id})"
    if error.code in _THROTTLES:
        scope = "app" if error.code == _APP_THROTTLE else "account"
        return Throttled(said, wait_seconds or UNTOLD_PAUSE_SECONDS, scope)
    if error.code in _BLOCKS:
        return Throttled(said, _BLOCKED_SECONDS)
    if error.code in _DEAD_TOKENS:
        return TokenDead(said)
    if error.code in _PERMISSIONS:
        return NoAccess(said)
    if _wants_less(error):
        return TooMuchData(said)
    if error.code in _TRANSIENTS or error.is_transient or status >= 500:
        return Transient(said)
    return Rejected(said)


def _wants_less(error: GraphError) -> bool:
    return error.error_subcode in (_TIMED_OUT, _TOO_MUCH) or (
        error.code == 1
        and (error.error_subcode == _REDUCE or "reduce the amount of data" in error.message)
    )
