"""The Google Ads customers that a person reaches, in Google's JSON."""

from typing import Any

import httpx2
import pytest

from tests.sandbox.consents import google_tokens
from tests.sandbox.running import Json, Sandbox

DEFANG, MANAGER, CLIENT = "4200170042", "4200170090", "4200170091"
ACCOUNT = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, "
    "customer.manager, customer.status FROM customer"
)
CLIENTS = (
    "SELECT customer_client.id, customer_client.descriptive_name, customer_client.level, "
    "customer_client.manager FROM customer_client"
)


@pytest.fixture
def token(sandbox: Sandbox) -> str:
    """An access token of a consent."""
    return google_tokens(sandbox)["access_token"]


def _search(
    sandbox: Sandbox,
    token: str,
    customer_id: str,
    query: str,
    login: str | None = None,
    **more: Any,
) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if login:
        headers["login-customer-id"] = login
    path = f"/google/v26/customers/{customer_id}/googleAds:search"
    return sandbox.http.post(path, headers=headers, json={"query": query, **more})


def _error(response: httpx2.Response) -> tuple[int, str, Json]:
    error: Json = response.json()["error"]
    assert error["code"] == response.status_code
    (detail,) = error["details"]
    code = detail["errors"][0]["errorCode"] if "errors" in detail else {"reason": detail["reason"]}
    return error["code"], error["status"], code


def _refused(sandbox: Sandbox, token: str, customer_id: str, query: str) -> Json:
    status, _, code = _error(_search(sandbox, token, customer_id, query))
    assert status == 400
    return code


def test_a_token_finds_its_customers(sandbox: Sandbox, token: str) -> None:
    """Those that the person was invited to; a manager's clients are not among them."""
    path, headers = "customers:listAccessibleCustomers", {"Authorization": f"Bearer {token}"}
    response = sandbox.http.get(f"/google/v26/{path}", headers=headers)
    names = [f"customers/{each}" for each in (DEFANG, "4200170051", MANAGER)]
    assert response.json() == {"resourceNames": names}
    assert response.headers["request-id"]


def test_a_customer_says_what_it_is(sandbox: Sandbox, token: str) -> None:
    """In camel case, its id as a string, its name always there."""
    told = _search(sandbox, token, DEFANG, ACCOUNT).json()
    assert told["results"] == [
        {
            "customer": {
                "resourceName": f"customers/{DEFANG}",
                "id": DEFANG,
                "descriptiveName": "Defang Labs",
                "currencyCode": "USD",
                "timeZone": "America/New_York",
                "manager": False,
                "status": "ENABLED",
            }
        }
    ]
    assert told["fieldMask"].startswith("customer.id,customer.descriptiveName,")


def test_a_manager_lists_its_clients(sandbox: Sandbox, token: str) -> None:
    """Itself at level 0, which is a string; conditions, order and limit are obeyed."""
    rows = _search(sandbox, token, MANAGER, CLIENTS).json()["results"]
    told = [tuple(row["customerClient"][name] for name in ("id", "level")) for row in rows]
    assert told == [(MANAGER, "0"), (CLIENT, "1")]
    only = f"{CLIENTS} WHERE customer_client.manager = FALSE AND customer_client.level <= 1"
    (row,) = _search(sandbox, token, MANAGER, only).json()["results"]
    assert row["customerClient"]["resourceName"] == f"customers/{MANAGER}/customerClients/{CLIENT}"
    last = "ORDER BY customer_client.id DESC LIMIT 1"
    first = f"{CLIENTS} WHERE customer_client.status IN ('ENABLED') {last}"
    (row,) = _search(sandbox, token, MANAGER, first).json()["results"]
    assert row["customerClient"]["id"] == CLIENT
    none = f"{CLIENTS} WHERE customer_client.level > 7"
    assert "results" not in _search(sandbox, token, MANAGER, none).json()


def test_a_client_is_reached_through_its_manager(sandbox: Sandbox, token: str) -> None:
    """With login-customer-id, and not without; a stranger's not at all."""
    assert _search(sandbox, token, CLIENT, ACCOUNT, MANAGER).status_code == 200
    denied = (403, "PERMISSION_DENIED", {"authorizationError": "USER_PERMISSION_DENIED"})
    assert _error(_search(sandbox, token, CLIENT, ACCOUNT)) == denied
    assert _error(_search(sandbox, token, DEFANG, ACCOUNT, MANAGER)) == denied
    assert _error(_search(sandbox, token, "1234567890", ACCOUNT)) == denied


def test_tokens_that_open_nothing(sandbox: Sandbox, token: str) -> None:
    """None and unknown are told by ErrorInfo, expired and revoked by Google Ads itself."""
    for wrong, reason in (("", "CREDENTIALS_MISSING"), ("x", "ACCESS_TOKEN_TYPE_UNSUPPORTED")):
        told = _error(_search(sandbox, wrong, DEFANG, ACCOUNT))
        assert told == (401, "UNAUTHENTICATED", {"reason": reason})
    for action, name in (("expire", "OAUTH_TOKEN_EXPIRED"), ("revoke", "OAUTH_TOKEN_REVOKED")):
        dead = google_tokens(sandbox)["access_token"]
        sandbox.order("tokens", provider="google", action=action, token=dead)
        told = _error(_search(sandbox, dead, DEFANG, ACCOUNT))
        assert told == (401, "UNAUTHENTICATED", {"authenticationError": name})


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT customer.nonsense FROM customer", "UNRECOGNIZED_FIELD"),
        ("SELECT customer.id FROM customer WHERE customer.nonsense = 1", "UNRECOGNIZED_FIELD"),
        ("SELECT campaign.id FROM campaign", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT metrics.clicks FROM customer", "REQUESTED_METRICS_FOR_MANAGER"),
        (
            "SELECT customer_client.id FROM customer_client WHERE customer_client.level < a",
            "BAD_VALUE",
        ),
        ("DELETE FROM customer", "UNEXPECTED_INPUT"),
        ("", "UNEXPECTED_INPUT"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(
    sandbox: Sandbox, token: str, query: str, code: str
) -> None:
    """400 and a queryError."""
    assert _refused(sandbox, token, MANAGER, query) == {"queryError": code}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"pageSize": 10}, "PAGE_SIZE_NOT_SUPPORTED"),
        ({"pageToken": "stale"}, "INVALID_PAGE_TOKEN"),
        ({"limit": 10}, "UNKNOWN"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    sandbox: Sandbox, token: str, more: Json, code: str
) -> None:
    """400 and a requestError."""
    error = _error(_search(sandbox, token, DEFANG, ACCOUNT, **more))
    assert error == (400, "INVALID_ARGUMENT", {"requestError": code})


def test_a_dead_version_says_so(sandbox: Sandbox, token: str) -> None:
    """Unlike Meta's, it is not served."""
    headers = {"Authorization": f"Bearer {token}"}
    response = sandbox.http.get("/google/v21/customers:listAccessibleCustomers", headers=headers)
    assert _error(response)[2] == {"requestError": "UNSUPPORTED_VERSION"}


def test_a_throttle_says_when_to_come_back(sandbox: Sandbox, token: str) -> None:
    """429, the seconds in its details."""
    sandbox.order("faults", kind="throttle", minutes=2, match="/google/v26")
    response = _search(sandbox, token, DEFANG, ACCOUNT)
    assert _error(response) == (429, "RESOURCE_EXHAUSTED", {"quotaError": "RESOURCE_EXHAUSTED"})
    error = response.json()["error"]["details"][0]["errors"][0]
    assert error["details"]["quotaErrorDetails"]["retryDelay"] == "120s"
    sandbox.order("faults", kind="half_page", match="/google/v26")
    with pytest.raises(httpx2.RemoteProtocolError):
        _search(sandbox, token, DEFANG, ACCOUNT)
