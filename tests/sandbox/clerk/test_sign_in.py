"""The page on which a session begins."""

import re

import httpx2
import jwt
import pytest

from tests.sandbox.clerk.receiving import receiving
from tests.sandbox.running import Sandbox

BACK = "http://127.0.0.1:8000/welcome?from=invite"
NEW = {"first_name": "Jane", "last_name": "O'Doe <b>", "email": "Jane@Example.com"}


def _begin(sandbox: Sandbox, form: dict[str, str], back: str = BACK) -> httpx2.Response:
    return sandbox.http.post("/clerk/sign-in", params={"redirect_url": back}, data=form)


def _session(response: httpx2.Response) -> dict[str, object]:
    """The claims of the cookie, once the way back was seen to be right."""
    assert response.status_code == 302, response.text
    assert response.headers["location"] == BACK
    cookie = response.headers["set-cookie"]
    assert re.search(r"; path=/(;|$)", cookie, re.IGNORECASE)
    assert "domain" not in cookie.lower()
    token = cookie.partition(";")[0].removeprefix("__session=")
    return jwt.decode(token, options={"verify_signature": False})


def test_the_page_offers_those_who_are_known_and_a_form(clerk: Sandbox) -> None:
    """Marked as simulated, each field with its label; who was banned is not offered."""
    text = clerk.http.get("/clerk/sign-in", params={"redirect_url": BACK}).text
    assert "Simulated platform" in text
    assert "<title>Sign in to metricx</title>" in text
    assert re.findall(r"<label>([^<]+)<input name=\"(\w+)\"", text) == [
        ("First name", "first_name"),
        ("Last name", "last_name"),
        ("E-mail address", "email"),
    ]
    assert ">Dana Owner <span>dana.owner@example.com</span></button>" in text
    path = "/admin/clerk/users/user_2sbxRobinAnalyst000000000"
    clerk.http.patch(path, json={"banned": True})
    again = clerk.http.get("/clerk/sign-in", params={"redirect_url": BACK}).text
    assert "Robin" in text
    assert "Robin" not in again


def test_somebody_known_comes_back_with_a_session(clerk: Sandbox) -> None:
    """In a cookie of the host, for the origin of the way back."""
    claims = _session(_begin(clerk, {"user_id": "user_2sbxDanaOwner000000000000"}))
    assert claims["sub"] == "user_2sbxDanaOwner000000000000"
    assert claims["azp"] == "http://127.0.0.1:8000"
    assert claims["iss"] == f"{clerk.url}/clerk"


def test_somebody_new_is_told_of_by_a_webhook(clerk: Sandbox) -> None:
    """And need not wait for it."""
    with receiving(lambda url: clerk.order("clerk/endpoint", url=url)) as received:
        claims = _session(_begin(clerk, NEW))
        received.wait_for(1)
    assert str(claims["sub"]).encode() in received.came[0][1]
    text = clerk.http.get("/clerk/sign-in", params={"redirect_url": BACK}).text
    assert ">Jane O&#x27;Doe &lt;b&gt; <span>jane@example.com</span></button>" in text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"user_id": "user_never"},
        {**NEW, "first_name": " "},
        {**NEW, "email": "nonsense"},
        {**NEW, "email": "dana.owner@example.com"},
    ],
)
def test_nobody_else_gets_a_session(clerk: Sandbox, form: dict[str, str]) -> None:
    """A page, 400, and no cookie."""
    response = _begin(clerk, form)
    assert response.status_code == 400
    assert "set-cookie" not in response.headers
    assert "This request cannot be answered" in response.text


@pytest.mark.parametrize("back", ["", "/welcome", "javascript:alert(1)"])
def test_the_way_back_must_be_a_whole_address(clerk: Sandbox, back: str) -> None:
    """400, opened or posted."""
    response = clerk.http.get("/clerk/sign-in", params={"redirect_url": back})
    assert response.status_code == 400
    dana = {"user_id": "user_2sbxDanaOwner000000000000"}
    assert _begin(clerk, dana, back).status_code == 400
