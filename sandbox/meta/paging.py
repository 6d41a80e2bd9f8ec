"""Pages of an edge: cursors that name the last row's place, and the link to what follows."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbox.meta.call import Call
from sandbox.meta.errors import bad_cursor, bad_parameter, too_much_data

DEFAULT_LIMIT = 25
LARGEST_LIMIT = 1000

Place = tuple[int, ...]
"""Where an item stands in the edge's order, the same whatever else comes or goes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of an edge that a page can show: nothing up to a place, and so many rows after."""

    after: Place  # () before the first
    enough: int  # one more than the page holds: it tells whether something follows


def stretch(call: Call) -> Stretch:
    """What a call that goes forwards needs of its edge; the rest need not be worked out."""
    after = call.params.get("after")
    return Stretch(_place(after) if after else (), _limit(call.params.get("limit")) + 1)


def paged(
    call: Call, items: Sequence[tuple[Place, T]], render: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """One page of items that are in the order of their places, as the call's cursors ask.

    `next` is there only while something follows; the cursors are there even on the last page.
    """
    limit = _limit(call.params.get("limit"))
    chosen = list(items)
    if after := call.params.get("after"):
        last = _place(after)
        chosen = [item for item in chosen if item[0] > last]
        page, more = chosen[:limit], len(chosen) > limit
    elif before := call.params.get("before"):
        first = _place(before)
        chosen = [item for item in chosen if item[0] < first]
        page, more = chosen[-limit:], len(items) > len(chosen)
    else:
        page, more = chosen[:limit], len(chosen) > limit
    answer: dict[str, Any] = {"data": [render(item) for _, item in page]}
    if page:
        cursors = {"before": _cursor(page[0][0]), "after": _cursor(page[-1][0])}
        paging: dict[str, Any] = {"cursors": cursors}
        if more:
            paging["next"] = _link(call, "after", cursors["after"])
        if after or page[0][0] > items[0][0]:
            paging["previous"] = _link(call, "before", cursors["before"])
        answer["paging"] = paging
    return answer


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not text.isdecimal() or int(text) < 1:
        raise bad_parameter("param limit must be a positive integer")
    if int(text) > LARGEST_LIMIT:
        raise too_much_data()
    return int(text)


def _link(call: Call, way: str, cursor: str) -> str:
    kept = {key: text for key, text in call.params.items() if key not in ("after", "before")}
    query = urlencode({"access_token": call.token, **kept, way: cursor})
    return f"{call.base_url}/{'/'.join(call.path)}?{query}"


def _cursor(place: Place) -> str:
    text = ".".join(map(str, place))
    return base64.urlsafe_b64encode(f"p{text}".encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        if not text.startswith("p"):
            raise bad_cursor()
        return tuple(int(part) for part in text[1:].split("."))
    except ValueError as malformed:
        raise bad_cursor() from malformed
