"""Session tokens: signed, for a minute, by keys that change."""

from datetime import datetime
from pathlib import Path
from typing import Any

import jwt

from tests.sandbox.conftest import NOW
from tests.sandbox.running import Json, Sandbox, running

AT = int(datetime.fromisoformat(NOW).timestamp())


def _token(sandbox: Sandbox, **order: Any) -> str:
    return sandbox.order("clerk/token", **{"user_id": "user_1", **order})["token"]


def _keys(sandbox: Sandbox) -> dict[str, jwt.PyJWK]:
    told = sandbox.http.get("/clerk/.well-known/jwks.json").json()["keys"]
    return {key["kid"]: jwt.PyJWK(key) for key in told}


def _claims(sandbox: Sandbox, token: str) -> Json:
    """What a token says, once its signature was seen to be right."""
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    unchecked: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    return jwt.decode(token, _keys(sandbox)[header["kid"]], ["RS256"], options=unchecked)


def test_a_token_says_who_where_and_for_how_long(clerk: Sandbox) -> None:
    """Clerk's claims of version 2; no audience."""
    claims = _claims(clerk, _token(clerk, azp="https://app.test"))
    assert claims.pop("sid").startswith("sess_2")
    assert claims == {
        "iss": f"{clerk.url}/clerk",
        "sub": "user_1",
        "azp": "https://app.test",
        "iat": AT,
        "nbf": AT - 10,
        "exp": AT + 60,
        "v": 2,
        "sts": "active",
        "fva": [0, -1],
    }


def test_a_token_can_be_ordered_to_be_wrong(clerk: Sandbox) -> None:
    """Expired, pending, of another issuer, of a key that nobody has."""
    order = {"iss": "https://evil.test", "seconds": -120, "sts": "pending"}
    claims = _claims(clerk, _token(clerk, **order))
    assert (claims["iss"], claims["sts"]) == ("https://evil.test", "pending")
    assert (claims["iat"], claims["exp"]) == (AT - 180, AT - 120)
    forged = jwt.get_unverified_header(_token(clerk, kid="ins_never"))
    assert forged["kid"] == "ins_never"
    assert "ins_never" not in _keys(clerk)


def test_a_new_key_signs_and_old_ones_verify_until_dropped(clerk: Sandbox) -> None:
    """The secret route tells the same keys as the public one."""
    old = jwt.get_unverified_header(_token(clerk))["kid"]
    kid = clerk.order("clerk/rotate")["kid"]
    assert jwt.get_unverified_header(_token(clerk))["kid"] == kid
    assert {old, kid} <= _keys(clerk).keys()
    assert _claims(clerk, _token(clerk, kid=old))["sub"] == "user_1"
    newest = clerk.order("clerk/rotate", drop_old=True)["kid"]
    assert _keys(clerk).keys() == {newest}
    assert jwt.get_unverified_header(_token(clerk, kid=old))["kid"] == old


def test_keys_and_people_outlive_a_restart(tmp_path: Path) -> None:
    """A token of before verifies after; a dropped key stays dropped, and who is gone stays gone."""
    jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com"}
    with running(tmp_path) as sandbox:
        user = sandbox.order("clerk/users", **jane)["user"]
        sandbox.order("clerk/rotate", drop_old=True)
        sandbox.order("clerk/rotate")
        token, keys = _token(sandbox), [*_keys(sandbox)]
        sandbox.http.delete("/admin/clerk/users/user_2sbxRobinAnalyst000000000")
    with running(tmp_path) as sandbox:
        assert [*_keys(sandbox)] == keys
        assert len(keys) == 2
        assert _claims(sandbox, token)["sub"] == "user_1"
        again = sandbox.http.patch(f"/admin/clerk/users/{user['id']}", json={"first_name": "Joan"})
        assert again.json()["user"]["last_name"] == "Doe"
        gone = sandbox.http.delete("/admin/clerk/users/user_2sbxRobinAnalyst000000000")
        assert gone.status_code == 422
