"""The people and the keys, as Clerk's API tells a server of them."""

import httpx2
import pytest

from sandbox.token import CLERK_SECRET_KEY
from tests.sandbox.running import Json, Sandbox

SECRET = {"Authorization": f"Bearer {CLERK_SECRET_KEY}"}
JANE = {"first_name": "Jane", "last_name": "Doe"}


def _read(sandbox: Sandbox, path: str, **params: str) -> httpx2.Response:
    return sandbox.http.get(f"/clerk/v1/{path}", params=params, headers=SECRET)


def _error(response: httpx2.Response) -> tuple[int, str]:
    told: Json = response.json()
    assert told["clerk_trace_id"]
    (error,) = told["errors"]
    assert error.keys() == {"code", "message", "long_message", "meta"}
    return response.status_code, error["code"]


def _count(sandbox: Sandbox) -> int:
    return _read(sandbox, "users/count").json()["total_count"]


def test_two_people_are_there_from_the_start(clerk: Sandbox) -> None:
    """The newest first, and by e-mail address in any case."""
    people = _read(clerk, "users", limit="500").json()
    names = [(one["first_name"], one["last_name"]) for one in people]
    assert names[-2:] == [("Robin", "Analyst"), ("Dana", "Owner")]
    (dana,) = _read(clerk, "users", email_address="Dana.Owner@example.com").json()
    assert dana["email_addresses"][0]["email_address"] == "dana.owner@example.com"
    assert dana["primary_email_address_id"] == dana["email_addresses"][0]["id"]
    assert _read(clerk, f"users/{dana['id']}").json() == dana


def test_people_come_change_and_go(clerk: Sandbox) -> None:
    """By order; `updated_at` rises though the clock stands, in milliseconds."""
    before = _count(clerk)
    user = clerk.order("clerk/users", **JANE, email="Jane@Example.com", verified=False)["user"]
    assert user["created_at"] == 1795029821000
    assert user["email_addresses"][0]["verification"]["status"] == "unverified"
    assert _count(clerk) == before + 1
    path = f"/admin/clerk/users/{user['id']}"
    told = clerk.http.patch(path, json={"first_name": "Joan", "banned": True}).json()["user"]
    assert (told["first_name"], told["banned"], told["last_name"]) == ("Joan", True, "Doe")
    assert told["updated_at"] == user["updated_at"] + 1
    assert _read(clerk, f"users/{user['id']}").json() == told
    assert clerk.http.delete(path).json()["deleted"] == user["id"]
    assert _error(_read(clerk, f"users/{user['id']}")) == (404, "resource_not_found")
    assert _count(clerk) == before


def test_pages_of_people_join_up(clerk: Sandbox) -> None:
    """By limit and offset, ten by default."""
    for n in range(12):
        clerk.order("clerk/users", **JANE, email=f"person-{n}@example.com")
    whole = _read(clerk, "users", limit="100").json()
    assert len(whole) == _count(clerk) > 12
    assert _read(clerk, "users").json() == whole[:10]
    assert _read(clerk, "users", limit="5", offset="10").json() == whole[10:15]


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "501"}, {"offset": "-1"}])
def test_a_page_that_makes_no_sense_is_refused(clerk: Sandbox, params: dict[str, str]) -> None:
    """422."""
    assert _error(_read(clerk, "users", **params)) == (422, "form_param_format_invalid")


@pytest.mark.parametrize("path", ["users", "users/count", "users/x", "jwks"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sk_test_wrong"}])
def test_the_secret_key_is_demanded(clerk: Sandbox, path: str, headers: dict[str, str]) -> None:
    """401 on every path, but for the keys that anybody may read."""
    response = clerk.http.get(f"/clerk/v1/{path}", headers=headers)
    assert _error(response) == (401, "authentication_invalid")
    assert clerk.http.get("/clerk/.well-known/jwks.json").status_code == 200


def test_faults_speak_as_clerk_does(clerk: Sandbox) -> None:
    """A throttle has Retry-After; trouble its status."""
    clerk.order("faults", kind="throttle", minutes=1, match="/clerk/v1")
    response = _read(clerk, "users")
    assert _error(response) == (429, "too_many_requests")
    assert response.headers["retry-after"] == "60"
    clerk.order("faults", kind="error", status=503, match="/clerk/v1")
    assert _error(_read(clerk, "users")) == (503, "internal_clerk_error")
    assert _read(clerk, "users").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "order"),
    [
        ("POST", "users", {"first_name": "Jane"}),
        ("POST", "users", {**JANE, "email": "nonsense"}),
        ("POST", "users", {**JANE, "email": "dana.owner@example.com"}),
        ("POST", "users", {**JANE, "email": "j@example.com", "banned": True}),
        ("PATCH", "users/user_never", {"first_name": "Joan"}),
        ("PATCH", "users/user_2sbxDanaOwner000000000000", {}),
        ("PATCH", "users/user_2sbxDanaOwner000000000000", {"age": 7}),
        ("PATCH", "users/user_2sbxDanaOwner000000000000", {"banned": "yes"}),
        ("DELETE", "users/user_never", {}),
        ("POST", "endpoint", {"url": "nowhere"}),
        ("POST", "endpoint", {"url": "http://x.test", "secret": "whsec_%%"}),
        ("POST", "deliver", {"svix_id": "msg_never"}),
        ("POST", "token", {}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    clerk: Sandbox, method: str, path: str, order: Json
) -> None:
    """422, and why; nobody came or went."""
    before = _count(clerk)
    response = clerk.http.request(method, f"/admin/clerk/{path}", json=order)
    assert response.status_code == 422, response.text
    assert response.json()["error"]
    assert _count(clerk) == before
