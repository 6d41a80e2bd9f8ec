"""Every input of every route, given what it cannot be: the table is made from the OpenAPI document.

What a value means is tested beside its route (`test_*_bad_input.py`); here, that no input is left
unchecked, that the answer points at it, and that the document names the problem.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from runtime.openapi import document
from tests.api.platforms import at_the_sandbox
from tests.api.signing_in import application, client, new_user
from tests.servers.databases import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCUMENT = document()
UNCHECKED = {
    "receiveClerkWebhook": "its body is Clerk's, and signed; test_webhooks.py",
    "finishConsent": "what comes from a platform is answered by a page; test_oauth.py",
}
"""Operations whose input is not said in the document, each with its reason."""

_FILLED = {"provider": "meta"}
_ID = "0b6f5c9e-6f0e-4c1e-9b1c-1f6f2a0f7c11"


@dataclass(frozen=True)
class Bad:
    """A request with one thing wrong, and the place to which the answer must point."""

    operation: str
    method: str
    path: str
    pointer: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None

    def __str__(self) -> str:
        return f"{self.operation} {self.pointer} {self.body!r:.40}"


def _table() -> Iterator[Bad]:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            if operation["operationId"] not in UNCHECKED:
                yield from _parameters(method, path, operation)
                yield from _bodies(method, path, operation)


def _parameters(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[Bad]:
    own = operation["operationId"]
    for each in operation.get("parameters", ()):
        kinds = [_resolved(kind) for kind in each["schema"].get("anyOf", [each["schema"]])]
        # Any text is a text: what it means is the route's to say.
        if all(_takes_any_text(kind) for kind in kinds if kind.get("type") != "null"):
            continue
        name, pointer = each["name"], f"/{each['in']}/{each['name']}"
        if each["in"] == "path":
            yield Bad(own, method, _filled(path, {name: "~no~"}), pointer)
        elif each["in"] == "query":
            yield Bad(own, method, _filled(path), pointer, ((name, "~no~"),))


def _bodies(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[Bad]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return
    own, filled = operation["operationId"], _filled(path)
    schema = _resolved(content["application/json"]["schema"])
    yield Bad(own, method, filled, "/body", body=[])
    for name, kind in schema["properties"].items():
        pointer = f"/body/{name}"
        if name in schema.get("required", ()):
            yield Bad(own, method, filled, pointer, body={})
        yield Bad(own, method, filled, pointer, body={name: {"not": "this"}})
        if kind.get("format") != "password":  # to try, any text is one
            yield Bad(own, method, filled, pointer, body={name: "\x00"})


def _takes_any_text(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string" and not schema.keys() & {"format", "enum", "pattern"}


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    return DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def _filled(path: str, wrong: Mapping[str, str] | None = None) -> str:
    for part in path.split("/"):
        if part.startswith("{"):
            name = part[1:-1]
            path = path.replace(part, (wrong or {}).get(name) or _FILLED.get(name, _ID))
    return path


TABLE = list(_table())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def owner(module_database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who may do everything, where every platform can be connected."""
    async with (
        application(module_database, platforms=at_the_sandbox(), trusted_proxies=1) as app,
        client(app) as http,
    ):
        assert (await http.post("/auth/register", json=new_user())).status_code == 201
        yield http


async def test_every_route_that_takes_anything_is_in_the_table() -> None:
    """Or has its reason above; those without input are the rest."""
    taking = {
        operation["operationId"]
        for path, operations in DOCUMENT["paths"].items()
        for operation in operations.values()
        if "requestBody" in operation or "{" in path
    }
    assert taking - UNCHECKED.keys() == {bad.operation for bad in TABLE} & taking
    assert len(TABLE) > 80


@pytest.mark.parametrize(("number", "bad"), list(enumerate(TABLE)), ids=[str(bad) for bad in TABLE])
async def test_what_cannot_be_is_pointed_at(
    owner: httpx2.AsyncClient, number: int, bad: Bad
) -> None:
    """422 `invalid-request`, which the document names, and nothing is done."""
    answer = await owner.request(
        bad.method.upper(),
        bad.path,
        params=bad.query,
        json=bad.body if bad.body is not None else ({} if bad.method != "get" else None),
        headers={"x-forwarded-for": f"198.51.{number // 250}.{number % 250}"},  # nobody's flood
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid-request"), problem
    assert any(each["pointer"].startswith(bad.pointer) for each in problem["errors"]), problem
    assert "\x00" not in answer.text
