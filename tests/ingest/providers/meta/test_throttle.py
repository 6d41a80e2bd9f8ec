"""Usage headers, and the errors that come with a throttle."""

import json

import pytest

from ingest.providers.meta.throttle import Gates, pauses

APP, ACCOUNT = "x-app-usage", "x-ad-account-usage"
INSIGHTS, USE_CASES = "x-fb-ads-insights-throttle", "x-business-use-case-usage"


def use_case(**figures: int) -> dict[str, str]:
    """The header of business use cases for account 1."""
    entry = {"type": "ads_insights", "call_count": 0, "total_cputime": 0, "total_time": 0}
    return {USE_CASES: json.dumps({"1": [entry, entry | figures]})}


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({}, {}),
        ({APP: '{"call_count":84,"total_time":25,"total_cputime":25}'}, {}),
        ({APP: '{"call_count":28,"total_time":85,"total_cputime":25}'}, {"app": 60}),
        ({ACCOUNT: '{"acc_id_util_pct":9.67,"reset_time_duration":100}'}, {}),
        ({ACCOUNT: '{"acc_id_util_pct":85.1,"reset_time_duration":100}'}, {"account": 100}),
        ({INSIGHTS: '{"app_id_util_pct":12.5,"acc_id_util_pct":95}'}, {"account": 60}),
        ({INSIGHTS: '{"app_id_util_pct":99,"acc_id_util_pct":5}'}, {"app": 60}),
        (use_case(call_count=84), {}),
        (use_case(call_count=90), {"account": 60}),
        (use_case(call_count=100, estimated_time_to_regain_access=7), {"account": 420}),
        ({APP: "[] no json"}, {}),
        ({USE_CASES: '{"1":null}'}, {}),
    ],
)  # fmt: skip
def test_an_allowance_that_is_nearly_spent_asks_for_a_pause(
    headers: dict[str, str], asked: dict[str, float]
) -> None:
    """From 85 % on; for as long as the header says, or a minute."""
    assert pauses(headers) == asked


def test_an_account_that_must_wait_does_not_stop_another() -> None:
    """They share the app's gate alone."""
    one = Gates()
    other = Gates(app=one.app)
    one.shut({"account": 60})
    assert one.closed_seconds() > 59
    assert other.closed_seconds() == 0


def test_an_app_that_must_wait_stops_all() -> None:
    """Meta counts the calls of all accounts together."""
    one = Gates()
    other = Gates(app=one.app)
    one.shut({"app": 60})
    assert other.closed_seconds() > 59


def test_a_gate_never_opens_sooner_than_it_was_asked_to() -> None:
    """A later reply with a shorter wait does not cut a longer one off."""
    gates = Gates()
    gates.shut({"account": 60})
    gates.shut({"account": 1})
    assert gates.closed_seconds() > 59
