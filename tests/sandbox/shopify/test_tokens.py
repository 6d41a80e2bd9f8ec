"""From an owner's consent to Shopify's tokens: signed, rotated, and gone with the app."""

import base64
import re
from datetime import datetime, timedelta

import httpx2
import pytest

from sandbox.shopify.callback import signature
from sandbox.token import SHOPIFY_CLIENT_SECRET
from tests.sandbox.conftest import NOW
from tests.sandbox.consents import (
    REDIRECT,
    SHOP,
    SHOPIFY_ASK,
    SHOPIFY_PAGE,
    STATE,
    decided,
    shopify_code,
    shopify_exchange,
    shopify_tokens,
)
from tests.sandbox.running import Sandbox

QUERY = {"query": "{ shop { name } }"}


def _later(**span: int) -> str:
    return (datetime.fromisoformat(NOW) + timedelta(**span)).isoformat()


def _error(response: httpx2.Response) -> tuple[int, str]:
    told = response.json()
    assert told["error_description"]
    return response.status_code, told["error"]


def _opens(sandbox: Sandbox, token: str, shop: str = SHOP) -> int:
    headers = {"X-Shopify-Access-Token": token}
    path = f"/shopify/{shop}/admin/api/2026-10/graphql.json"
    return sandbox.http.post(path, headers=headers, json=QUERY).status_code


def _refresh(sandbox: Sandbox, token: str) -> httpx2.Response:
    return shopify_exchange(sandbox, grant_type="refresh_token", refresh_token=token)


def test_the_signature_is_shopifys() -> None:
    """A vector that Shopify's libraries agree on."""
    params = {
        "code": "abc",
        "host": "YWRtaW4",
        "shop": SHOP,
        "state": "n1",
        "timestamp": "1700000000",
    }
    right = "27850a079af4de77d633637e40020c2d062f9a425a57c13619b2d8e31fc0e58c"
    assert signature(params, "shpss_test") == right


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_what_comes_back_is_signed(sandbox: Sandbox, decision: str) -> None:
    """With the app's secret, over everything but itself; the host names the shop's admin."""
    # What the client's own address holds is no part of Shopify's.
    told = decided(sandbox, SHOPIFY_PAGE, SHOPIFY_ASK, decision)
    assert told.pop("hmac") == signature({**told, "state": STATE}, SHOPIFY_CLIENT_SECRET)
    assert told["shop"] == SHOP
    assert told["timestamp"] == str(int(datetime.fromisoformat(NOW).timestamp()))
    assert re.fullmatch(r"[A-Za-z0-9]+", told["host"])
    padded = told["host"] + "=" * (-len(told["host"]) % 4)
    assert base64.b64decode(padded) == b"admin.shopify.com/store/demo-store"
    assert ("code" in told) == (decision == "approve")
    assert told.get("error") == (None if decision == "approve" else "access_denied")


@pytest.mark.parametrize("shop", ["demo-store.example.com", "-.myshopify.com", "x.myshopify.com.y"])
def test_a_shop_must_be_called_like_one(sandbox: Sandbox, shop: str) -> None:
    """400 on the page; and no token of a single user is asked for."""
    path = f"/shopify/{shop}/admin/oauth/authorize"
    assert sandbox.http.get(path, params=SHOPIFY_ASK).status_code == 400
    single = {**SHOPIFY_ASK, "grant_options[]": "per-user"}
    assert sandbox.http.get(SHOPIFY_PAGE, params=single).status_code == 400


def test_a_code_becomes_tokens_that_expire_only_if_asked_for(sandbox: Sandbox) -> None:
    """A pair for an hour and 90 days, or one token for ever."""
    told = shopify_tokens(sandbox)
    assert told["access_token"].startswith("shpat_")
    assert told["refresh_token"].startswith("shprt_")
    assert told["scope"] == SHOPIFY_ASK["scope"]
    assert (told["expires_in"], told["refresh_token_expires_in"]) == (3600, 7_776_000)
    single = shopify_exchange(sandbox, code=shopify_code(sandbox)).json()
    assert single.keys() == {"access_token", "scope"}
    sandbox.order("clock", action="hold", at=_later(hours=1))
    opened = [_opens(sandbox, each["access_token"]) for each in (told, single)]
    assert opened == [401, 200]


@pytest.mark.parametrize("wrong", [{"redirect_uri": f"{REDIRECT}/"}, {"shop": "b.myshopify.com"}])
def test_a_code_is_good_once_and_for_its_shop(sandbox: Sandbox, wrong: dict[str, str]) -> None:
    """A failed exchange uses nothing up; after ten minutes it is over as well."""
    code = shopify_code(sandbox)
    assert _error(shopify_exchange(sandbox, code=code, **wrong)) == (400, "invalid_request")
    assert shopify_exchange(sandbox, code=code).status_code == 200
    assert _error(shopify_exchange(sandbox, code=code)) == (400, "invalid_request")
    late = shopify_code(sandbox)
    sandbox.order("clock", action="hold", at=_later(minutes=10))
    assert _error(shopify_exchange(sandbox, code=late)) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "someone-else"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, (400, "invalid_request")),
    ],
)
def test_what_cannot_be_exchanged(
    sandbox: Sandbox, told: dict[str, str], error: tuple[int, str]
) -> None:
    """Status and error of each."""
    assert _error(shopify_exchange(sandbox, **told)) == error


def test_a_refreshed_token_is_good_until_its_replacement_is_used(sandbox: Sandbox) -> None:
    """An answer that was lost costs nothing; and then the old one is over."""
    first = shopify_tokens(sandbox)["refresh_token"]
    lost, second = (_refresh(sandbox, first).json()["refresh_token"] for _ in range(2))
    assert len({first, lost, second}) == 3
    third = _refresh(sandbox, second).json()
    assert _error(_refresh(sandbox, first)) == (400, "invalid_request")
    assert _refresh(sandbox, second).status_code == 200
    assert _opens(sandbox, third["access_token"]) == 200


def test_a_refresh_token_lives_ninety_days(sandbox: Sandbox) -> None:
    """By the sandbox's clock."""
    told = shopify_tokens(sandbox)
    sandbox.order("clock", action="hold", at=_later(days=89))
    assert _refresh(sandbox, told["refresh_token"]).status_code == 200
    sandbox.order("clock", action="hold", at=_later(days=90))
    assert _error(_refresh(sandbox, told["refresh_token"])) == (400, "invalid_request")


def test_an_app_that_is_taken_out_has_no_tokens(sandbox: Sandbox) -> None:
    """All of that shop end; a token opens no other shop."""
    one, two = shopify_tokens(sandbox), shopify_tokens(sandbox)
    assert _opens(sandbox, one["access_token"], "other.myshopify.com") == 401
    path = f"/shopify/{SHOP}/admin/api_permissions/current.json"
    assert sandbox.http.delete(path).status_code == 401
    headers = {"X-Shopify-Access-Token": one["access_token"]}
    assert sandbox.http.delete(path, headers=headers).status_code == 200
    assert [_opens(sandbox, each["access_token"]) for each in (one, two)] == [401, 401]
    assert _error(_refresh(sandbox, two["refresh_token"])) == (400, "invalid_request")
    assert _opens(sandbox, shopify_tokens(sandbox)["access_token"]) == 200
