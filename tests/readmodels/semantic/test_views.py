"""The views that `/ready` asks for are those that an answer is made of."""

import re
from pathlib import Path

from readmodels.semantic.views import USED

_ROOM = Path(__file__).parents[3] / "readmodels"
_SOURCES = [
    path.read_text()
    for folder in ("semantic", "queries")
    for path in (_ROOM / folder).glob("*.py")
    if path.name != "views.py"
]


def test_every_view_that_is_named_is_asked() -> None:
    """One that no query reads would keep a working installation from being ready."""
    unread = [
        view.name
        for view in USED
        if not any(re.search(rf"\b{view.name}\b", source) for source in _SOURCES)
    ]
    assert unread == []
