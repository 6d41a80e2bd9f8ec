"""From a person's consent to Google's tokens, and how those end."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from tests.sandbox.conftest import NOW
from tests.sandbox.consents import (
    GOOGLE_ASK,
    GOOGLE_PAGE,
    REDIRECT,
    decided,
    google_code,
    google_exchange,
    google_tokens,
)
from tests.sandbox.running import Sandbox, running

# RFC 7636, appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = {
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


def _later(**span: int) -> str:
    return (datetime.fromisoformat(NOW) + timedelta(**span)).isoformat()


def _error(response: httpx2.Response) -> tuple[int, str]:
    told = response.json()
    assert told["error_description"]
    return response.status_code, told["error"]


def _refresh(sandbox: Sandbox, token: str) -> httpx2.Response:
    return google_exchange(sandbox, grant_type="refresh_token", refresh_token=token)


def _opens(sandbox: Sandbox, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    path = "/google/v26/customers:listAccessibleCustomers"
    return sandbox.http.get(path, headers=headers).status_code


def test_a_code_becomes_an_access_and_a_refresh_token(sandbox: Sandbox) -> None:
    """Google's five fields; a refresh gives four, and no new refresh token."""
    told = google_tokens(sandbox)
    assert told["access_token"].startswith("ya29.")
    assert told["refresh_token"].startswith("1//0")
    assert (told["expires_in"], told["token_type"]) == (3599, "Bearer")
    assert told["scope"] == GOOGLE_ASK["scope"]
    again = _refresh(sandbox, told["refresh_token"]).json()
    assert again.keys() == {"access_token", "expires_in", "scope", "token_type"}
    assert again["access_token"] != told["access_token"]
    assert [_opens(sandbox, each["access_token"]) for each in (told, again)] == [200, 200]


def test_a_refusal_says_so(sandbox: Sandbox) -> None:
    """One word, and no code."""
    assert decided(sandbox, GOOGLE_PAGE, GOOGLE_ASK, "refuse") == {"error": "access_denied"}


@pytest.mark.parametrize(
    "changed",
    [
        {"scope": "openid email"},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": VERIFIER},
    ],
)
def test_what_google_would_not_ask(sandbox: Sandbox, changed: dict[str, str]) -> None:
    """A consent without ads, or a challenge that is no S256."""
    response = sandbox.http.get(GOOGLE_PAGE, params={**GOOGLE_ASK, **changed})
    assert response.status_code == 400


def test_a_refresh_token_comes_to_those_who_ask_for_it(tmp_path: Path) -> None:
    """Offline, and on the first consent or on one that is asked for anew."""
    with running(tmp_path) as sandbox:
        assert "refresh_token" not in google_tokens(sandbox, access_type="online")
        assert "refresh_token" in google_tokens(sandbox, prompt="")
        assert "refresh_token" not in google_tokens(sandbox, prompt="")
        assert "refresh_token" in google_tokens(sandbox, prompt="select_account consent")


def test_a_code_is_good_once(sandbox: Sandbox) -> None:
    """And a failed exchange uses nothing up."""
    code = google_code(sandbox)
    wrong = google_exchange(sandbox, code=code, redirect_uri=f"{REDIRECT}/")
    assert _error(wrong) == (400, "redirect_uri_mismatch")
    assert google_exchange(sandbox, code=code).status_code == 200
    assert _error(google_exchange(sandbox, code=code)) == (400, "invalid_grant")


def test_a_code_is_good_for_ten_minutes(sandbox: Sandbox) -> None:
    """By the sandbox's clock."""
    code = google_code(sandbox)
    sandbox.order("clock", action="hold", at=_later(minutes=10))
    assert _error(google_exchange(sandbox, code=code)) == (400, "invalid_grant")


def test_a_challenge_demands_its_verifier(sandbox: Sandbox) -> None:
    """The one whose digest it is; and no verifier is taken without a challenge."""
    code = google_code(sandbox, **CHALLENGE)
    for verifier in ({}, {"code_verifier": ""}, {"code_verifier": VERIFIER[::-1]}):
        assert _error(google_exchange(sandbox, code=code, **verifier)) == (400, "invalid_grant")
    assert google_exchange(sandbox, code=code, code_verifier=VERIFIER).status_code == 200
    plain = google_code(sandbox)
    told = google_exchange(sandbox, code=plain, code_verifier=VERIFIER)
    assert _error(told) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"code": "never"}, (400, "invalid_grant")),
        ({"client_id": "someone-else"}, (401, "invalid_client")),
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": "refresh_token"}, (400, "invalid_grant")),
    ],
)
def test_what_cannot_be_exchanged(
    sandbox: Sandbox, form: dict[str, str], error: tuple[int, str]
) -> None:
    """Status and error of each."""
    assert _error(google_exchange(sandbox, **form)) == error


def test_an_access_token_lives_an_hour_less_a_second(sandbox: Sandbox) -> None:
    """Its refresh token lives on."""
    told = google_tokens(sandbox)
    sandbox.order("clock", action="hold", at=_later(seconds=3598))
    assert _opens(sandbox, told["access_token"]) == 200
    sandbox.order("clock", action="hold", at=_later(seconds=3599))
    assert _opens(sandbox, told["access_token"]) == 401
    assert _refresh(sandbox, told["refresh_token"]).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_consent(sandbox: Sandbox, which: str) -> None:
    """Both die, another consent's live, and a second time is an error."""
    other, told = google_tokens(sandbox), google_tokens(sandbox)
    response = sandbox.http.post("/google/revoke", data={"token": told[which]})
    assert (response.status_code, response.json()) == (200, {})
    assert _opens(sandbox, told["access_token"]) == 401
    dead = _refresh(sandbox, told["refresh_token"])
    assert _error(dead) == (400, "invalid_grant")
    assert dead.json()["error_description"] == "Token has been expired or revoked."
    again = sandbox.http.post("/google/revoke", data={"token": told[which]})
    assert _error(again) == (400, "invalid_token")
    assert _opens(sandbox, other["access_token"]) == 200


def test_faults_speak_as_the_token_endpoint_does(sandbox: Sandbox) -> None:
    """A refresh token that is said to be dead, and a server in trouble."""
    refresh = google_tokens(sandbox)["refresh_token"]
    sandbox.order("faults", kind="expired_token", match="/google/token")
    assert _error(_refresh(sandbox, refresh)) == (400, "invalid_grant")
    sandbox.order("faults", kind="error", status=503, match="/google/token")
    assert _refresh(sandbox, refresh).status_code == 503
    assert _refresh(sandbox, refresh).status_code == 200
