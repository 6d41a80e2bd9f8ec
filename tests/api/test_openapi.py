"""The OpenAPI document: whole, and the one that is committed."""

import json
from typing import Any

import pytest

from runtime.openapi import COMMITTED, document, rendered
from web.problems import MEDIA_TYPE

DOCUMENT = document()
BY_KEY = {
    "readDashboard",
    "streamLive",
    "readWorkspace",
    "listMembers",
    "listConnections",
    "readConnection",
    "renameConnection",
    "pauseConnection",
    "resumeConnection",
    "syncConnection",
    "listAdAccounts",
    "connectAdAccounts",
    "disconnect",
}
"""What a scope of API keys allows, written out once more."""
OPERATIONS = [
    pytest.param(operation, id=f"{method} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]


def test_the_committed_document_is_the_applications() -> None:
    """Else the pages' client is of another API: run `python -m runtime.openapi`."""
    assert COMMITTED.read_text(encoding="utf-8") == rendered()


def test_the_document_names_no_machine() -> None:
    """It is the same wherever it is made."""
    assert "localhost" not in COMMITTED.read_text(encoding="utf-8")


def test_operation_ids_are_unique() -> None:
    """They name the functions of every generated client."""
    ids = [operation.values[0]["operationId"] for operation in OPERATIONS]  # type: ignore[index,call-overload]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_route_is_described(operation: dict[str, Any]) -> None:
    """A chosen operationId, a tag, a sentence, and what it answers with an example."""
    assert operation["operationId"].isidentifier()
    assert operation["operationId"][0].islower()
    assert "_" not in operation["operationId"], "chosen, not made from a function's name"
    assert operation["tags"]
    assert operation["description"].endswith(".")
    [code] = [code for code in operation["responses"] if code[0] in "23"]
    if code not in ("204", "303"):
        for content in operation["responses"][code]["content"].values():
            assert content.get("example") or content.get("examples")
            assert content["schema"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_route_names_its_problems(operation: dict[str, Any]) -> None:
    """As RFC 9457, each with its code; probes alone have none."""
    failures = {code: answer for code, answer in operation["responses"].items() if code[0] in "45"}
    if operation["tags"] == ["Operations"]:
        return
    assert failures
    for answer in failures.values():
        content = answer["content"][MEDIA_TYPE]
        assert content["schema"] == {"$ref": "#/components/schemas/ProblemDetails"}
        assert content.get("example") or content["examples"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_routes_behind_a_session_say_so(operation: dict[str, Any]) -> None:
    """What answers 401 without a cookie names the cookie, and API keys where a scope allows it."""
    if "not-signed-in" in json.dumps(operation["responses"]):
        assert operation["security"][0] == {"session": []}
        by_key = operation["operationId"] in BY_KEY
        assert operation["security"][1:] == ([{"key": []}] if by_key else [])


def test_what_the_stream_carries_is_a_component() -> None:
    """The pages check each event against it."""
    answer = DOCUMENT["paths"]["/live"]["get"]["responses"]["200"]
    assert answer["content"]["text/event-stream"]["schema"] == {
        "$ref": "#/components/schemas/LiveEvent"
    }
