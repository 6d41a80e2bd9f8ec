"""Meta's error codes, and what each asks of the reader."""

import pytest

from ingest.providers.errors import (
    NoAccess,
    ProviderError,
    Rejected,
    Throttled,
    TokenDead,
    TooMuchData,
    Transient,
)
from ingest.providers.meta.graph_errors import GraphError, raised_for


@pytest.mark.parametrize(
    ("code", "subcode", "status", "kind"),
    [
        (4, 1504022, 400, Throttled),
        (17, 2446079, 400, Throttled),
        (32, None, 400, Throttled),
        (613, 1487742, 400, Throttled),
        (80000, 2446079, 400, Throttled),
        (80004, None, 400, Throttled),
        (368, None, 400, Throttled),
        (190, 463, 400, TokenDead),
        (190, 460, 401, TokenDead),
        (102, None, 400, TokenDead),
        (200, None, 403, NoAccess),
        (10, None, 403, NoAccess),
        (1, 99, 500, TooMuchData),
        (100, 1487534, 400, TooMuchData),
        (2, 1504018, 500, TooMuchData),
        (1, None, 500, Transient),
        (2, None, 503, Transient),
        (960, None, 400, Transient),
        (100, None, 400, Rejected),
        (100, 33, 400, Rejected),
        (2500, None, 400, Rejected),
    ],
)
def test_a_code_tells_what_to_do(
    code: int, subcode: int | None, status: int, kind: type[ProviderError]
) -> None:
    """HTTP status and `type` are the same for a throttle and a dead token."""
    assert type(raised_for(GraphError("", code, subcode), status, None)) is kind
