"""Tokens that tests let die."""

import pytest

from tests.sandbox.consents import meta_tokens
from tests.sandbox.running import Json, Sandbox


def _states(sandbox: Sandbox) -> dict[str, str]:
    return {each["token"]: each["state"] for each in sandbox.tell("tokens")["tokens"]}


def test_what_was_given_out_is_told(sandbox: Sandbox) -> None:
    """With its times; codes are not among it."""
    short, long = meta_tokens(sandbox)
    told = {each["token"]: each for each in sandbox.tell("tokens")["tokens"]}
    assert told[short] == {
        "provider": "meta",
        "kind": "short_lived",
        "token": short,
        "issued_at": "2026-11-18T19:23:41Z",
        "expires_at": "2026-11-18T20:53:41Z",
        "revoked": False,
        "state": "live",
    }
    assert told[long]["kind"] == "long_lived"


def test_one_token_can_be_let_die(sandbox: Sandbox) -> None:
    """Expired or revoked, as the platform says it; the others live."""
    short, long = meta_tokens(sandbox)
    told = sandbox.order("tokens", provider="meta", action="expire", token=short)
    assert told == {"ended": 1}
    assert sandbox.call("me", access_token=short).json()["error"]["error_subcode"] == 463
    assert sandbox.call("me", access_token=long).status_code == 200
    sandbox.order("tokens", provider="meta", action="revoke", token=long)
    assert sandbox.call("me", access_token=long).json()["error"]["error_subcode"] == 458
    assert (_states(sandbox)[short], _states(sandbox)[long]) == ("expired", "revoked")


def test_all_of_a_provider_can_be_let_die(sandbox: Sandbox) -> None:
    """What comes after lives."""
    before = meta_tokens(sandbox)
    sandbox.order("tokens", provider="meta", action="expire")
    after = meta_tokens(sandbox)
    states = _states(sandbox)
    assert {states[token] for token in before} == {"expired"}
    assert {states[token] for token in after} == {"live"}


@pytest.mark.parametrize(
    "order",
    [
        {"provider": "tiktok", "action": "expire"},
        {"provider": "meta", "action": "bury"},
        {"provider": "meta", "action": "expire", "token": "never"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(sandbox: Sandbox, order: Json) -> None:
    """422, and why."""
    response = sandbox.http.post("/admin/tokens", json=order)
    assert response.status_code == 422
    assert response.json()["error"]
