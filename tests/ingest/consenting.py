"""Consent as a browser gives it: platforms at a sandbox, and what a page sends back."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from runtime.at_sandbox import at_sandbox
from runtime.platforms import Platforms, platforms
from runtime.settings import Settings
from tests.sandbox.running import Sandbox

SHOP = "demo-store.myshopify.com"


def at(sandbox: Sandbox) -> Platforms:
    """All platforms, the sandbox in their place."""
    return platforms(at_sandbox(Settings(_env_file=None), sandbox.url))  # pyright: ignore[reportCallIssue]


def decide(sandbox: Sandbox, page: str, decision: str = "approve") -> Mapping[str, str]:
    """A person decides on the page; the parameters with which they are sent back."""
    response = sandbox.http.post(page, data={"decision": decision})
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query, strict_parsing=True))
