"""Faults: for the calls they were ordered for, and no others."""

import time

import httpx2
import pytest

from tests.sandbox.conftest import DEMO
from tests.sandbox.running import Sandbox


@pytest.mark.parametrize("code", [4, 17, 613, 80000, 80004])
def test_a_throttle_is_a_400_with_its_code(sandbox: Sandbox, code: int) -> None:
    """Twice, then never again; never with a Retry-After."""
    sandbox.order("faults", kind="throttle", code=code, times=2)
    for _ in range(2):
        response = sandbox.call("me")
        assert response.status_code == 400
        assert response.json()["error"]["code"] == code
        assert "retry-after" not in response.headers
    assert sandbox.call("me").status_code == 200


@pytest.mark.parametrize(("code", "transient"), [(1, False), (2, True)])
def test_trouble_is_a_500(sandbox: Sandbox, code: int, transient: bool) -> None:
    """Code 2 calls itself transient."""
    sandbox.order("faults", kind="error", code=code)
    response = sandbox.call("me")
    assert response.status_code == 500
    assert response.json()["error"].get("is_transient", False) is transient


def test_an_expired_token_says_when(sandbox: Sandbox) -> None:
    """190/463 and Meta's sentence."""
    sandbox.order("faults", kind="expired_token")
    error = sandbox.call("me").json()["error"]
    assert (error["code"], error["error_subcode"]) == (190, 463)
    assert "Session has expired on" in error["message"]


def test_half_a_page_is_cut_off(sandbox: Sandbox) -> None:
    """The client sees the connection end, not a short page."""
    sandbox.order("faults", kind="half_page")
    with pytest.raises(httpx2.RemoteProtocolError):
        sandbox.call(f"act_{DEMO}/ads", fields="id,name")
    assert len(sandbox.read(f"act_{DEMO}/ads")["data"]) == 25


def test_a_slow_answer_is_the_right_one(sandbox: Sandbox) -> None:
    """Only late."""
    sandbox.order("faults", kind="slow", seconds=1)
    before = time.monotonic()
    assert sandbox.call("me").status_code == 200
    assert time.monotonic() - before >= 1


def test_a_fault_waits_for_the_path_it_was_ordered_for(sandbox: Sandbox) -> None:
    """Campaigns fail, ads do not; what is called off never comes; admin is spared."""
    order = sandbox.order("faults", kind="error", match="/campaigns", times=5)
    assert sandbox.call(f"act_{DEMO}/ads").status_code == 200
    assert sandbox.call(f"act_{DEMO}/campaigns").status_code == 500
    assert [fault["left"] for fault in sandbox.tell("faults")["faults"]] == [4]
    assert sandbox.http.delete(f"/admin/faults/{order['id']}").json() == {"cleared": 1}
    assert sandbox.call(f"act_{DEMO}/campaigns").status_code == 200


@pytest.mark.parametrize(
    "order", [{"kind": "flood"}, {"kind": "slow", "times": 0}, {"kind": "error", "code": "2"}]
)
def test_an_order_that_makes_no_sense_is_refused(
    sandbox: Sandbox, order: dict[str, object]
) -> None:
    """422, and why."""
    response = sandbox.http.post("/admin/faults", json=order)
    assert response.status_code == 422
    assert response.json()["error"]
