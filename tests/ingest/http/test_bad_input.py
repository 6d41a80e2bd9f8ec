"""What each route of connecting refuses, by its problem."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.connections import connect
from accounts.database import transaction
from tests.ingest.connecting import Person, Scene

START, CHOOSE = "/auth/{}/start", "/auth/meta/accounts"

STARTS: list[tuple[str, Any, int, str]] = [
    ("tiktok", {}, 422, "invalid-request"),
    ("META", {}, 422, "invalid-request"),
    ("meta", [], 422, "invalid-request"),
    ("meta", {"connection_id": "1"}, 422, "invalid-request"),
    ("meta", {"connection_id": str(UUID(int=1))}, 404, "not-found"),
    ("meta", {"shop": "demo-store.myshopify.com"}, 422, "invalid-request"),
    ("google", {"shop": "demo-store.myshopify.com"}, 422, "invalid-request"),
    ("shopify", {}, 422, "invalid-request"),
    ("shopify", {"shop": None}, 422, "invalid-request"),
    ("shopify", {"shop": ""}, 422, "invalid-request"),
    ("shopify", {"shop": 1}, 422, "invalid-request"),
    ("shopify", {"shop": "demo-store"}, 422, "invalid-request"),
    ("shopify", {"shop": "demo-store.myshopify.com.evil.example"}, 422, "invalid-request"),
    ("shopify", {"shop": "evil.example/.myshopify.com"}, 422, "invalid-request"),
    ("shopify", {"shop": f"{'a' * 100}.myshopify.com"}, 422, "invalid-request"),
    ("shopify", {"shop": "a\x00b.myshopify.com"}, 422, "invalid-request"),
]
CHOICES: list[tuple[Any, int, str]] = [
    ({}, 422, "invalid-request"),
    ({"consent": "1", "account_ids": ["1"]}, 422, "invalid-request"),
    ({"consent": str(uuid4()), "account_ids": []}, 422, "invalid-request"),
    ({"consent": str(uuid4()), "account_ids": [""]}, 422, "invalid-request"),
    ({"consent": str(uuid4()), "account_ids": ["1"] * 101}, 422, "invalid-request"),
    ({"consent": str(uuid4()), "account_ids": ["1" * 101]}, 422, "invalid-request"),
    ({"consent": str(uuid4()), "account_ids": "1"}, 422, "invalid-request"),
    ({"consent": str(uuid4()), "account_ids": ["1"]}, 404, "not-found"),
]


async def test_what_cannot_be_started_is_named(scene: Scene) -> None:
    """Nothing of it is asked of a platform."""
    somebody = await scene.person()
    for provider, body, status, code in STARTS:
        refused = await somebody.http.post(START.format(provider), json=body)
        assert (refused.status_code, refused.json()["code"]) == (status, code), (provider, body)


async def test_what_cannot_be_chosen_is_named(scene: Scene) -> None:
    """A consent of another kind is none."""
    somebody = await scene.person()
    for body, status, code in CHOICES:
        refused = await somebody.http.post(CHOOSE, json=body)
        assert (refused.status_code, refused.json()["code"]) == (status, code), body
    told = await somebody.consent(scene.sandbox)
    for account_id in ("1", "act_700420170042", "\x00", "700420170042 "):
        body = {"consent": told["consent"], "account_ids": [account_id]}
        refused = await somebody.http.post(CHOOSE, json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "account-not-in-consent")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/auth/meta/accounts", 422, "invalid-request"),
        ("GET", "/auth/meta/accounts?consent=1", 422, "invalid-request"),
        ("GET", f"/auth/tiktok/accounts?consent={uuid4()}", 422, "invalid-request"),
        ("GET", "/auth/tiktok/callback", 422, "invalid-request"),
        ("DELETE", "/connections/1", 422, "invalid-request"),
        ("DELETE", f"/connections/{uuid4()}", 404, "not-found"),
    ],
)
async def test_what_is_no_id_is_named(
    scene: Scene, method: str, path: str, status: int, code: str
) -> None:
    """Before anything is looked up."""
    somebody = await scene.person()
    refused = await somebody.http.request(method, path)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_connection_is_connected_again_at_its_own_platform_and_shop(scene: Scene) -> None:
    """Another platform's is none; of a shop's the shop is known."""
    somebody = await scene.person()
    workspace_id, shop = somebody.workspace_id, "own-store.myshopify.com"
    async with transaction(scene.control, workspace_id=workspace_id) as db:
        connection_id = await connect(
            db, workspace_id, provider="shopify", account_id=shop, label="Own"
        )
    refused = await somebody.http.post(
        "/auth/meta/start", json={"connection_id": str(connection_id)}
    )
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    other = {"connection_id": str(connection_id), "shop": "demo-store.myshopify.com"}
    refused = await somebody.http.post("/auth/shopify/start", json=other)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
    page = await somebody.start("shopify", connection_id=str(connection_id), shop=None)
    assert f"/{shop}/admin/oauth/authorize?" in page


async def test_a_platform_that_is_not_set_up_is_named(scene: Scene) -> None:
    """At each step but the callback, which leads to the page as ever."""
    somebody = await scene.person()
    consent = (await somebody.consent(scene.sandbox))["consent"]
    scene.app.state.linking.providers.clear()
    for method, path, body in (
        ("POST", "/auth/meta/start", {}),
        ("GET", f"/auth/meta/accounts?consent={consent}", None),
        ("POST", CHOOSE, {"consent": consent, "account_ids": ["1"]}),
    ):
        refused = await somebody.http.request(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "provider-not-configured")
    assert (await somebody.back("meta", {"state": "x"}))["problem"] == "consent-expired"


async def test_nobody_who_is_not_signed_in_connects_anything(scene: Scene) -> None:
    """Each route but the callback says so."""
    nobody = Person((await scene.person()).http, {}, uuid4(), uuid4())
    nobody.http.cookies.clear()
    for method, path in (
        ("POST", "/auth/meta/start"),
        ("GET", f"/auth/meta/accounts?consent={uuid4()}"),
        ("POST", CHOOSE),
        ("DELETE", f"/connections/{uuid4()}"),
    ):
        refused = await nobody.http.request(method, path, json={})
        assert (refused.status_code, refused.json()["code"]) == (401, "not-signed-in"), path
