"""Consent pages: who asks whom for what, marked as simulated; and nothing that is unclear."""

import re

import httpx2
import pytest

from tests.sandbox.consents import (
    GOOGLE_ASK,
    GOOGLE_PAGE,
    META_ASK,
    META_DIALOG,
    SHOP,
    SHOPIFY_ASK,
    SHOPIFY_PAGE,
)
from tests.sandbox.running import Sandbox

PAGES = {META_DIALOG: META_ASK, GOOGLE_PAGE: GOOGLE_ASK, SHOPIFY_PAGE: SHOPIFY_ASK}
PERSON = {
    META_DIALOG: "Dana Owner",
    GOOGLE_PAGE: "dana.owner@example.com",
    SHOPIFY_PAGE: f"Dana Owner, who owns {SHOP}",
}

WRONG: tuple[dict[str, str], ...] = (
    {"client_id": "someone-else"},
    {"client_id": ""},
    {"state": ""},
    {"redirect_uri": ""},
    {"redirect_uri": "javascript:alert(1)"},
    {"redirect_uri": "/callback"},
    {"redirect_uri": "https://app.test/callback#part"},
    {"response_type": "token"},
)

each_page = pytest.mark.parametrize("path", PAGES)


def _heading(response: httpx2.Response) -> str:
    titles = re.findall(r"<(?:title|h1)>([^<]+)</", response.text)
    assert len(titles) == 2
    assert titles[0] == titles[1]
    return titles[0]


@each_page
def test_a_page_says_who_asks_whom_for_what(sandbox: Sandbox, path: str) -> None:
    """By name, with two buttons, and marked as simulated."""
    response = sandbox.http.get(path, params=PAGES[path])
    assert response.status_code == 200
    assert _heading(response).startswith("metricx would like to read your ")
    assert '<html lang="en">' in response.text
    assert "Simulated platform" in response.text
    assert PERSON[path] in response.text
    assert re.findall(r'name="decision" value="(\w+)">(\w+)<', response.text) == [
        ("approve", "Approve"),
        ("refuse", "Refuse"),
    ]
    assert "content-security-policy" not in response.headers


@pytest.mark.parametrize(
    ("path", "changed"),
    [(path, wrong) for path in PAGES for wrong in WRONG if wrong.keys() <= PAGES[path].keys()],
)
def test_what_cannot_be_asked_is_a_page_and_never_a_redirect(
    sandbox: Sandbox, path: str, changed: dict[str, str]
) -> None:
    """400, whether it is opened or decided."""
    params = {**PAGES[path], **changed}
    decision = {"decision": "approve"}
    for response in (
        sandbox.http.get(path, params=params),
        sandbox.http.post(path, params=params, data=decision),
    ):
        assert response.status_code == 400
        assert "location" not in response.headers
        assert _heading(response) == "This request cannot be answered"


@each_page
def test_no_decision_is_no_consent(sandbox: Sandbox, path: str) -> None:
    """400 as well."""
    for decision in ({}, {"decision": "maybe"}):
        response = sandbox.http.post(path, params=PAGES[path], data=decision)
        assert response.status_code == 400


@each_page
def test_nothing_of_an_address_becomes_markup(sandbox: Sandbox, path: str) -> None:
    """Shown as text."""
    params = {**PAGES[path], "redirect_uri": "http://<script>alert(1)</script>/"}
    assert "<script" not in sandbox.http.get(path, params=params).text
