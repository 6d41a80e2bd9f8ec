"""The `type` of every problem leads to a page that says what it means and what to do."""

from collections.abc import AsyncIterator, Iterator
from html import unescape
from typing import Any

import httpx2
import pytest

from api.headers import CONTENT_SECURITY_POLICY
from runtime.application import make_app
from runtime.openapi import document
from tests.api.signing_in import PUBLIC_URL, client, key_ring
from web.problems import Problem, kinds

NO_SERVER = "postgresql://nobody@127.0.0.1:1/none"
OURS = {code: kind for code, kind in kinds().items() if kind.__module__.startswith("api.")}


@pytest.fixture
async def visitor() -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who is not signed in; no page needs a database."""
    app = make_app(
        reader_dsn=NO_SERVER,
        control_dsn=NO_SERVER,
        secret_key="x" * 32,
        key_ring=key_ring,
        public_url=PUBLIC_URL,
    )
    async with client(app) as http:
        yield http
    app.state.passwords.close()


def types_in(part: Any) -> Iterator[str]:
    """Every `type` of a problem in a JSON document."""
    if isinstance(part, dict):
        if "trace_id" in part and isinstance(said := part.get("type"), str):
            yield said
        for each in part.values():
            yield from types_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from types_in(each)


@pytest.mark.parametrize("kind", OURS.values(), ids=OURS)
async def test_every_problem_has_its_page(visitor: httpx2.AsyncClient, kind: type[Problem]) -> None:
    """With its title, meaning and remedy, and the headers of all answers."""
    answer = await visitor.get(kind.type)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    text = unescape(answer.text)
    assert f"<h1>{kind.title}</h1>" in text
    assert f"<p>{kind.meaning}</p>" in text
    assert f"<p>{kind.remedy}</p>" in text


@pytest.mark.parametrize("kind", OURS.values(), ids=OURS)
def test_every_problem_speaks_for_itself(kind: type[Problem]) -> None:
    """Nothing is inherited, and all of it is sentences."""
    assert {"status", "code", "title", "meaning", "remedy"} <= vars(kind).keys()
    assert kind.meaning.endswith(".")
    assert kind.remedy.endswith(".")


def test_no_two_problems_share_a_code() -> None:
    """One of them would have no page."""
    declared = [kind for kind in Problem.__subclasses__() if kind.__module__.startswith("api.")]
    named = [kind.code for kind in declared if kind.type == f"/problems/{kind.code}"]
    assert sorted(named) == sorted(OURS)


async def test_every_type_that_openapi_shows_has_a_page(visitor: httpx2.AsyncClient) -> None:
    """A reader of the document can open what it names."""
    shown = set(types_in(document()))
    assert "/problems/not-signed-in" in shown
    for each in shown:
        assert (await visitor.get(each)).status_code == 200, each


async def test_the_list_leads_to_all(visitor: httpx2.AsyncClient) -> None:
    """And is dressed by a stylesheet that the policy allows."""
    listed = await visitor.get("/problems")
    assert all(f'href="{kind.type}"' in listed.text for kind in OURS.values())
    assert "<style" not in listed.text
    style = await visitor.get("/problems/page.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"


async def test_a_code_that_is_none_is_a_problem(visitor: httpx2.AsyncClient) -> None:
    """Whose own type has a page."""
    answer = await visitor.get("/problems/no-such-code")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await visitor.get(answer.json()["type"])).status_code == 200


async def test_what_is_asked_for_is_never_markup(visitor: httpx2.AsyncClient) -> None:
    """The code of the address comes back as JSON only."""
    answer = await visitor.get("/problems/%3Cscript%3E")
    assert answer.headers["content-type"] == "application/problem+json"
