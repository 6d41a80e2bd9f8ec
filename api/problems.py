"""Errors as RFC 9457 problems: each is a type that OpenAPI, the docs and the UI know by its code.

A route raises a subclass of `Problem` and names it in `responses=problems(...)`.
`problem_responses.install` puts them, and every other failure, on the wire.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
SCHEMA_REF = {"$ref": "#/components/schemas/ProblemDetails"}


class FieldError(BaseModel):
    """One thing wrong with a request, and where."""

    pointer: str = Field(examples=["/body/email"], description="JSON pointer into the request")
    code: str = Field(examples=["value_error"])
    message: str = Field(examples=["This is not an e-mail address."])


class ProblemDetails(BaseModel):
    """What every error answers with (RFC 9457)."""

    type: str = Field(examples=["/problems/connection-not-found"])
    title: str = Field(examples=["No such connection"])
    status: int = Field(examples=[404])
    detail: str | None = Field(examples=["No connection 7f… in this workspace."])
    instance: str = Field(examples=["/connections/7f…/freshness"], description="The path asked for")
    code: str = Field(examples=["connection-not-found"])
    errors: list[FieldError] = Field(default_factory=list[FieldError])
    trace_id: str = Field(examples=["4bf92f3577b34da6a3ce929d0e0e4736"])


class Problem(Exception):
    """An error that a client can tell by its code. Subclasses set status, code and title."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


class Unreadable(Problem):
    """A body that is not UTF-8, or nested too deeply to be taken in."""

    status, code, title = 400, "unreadable", "The request cannot be read"


class NotFound(Problem):
    """Said of what belongs to another workspace, too, so that ids cannot be probed."""

    status, code, title = 404, "not-found", "Nothing here"


class MethodNotAllowed(Problem):
    """The path exists, but not with this method."""

    status, code, title = 405, "method-not-allowed", "This path does not take that method"


class InvalidRequest(Problem):
    """Parameters or body do not have the shape that the route asks for; `errors` says where."""

    status, code, title = 422, "invalid-request", "The request is not valid"


class Unavailable(Problem):
    """PostgreSQL does not answer, or too slowly; nothing was changed that we said we would."""

    status, code, title = 503, "unavailable", "Not available just now"


class Internal(Problem):
    """A defect of ours; the trace id finds it in the log."""


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that raises these."""
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        response = responses.setdefault(
            kind.status,
            {
                "description": kind.title,
                "content": {MEDIA_TYPE: {"schema": SCHEMA_REF, "examples": {}}},
            },
        )
        if kind.title not in response["description"]:
            response["description"] += f" · {kind.title}"
        response["content"][MEDIA_TYPE]["examples"][kind.code] = {
            "summary": kind.title,
            "value": example(kind),
        }
    return responses


def example(kind: type[Problem]) -> dict[str, Any]:
    """What this problem looks like on the wire."""
    return ProblemDetails(
        type=f"/problems/{kind.code}",
        title=kind.title,
        status=kind.status,
        detail=None,
        instance="/path",
        code=kind.code,
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
    ).model_dump()
