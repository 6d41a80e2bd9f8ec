"""What an answer looks like in the document, where no problem is."""

from typing import Any


def example_of(value: Any) -> dict[str, Any]:
    """A response of OpenAPI that shows this JSON."""
    return {"content": {"application/json": {"example": value}}}
