"""Errors as RFC 9457 problems: each is a type that OpenAPI, the docs and the UI know by its code.

A route raises a subclass of `Problem` and names it in `responses=problems(...)`.
`problem_responses.install` puts them, and every other failure, on the wire. Each has a page for
people, `routes/problems.py`, made of what its class says.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
NO_PAGE = "about:blank"
"""The `type` of an error of which its status says all (RFC 9457, 4.2.1)."""
SCHEMA_REF = {"$ref": "#/components/schemas/ProblemDetails"}


class FieldError(BaseModel):
    """One thing wrong with a request, and where."""

    pointer: str = Field(examples=["/body/email"], description="JSON pointer into the request")
    code: str = Field(examples=["value_error"])
    message: str = Field(examples=["This is not an e-mail address."])


class ProblemDetails(BaseModel):
    """What every error answers with (RFC 9457)."""

    type: str = Field(
        examples=["/problems/invalid-range"],
        description="A page that says what it means and what to do",
    )
    title: str = Field(examples=["These dates cannot be asked for"])
    status: int = Field(examples=[422])
    detail: str | None = Field(examples=["A custom range needs both its first and its last date."])
    instance: str = Field(examples=["/dashboard/unified"], description="The path asked for")
    code: str = Field(examples=["invalid-range"])
    errors: list[FieldError] = Field(default_factory=list[FieldError])
    trace_id: str = Field(examples=["4bf92f3577b34da6a3ce929d0e0e4736"])


class Problem(Exception):
    """An error that a client can tell by its code. Subclasses set all but `type`."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    meaning: ClassVar[str]  # for whoever met it
    remedy: ClassVar[str]  # what they can do
    type: ClassVar[str]  # where its page is

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.type = f"/problems/{cls.code}"

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
    meaning = "The body is not valid UTF-8, or it is nested too deeply to be taken in."
    remedy = "Send plain JSON in UTF-8."


class NotFound(Problem):
    """Said of what belongs to another workspace, too, so that ids cannot be probed."""

    status, code, title = 404, "not-found", "Nothing here"
    meaning = "There is nothing at this address, or it belongs to a workspace that you are not in."
    remedy = "Check the address, and the workspace that you act in."


class MethodNotAllowed(Problem):
    """The path exists, but not with this method."""

    status, code, title = 405, "method-not-allowed", "This path does not take that method"
    meaning = "The path exists, but not with the method that was used."
    remedy = "Use one of the methods that the answer names in its Allow header."


class BodyTooLarge(Problem):
    """A body that is longer than its path takes, by its own word or by count."""

    status, code, title = 413, "body-too-large", "The body is too large"
    meaning = "The body is longer than this path takes; `detail` says how much it takes."
    remedy = "Send less at once: leave out what is not needed, or use several requests."


class InvalidRequest(Problem):
    """Parameters or body do not have the shape that the route asks for; `errors` says where."""

    status, code, title = 422, "invalid-request", "The request is not valid"
    meaning = "A parameter or the body does not have the shape that this path takes."
    remedy = "Each entry of `errors` in the answer points at one place, and says what is wrong."


class TooManyRequests(Problem):
    """More requests than the table of `limits.py` allows."""

    status, code, title = 429, "too-many-requests", "Too many requests"
    meaning = (
        "More came from this address, for this account or for this workspace than is allowed. "
        "This one was not looked at; RateLimit-Policy says which limit it was."
    )
    remedy = "Try again after the seconds that the answer names in Retry-After."


class Unavailable(Problem):
    """PostgreSQL does not answer, or too slowly; nothing was changed that we said we would."""

    status, code, title = 503, "unavailable", "Not available just now"
    meaning = "A part that the answer needs, most likely the database, did not answer in time."
    remedy = (
        "Try again after the seconds that the answer names in Retry-After. Reading again is "
        "harmless; before writing again, look whether the first attempt was done."
    )


class Internal(Problem):
    """A defect of ours; the trace id finds it in the log."""

    status, code, title = 500, "internal", "Something went wrong on our side"
    meaning = "metricx has a defect here; the log has it under the `trace_id` of the answer."
    remedy = "Try again. If it comes back, give the `trace_id` to whoever runs metricx for you."


def kinds() -> dict[str, type[Problem]]:
    """Every problem that has a page, by its code: those whose modules are imported."""
    found: dict[str, type[Problem]] = {}
    rest = Problem.__subclasses__()
    while rest:
        kind = rest.pop()
        rest += kind.__subclasses__()
        if kind.type != NO_PAGE:
            found[kind.code] = kind
    return dict(sorted(found.items()))


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
            "description": f"{kind.meaning} {kind.remedy}",
            "value": example(kind),
        }
    return responses


def example(kind: type[Problem]) -> dict[str, Any]:
    """What this problem looks like on the wire."""
    return ProblemDetails(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=None,
        instance="/path",
        code=kind.code,
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
    ).model_dump()
