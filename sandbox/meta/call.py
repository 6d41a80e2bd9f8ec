"""One call of the Graph API, and what it is answered from."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

from sandbox.meta.errors import bad_parameter
from sandbox.shop.ledger import Ledger


@dataclass(frozen=True, slots=True)
class View:
    """The shop's books as of the instant at which a call came in."""

    ledger: Ledger
    now: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call without its transport; a batch holds several."""

    method: str
    path: tuple[str, ...]  # after the version
    params: dict[str, str]
    base_url: str  # with the version, for the links to next pages
    token: str = field(repr=False)

    def json_param(self, name: str) -> Any:
        """A parameter that is JSON text; None if it was not sent."""
        text = self.params.get(name)
        if not text:
            return None
        try:
            return json.loads(text)
        except json.JSONDecodeError as malformed:
            raise bad_parameter(f"param {name} must be valid JSON.") from malformed

    def list_param(self, name: str) -> list[str]:
        """A parameter that is a JSON list or a comma list of words; empty if it was not sent."""
        text = self.params.get(name, "").strip()
        if not text.startswith(("[", '"')):
            return [word.strip() for word in text.split(",") if word.strip()]
        value = self.json_param(name)
        words = cast("list[object]", value) if isinstance(value, list) else [value]
        return [str(word) for word in words]
