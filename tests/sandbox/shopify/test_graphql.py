"""What a shop says of itself, in Shopify's JSON."""

import httpx2
import pytest

from tests.sandbox.consents import (
    SHOP,
    SHOPIFY_ASK,
    decided,
    shopify_exchange,
    shopify_tokens,
)
from tests.sandbox.running import Json, Sandbox

QUERY = "query Shop { shop { name myshopifyDomain currencyCode ianaTimezone } }"


def _ask(
    sandbox: Sandbox, token: str, query: str = QUERY, version: str = "2026-10", shop: str = SHOP
) -> httpx2.Response:
    headers = {"X-Shopify-Access-Token": token}
    path = f"/shopify/{shop}/admin/api/{version}/graphql.json"
    return sandbox.http.post(path, headers=headers, json={"query": query})


@pytest.fixture
def token(sandbox: Sandbox) -> str:
    """An access token of a consent."""
    return shopify_tokens(sandbox)["access_token"]


def test_the_demos_shop_is_the_simulated_one(sandbox: Sandbox, token: str) -> None:
    """Name, money and zone of the first ad account; and what the query cost."""
    told = _ask(sandbox, token).json()
    assert told["data"]["shop"] == {
        "name": "Defang Labs",
        "myshopifyDomain": SHOP,
        "currencyCode": "USD",
        "ianaTimezone": "America/New_York",
    }
    assert told["extensions"]["cost"]["throttleStatus"]["maximumAvailable"] == 2000.0


def test_any_proper_name_is_a_shop(sandbox: Sandbox) -> None:
    """Called after its address."""
    shop = "corner-books.myshopify.com"
    told = decided(sandbox, f"/shopify/{shop}/admin/oauth/authorize", SHOPIFY_ASK)
    token = shopify_exchange(sandbox, shop, code=told["code"]).json()["access_token"]
    data = _ask(sandbox, token, shop=shop).json()["data"]
    assert data["shop"]["name"] == "Corner Books"
    assert data["shop"]["myshopifyDomain"] == shop


def test_a_wrong_token_is_told_by_a_text(sandbox: Sandbox) -> None:
    """401, and `errors` is no list."""
    response = _ask(sandbox, "shpat_never")
    assert response.status_code == 401
    assert response.json()["errors"].startswith("[API] Invalid API key or access token")


@pytest.mark.parametrize(
    ("query", "extensions"),
    [
        ("{ shop { nonsense } }", {"code": "undefinedField", "typeName": "Shop"}),
        ("{ orders { id } }", {"code": "undefinedField", "typeName": "QueryRoot"}),
        ("{ shop }", {"code": "selectionMismatch"}),
        ("{ shop { name", {}),
        ("{ }", {}),
        ("", {}),
        ("mutation { x }", {}),
    ],
)
def test_a_query_that_makes_no_sense_is_a_200_with_errors(
    sandbox: Sandbox, token: str, query: str, extensions: Json
) -> None:
    """And without data."""
    response = _ask(sandbox, token, query)
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    assert extensions.items() <= error.get("extensions", {}).items()
    assert "data" not in response.json()


def test_an_old_version_is_answered_by_the_oldest(sandbox: Sandbox, token: str) -> None:
    """As the header says; what is no version is not found."""
    for asked, served in (("2026-10", "2026-10"), ("2024-07", "2026-01"), ("unstable", "unstable")):
        response = _ask(sandbox, token, version=asked)
        assert response.headers["x-shopify-api-version"] == served
    assert _ask(sandbox, token, version="2026-11").status_code == 404


def test_faults_speak_as_shopify_does(sandbox: Sandbox, token: str) -> None:
    """A throttle is a 200; so much is missing that a minute restores it."""
    sandbox.order("faults", kind="throttle", minutes=1, match="/shopify/")
    response = _ask(sandbox, token)
    assert response.status_code == 200
    assert response.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    cost = response.json()["extensions"]["cost"]
    status = cost["throttleStatus"]
    missing = cost["requestedQueryCost"] - status["currentlyAvailable"]
    assert missing / status["restoreRate"] == 60
    sandbox.order("faults", kind="error", status=502, match="/shopify/")
    assert _ask(sandbox, token).status_code == 502
    sandbox.order("faults", kind="expired_token", match="/shopify/")
    assert _ask(sandbox, token).status_code == 401
    assert _ask(sandbox, token).status_code == 200
