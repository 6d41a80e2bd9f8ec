"""From a person's consent to Meta's tokens, and how those end."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from sandbox.token import DEAD_TOKEN, META_APP_ID, META_APP_SECRET, SANDBOX_TOKEN
from tests.sandbox.conftest import DEMO, NOW
from tests.sandbox.consents import (
    META_ASK,
    META_DIALOG,
    META_SECRETS,
    REDIRECT,
    decided,
    meta_code,
    meta_exchange,
    meta_tokens,
)
from tests.sandbox.running import Json, Sandbox, running

APP_TOKEN = f"{META_APP_ID}|{META_APP_SECRET}"


def _later(**span: int) -> str:
    return (datetime.fromisoformat(NOW) + timedelta(**span)).isoformat()


def _error(response: httpx2.Response) -> tuple[int, int, int | None]:
    error: Json = response.json()["error"]
    return response.status_code, error["code"], error.get("error_subcode")


def test_a_code_becomes_a_token_for_an_hour_and_a_half_and_that_one_for_sixty_days(
    sandbox: Sandbox,
) -> None:
    """Both read what the sandbox's own token reads; a long one makes a longer one."""
    told = meta_exchange(sandbox, code=meta_code(sandbox), redirect_uri=REDIRECT).json()
    assert told.keys() == {"access_token", "token_type", "expires_in"}
    assert told["access_token"].startswith("EAAB")
    assert told["expires_in"] == 5400
    token = told["access_token"]
    for _ in range(2):
        told = meta_exchange(
            sandbox, grant_type="fb_exchange_token", fb_exchange_token=token
        ).json()
        assert told["expires_in"] == 60 * 86_400
        assert told["access_token"] != token
        token = told["access_token"]
    fields = {"fields": "id,name,account_status,currency,timezone_name"}
    assert sandbox.rows("me/adaccounts", access_token=token, **fields) == sandbox.rows(
        "me/adaccounts", **fields
    )


def test_a_token_exchange_may_be_a_form(sandbox: Sandbox) -> None:
    """So that no secret lies in an address."""
    form = {**META_SECRETS, "code": meta_code(sandbox), "redirect_uri": REDIRECT}
    response = sandbox.http.post("/meta/v26.0/oauth/access_token", data=form)
    assert response.json()["token_type"] == "bearer"


def test_a_refusal_says_so(sandbox: Sandbox) -> None:
    """In Meta's words, and without a code."""
    assert decided(sandbox, META_DIALOG, META_ASK, "refuse") == {
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
    }


def test_a_code_is_good_once(sandbox: Sandbox) -> None:
    """A second exchange is 100/36009; a failed one uses nothing up."""
    code = meta_code(sandbox)
    other = meta_exchange(sandbox, code=code, redirect_uri=f"{REDIRECT}&x=1")
    assert _error(other) == (400, 100, 36008)
    wrong = meta_exchange(sandbox, code=code, redirect_uri=REDIRECT, client_secret="wrong")
    assert _error(wrong) == (400, 1, None)
    assert meta_exchange(sandbox, code=code, redirect_uri=REDIRECT).status_code == 200
    assert _error(meta_exchange(sandbox, code=code, redirect_uri=REDIRECT)) == (400, 100, 36009)


def test_a_code_is_good_for_ten_minutes(sandbox: Sandbox) -> None:
    """By the sandbox's clock."""
    code = meta_code(sandbox)
    sandbox.order("clock", action="hold", at=_later(minutes=10))
    assert _error(meta_exchange(sandbox, code=code, redirect_uri=REDIRECT)) == (400, 100, 36007)
    sandbox.order("clock", action="hold", at=_later(minutes=9, seconds=59))
    assert meta_exchange(sandbox, code=code, redirect_uri=REDIRECT).status_code == 200


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"code": "never", "redirect_uri": REDIRECT}, (400, 100, None)),
        ({"client_id": "1"}, (400, 101, None)),
        ({"grant_type": "password"}, (400, 100, None)),
        ({"grant_type": "fb_exchange_token", "fb_exchange_token": "never"}, (400, 190, None)),
        ({"grant_type": "fb_exchange_token", "fb_exchange_token": DEAD_TOKEN}, (400, 190, 463)),
    ],
)
def test_what_cannot_be_exchanged(
    sandbox: Sandbox, params: dict[str, str], error: tuple[int, int, int | None]
) -> None:
    """Errors of the Graph API, as everywhere."""
    assert _error(meta_exchange(sandbox, **params)) == error


def test_a_token_expires_with_the_clock(sandbox: Sandbox) -> None:
    """The short one after 90 minutes, the long one after 60 days; neither can be exchanged then."""
    short, long = meta_tokens(sandbox)
    sandbox.order("clock", action="hold", at=_later(minutes=90))
    assert _error(sandbox.call("me", access_token=short)) == (400, 190, 463)
    assert sandbox.call("me", access_token=long).status_code == 200
    sandbox.order("clock", action="hold", at=_later(days=60))
    assert _error(sandbox.call("me", access_token=long)) == (400, 190, 463)
    again = meta_exchange(sandbox, grant_type="fb_exchange_token", fb_exchange_token=long)
    assert _error(again) == (400, 190, 463)


def test_a_dead_token_says_that_its_session_has_expired(sandbox: Sandbox) -> None:
    """190/463 on every path."""
    for path in ("me", "me/adaccounts", f"act_{DEMO}/campaigns"):
        response = sandbox.call(path, access_token=DEAD_TOKEN)
        assert _error(response) == (400, 190, 463)
        assert "Session has expired on Wednesday, 18-Nov-26" in response.json()["error"]["message"]


def test_permissions_are_those_that_were_granted(sandbox: Sandbox) -> None:
    """What does not exist is not; the profile always is."""
    _, long = meta_tokens(sandbox)
    told = sandbox.read("me/permissions", access_token=long)["data"]
    assert {each["permission"]: each["status"] for each in told} == {
        "ads_read": "granted",
        "business_management": "granted",
        "public_profile": "granted",
    }


def test_who_did_not_grant_ads_cannot_read_any(sandbox: Sandbox) -> None:
    """200 as HTTP 403; the person is still known."""
    short, _ = meta_tokens(sandbox, scope="email")
    assert sandbox.read("me", access_token=short)["name"] == "Dana Owner"
    assert _error(sandbox.call("me/adaccounts", access_token=short)) == (403, 200, None)


def test_taking_permissions_back_ends_the_personsmeta_tokens(sandbox: Sandbox) -> None:
    """190/458 for all of them, and one given out after is good; the sandbox's own stays."""
    short, long = meta_tokens(sandbox)
    response = sandbox.http.delete("/meta/v26.0/me/permissions", params={"access_token": long})
    assert response.json() == {"success": True}
    for token in (short, long):
        assert _error(sandbox.call("me", access_token=token)) == (400, 190, 458)
    assert sandbox.call("me").status_code == 200
    short, _ = meta_tokens(sandbox)
    assert sandbox.call("me", access_token=short).status_code == 200


def test_the_app_can_inspect_any_token(sandbox: Sandbox) -> None:
    """Valid with its times and scopes; expired with why; and the app's token opens nothing else."""
    _, long = meta_tokens(sandbox)
    told = sandbox.read("debug_token", input_token=long, access_token=APP_TOKEN)["data"]
    now = int(datetime.fromisoformat(NOW).timestamp())
    assert told["is_valid"]
    assert told["app_id"] == META_APP_ID
    assert told["issued_at"] == now
    assert told["expires_at"] == now + 60 * 86_400
    assert told["data_access_expires_at"] == now + 90 * 86_400
    assert "ads_read" in told["scopes"]
    dead = sandbox.read("debug_token", input_token=DEAD_TOKEN, access_token=APP_TOKEN)["data"]
    assert not dead["is_valid"]
    assert dead["error"]["subcode"] == 463
    assert _error(sandbox.call("me", access_token=APP_TOKEN)) == (400, 2500, None)


def test_a_proof_that_is_sent_must_be_right(sandbox: Sandbox) -> None:
    """Made with the app's secret; none is demanded."""
    _, long = meta_tokens(sandbox)
    for token in (SANDBOX_TOKEN, long):
        proof = hmac.new(META_APP_SECRET.encode(), token.encode(), sha256).hexdigest()
        right = sandbox.call("me", access_token=token, appsecret_proof=proof)
        wrong = sandbox.call("me", access_token=token, appsecret_proof=proof[::-1])
        assert right.status_code == 200
        assert _error(wrong) == (400, 100, None)


def test_codes_and_tokens_outlive_a_restart(tmp_path: Path) -> None:
    """A token of before opens, one that was taken back does not, and a code is used once."""
    with running(tmp_path) as sandbox:
        _, ended = meta_tokens(sandbox)
        sandbox.http.delete("/meta/v26.0/me/permissions", params={"access_token": ended})
        (_, long), used, code = meta_tokens(sandbox), meta_code(sandbox), meta_code(sandbox)
        meta_exchange(sandbox, code=used, redirect_uri=REDIRECT)
    with running(tmp_path) as sandbox:
        assert sandbox.call("me", access_token=long).status_code == 200
        assert _error(sandbox.call("me", access_token=ended)) == (400, 190, 458)
        assert _error(meta_exchange(sandbox, code=used, redirect_uri=REDIRECT)) == (400, 100, 36009)
        assert meta_exchange(sandbox, code=code, redirect_uri=REDIRECT).status_code == 200


@pytest.fixture
def sdk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Facebook's SDK with a token of a consent and the app's secret."""
    monkeypatch.setattr(FacebookSession, "GRAPH", f"{sandbox.url}/meta")
    _, long = meta_tokens(sandbox)
    api: Any = FacebookAdsApi.init(META_APP_ID, META_APP_SECRET, long, crash_log=False)
    yield api
    FacebookAdsApi.set_default_api(None)


def test_facebooks_sdk_reads_with_such_a_token(sdk: Any) -> None:
    """And with the proof that it makes."""
    user: Any = User("me", api=sdk)
    (first, *_) = user.get_ad_accounts(fields=["id", "name", "account_status"])
    assert (first["id"], first["account_status"]) == (f"act_{DEMO}", 1)
