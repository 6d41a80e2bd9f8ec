"""Every failure is a problem, and none says more than it should."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs
from structlog.typing import EventDict

from web.problem_responses import install
from web.problems import FieldError, Problem, problems
from web.trace import Trace

SECRET = "postgresql://user:secret@host/db"


class Teapot(Problem):
    """For this test."""

    status, code, title = 418, "teapot", "This is a teapot"
    meaning, remedy = "It is short and stout.", "Use a coffee machine."


class Cancelled(Exception):
    """What asyncpg raises when a deadline has passed."""

    sqlstate = "57014"


class Cup(BaseModel):
    """What is poured into."""

    millilitres: int


FAILURES: dict[str, BaseException] = {
    "own": Teapot("Short and stout.", errors=[FieldError(pointer="/a", code="b", message="c")]),
    "http": HTTPException(409, SECRET),
    "refused": ConnectionRefusedError(SECRET),
    "deadline": TimeoutError(SECRET),
    "pool": PoolTimeout(SECRET),
    "cancelled": DBAPIError("select 1", {}, Cancelled(SECRET)),
    "integrity": IntegrityError("insert", {"password": SECRET}, Exception(SECRET)),
    "defect": ValueError(SECRET),
}


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    """What the log has of it."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
async def visitor(logged: list[EventDict]) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()

    @app.get("/fail/{how}")
    async def fail(how: str) -> None:
        raise FAILURES[how]

    @app.post("/pour")
    async def pour(cup: Cup, sugar: int = 0) -> Cup:
        return cup

    install(app)
    app.add_middleware(Trace)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("own", 418, "teapot"),
        ("http", 409, "http-409"),
        ("refused", 503, "unavailable"),
        ("deadline", 503, "unavailable"),
        ("pool", 503, "unavailable"),
        ("cancelled", 503, "unavailable"),
        ("integrity", 500, "internal"),
        ("defect", 500, "internal"),
    ],
)
async def test_a_failure_is_a_problem_without_its_cause(
    visitor: httpx2.AsyncClient, how: str, status: int, code: str
) -> None:
    """Status and code by kind; the text of the exception stays in the log."""
    answer = await visitor.get(f"/fail/{how}")
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["instance"] == f"/fail/{how}"
    # Where no type of ours names it, the status says all: there is no page to lead to.
    assert body["type"] == ("about:blank" if how == "http" else f"/problems/{code}")
    assert SECRET not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_a_defect_is_in_the_log(visitor: httpx2.AsyncClient, logged: list[EventDict]) -> None:
    """With the exception that the answer keeps to itself."""
    await visitor.get("/fail/defect")
    assert [line["exc_info"] for line in logged] == [FAILURES["defect"]]


async def test_a_problem_has_the_members_of_rfc_9457_and_ours(visitor: httpx2.AsyncClient) -> None:
    """Exactly these."""
    body = (await visitor.get("/fail/own")).json()
    assert body.pop("trace_id")
    assert body == {
        "type": "/problems/teapot",
        "title": "This is a teapot",
        "status": 418,
        "detail": "Short and stout.",
        "instance": "/fail/own",
        "code": "teapot",
        "errors": [{"pointer": "/a", "code": "b", "message": "c"}],
    }


async def test_a_path_that_is_not_there_is_a_problem(visitor: httpx2.AsyncClient) -> None:
    """And a method that it does not take, with those that it does."""
    missing = await visitor.get("/nowhere")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    other = await visitor.put("/pour")
    assert (other.status_code, other.json()["code"]) == (405, "method-not-allowed")
    assert other.headers["allow"] == "POST"


async def test_a_bad_field_is_pointed_at(visitor: httpx2.AsyncClient) -> None:
    """In the query and in the body alike, without repeating what was sent."""
    answer = await visitor.post("/pour?sugar=lots", json={"millilitres": "plenty"})
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert (answer.status_code, pointers) == (422, ["/query/sugar", "/body/millilitres"])
    assert "plenty" not in answer.text


@pytest.mark.parametrize("path", ["/nowhere", "/fail/defect", "/fail/own"])
async def test_the_trace_id_of_an_answer_is_the_one_it_came_with(
    visitor: httpx2.AsyncClient, path: str
) -> None:
    """W3C traceparent in, the same id in the body and in the header, also of a defect."""
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    traceparent = f"00-{trace_id}-00f067aa0ba902b7-01"
    answer = await visitor.get(path, headers={"traceparent": traceparent})
    assert answer.json()["trace_id"] == answer.headers["x-trace-id"] == trace_id


@pytest.mark.parametrize(
    "traceparent", ["", "x", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "00-'; drop--01"]
)
async def test_a_request_without_a_good_trace_gets_a_new_one(
    visitor: httpx2.AsyncClient, traceparent: str
) -> None:
    """32 hexadecimal digits, another one each time."""
    ids: set[str] = set()
    for _ in range(2):
        answer = await visitor.get("/nowhere", headers={"traceparent": traceparent})
        ids.add(answer.json()["trace_id"])
    assert len(ids) == 2
    assert all(len(each) == 32 and int(each, 16) for each in ids)


def test_problems_of_one_status_share_a_response() -> None:
    """OpenAPI has one response a status; each problem is an example in it."""

    class Samovar(Teapot):
        code, title = "samovar", "This is a samovar"

    described = problems(Teapot, Samovar)
    content: dict[str, Any] = described[418]["content"]["application/problem+json"]
    assert list(described) == [418]
    assert list(content["examples"]) == ["teapot", "samovar"]


async def test_openapi_says_what_a_422_really_looks_like(visitor: httpx2.AsyncClient) -> None:
    """FastAPI's own shape is gone; ours is there, with its field errors."""
    schema = (await visitor.get("/openapi.json")).json()
    names = set(schema["components"]["schemas"])
    assert {"ProblemDetails", "FieldError"} <= names
    assert not {"HTTPValidationError", "ValidationError"} & names
    invalid = schema["paths"]["/pour"]["post"]["responses"]["422"]["content"]
    assert list(invalid) == ["application/problem+json"]
