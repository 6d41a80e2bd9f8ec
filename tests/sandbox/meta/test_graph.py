"""Accounts, campaigns, ad sets and ads; paging, access, batches, reports and headers."""

import hmac
import json
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest

from sandbox.token import SANDBOX_TOKEN
from tests.sandbox.conftest import DEMO, KOLKATA, SYDNEY
from tests.sandbox.running import Json, Sandbox, running

ACCOUNT = f"act_{DEMO}"


def _error(response: httpx2.Response) -> tuple[int, int, int | None]:
    error: Json = response.json()["error"]
    return response.status_code, error["code"], error.get("error_subcode")


def test_a_token_finds_its_accounts(sandbox: Sandbox) -> None:
    """With currency, zone and its offset, also where that is a half hour."""
    fields = "id,name,account_status,currency,timezone_name,timezone_offset_hours_utc"
    accounts = sandbox.rows("me/adaccounts", fields=fields)
    assert [account["id"] for account in accounts] == [ACCOUNT, f"act_{KOLKATA}", f"act_{SYDNEY}"]
    assert accounts[0]["timezone_name"] == "America/New_York"
    assert accounts[1]["timezone_offset_hours_utc"] == 5.5
    assert sandbox.read("me", fields="id,name")["id"]


def test_a_node_without_fields_is_only_its_id(sandbox: Sandbox) -> None:
    """Nothing is told that was not asked for."""
    (campaign, *_) = sandbox.rows(f"{ACCOUNT}/campaigns")
    assert campaign.keys() == {"id"}
    assert sandbox.read(campaign["id"]) == campaign


def test_budgets_are_strings_in_minor_units_and_times_lack_a_colon(sandbox: Sandbox) -> None:
    """Campaign budgets on some campaigns, ad set budgets below the others."""
    campaigns = sandbox.rows(f"{ACCOUNT}/campaigns", fields="name,daily_budget,updated_time")
    assert campaigns[0]["daily_budget"] == "92000"
    assert campaigns[0]["updated_time"].endswith(("-0400", "-0500"))
    without = [campaign["id"] for campaign in campaigns if "daily_budget" not in campaign]
    adsets = sandbox.rows(f"{without[0]}/adsets", fields="daily_budget")
    assert all(int(adset["daily_budget"]) > 0 for adset in adsets)


def test_archived_things_show_only_to_those_who_ask(sandbox: Sandbox) -> None:
    """By effective_status, by id, and in insights."""
    shown = {one["name"] for one in sandbox.rows(f"{ACCOUNT}/campaigns", fields="name")}
    asked = sandbox.rows(
        f"{ACCOUNT}/campaigns", fields="name,status", effective_status='["ARCHIVED"]'
    )
    (archived,) = asked
    assert archived["name"] not in shown
    assert sandbox.read(archived["id"], fields="effective_status")["effective_status"] == "ARCHIVED"
    assert sandbox.rows(f"{archived['id']}/insights", fields="spend", date_preset="maximum")


def test_what_lies_below_a_pause_says_so(sandbox: Sandbox) -> None:
    """An ad of a paused campaign is set to run, and does not."""
    (paused,) = sandbox.rows(f"{ACCOUNT}/campaigns", fields="name", effective_status='["PAUSED"]')
    ads = sandbox.rows(f"{paused['id']}/ads", fields="status,effective_status")
    assert {(ad["status"], ad["effective_status"]) for ad in ads} == {("ACTIVE", "CAMPAIGN_PAUSED")}


def test_fields_reach_into_edges_and_parents(sandbox: Sandbox) -> None:
    """A campaign with a page of ad sets, each with its ads; an ad with its campaign's name."""
    (campaign, *_) = sandbox.rows(
        f"{ACCOUNT}/campaigns", fields="name,adsets.limit(2){id,ads{name,campaign{name}}}"
    )
    adsets = campaign["adsets"]
    assert len(adsets["data"]) == 2
    assert "next" in adsets["paging"]
    assert adsets["data"][0]["ads"]["data"][0]["campaign"]["name"] == campaign["name"]


def test_pages_join_up_and_the_last_has_no_next(sandbox: Sandbox) -> None:
    """By cursor, forwards by `next`, and back again by `previous`."""
    params = {"fields": "id", "limit": "9"}
    ids = [ad["id"] for ad in sandbox.rows(f"{ACCOUNT}/ads", **params)]
    assert len(ids) == len(set(ids)) > 40
    page, linked, back = sandbox.read(f"{ACCOUNT}/ads", **params), list[str](), list[str]()
    while True:
        linked += [ad["id"] for ad in page["data"]]
        assert page["paging"]["cursors"]["after"]
        if "next" not in page["paging"]:
            break
        page = sandbox.http.get(page["paging"]["next"]).json()
    assert linked == ids
    while True:
        back = [ad["id"] for ad in page["data"]] + back
        if "previous" not in page["paging"]:
            break
        page = sandbox.http.get(page["paging"]["previous"]).json()
    assert back == ids


def test_an_empty_edge_has_no_paging(sandbox: Sandbox) -> None:
    """Only an empty list."""
    assert sandbox.read(f"{ACCOUNT}/ads", effective_status='["DELETED"]') == {"data": []}


def test_only_what_changed_since(sandbox: Sandbox) -> None:
    """`updated_since` and a filter on updated_time agree."""
    since = 1_788_000_000
    by_param = sandbox.rows(f"{ACCOUNT}/ads", updated_since=str(since), limit="100")
    told = [{"field": "ad.updated_time", "operator": "GREATER_THAN", "value": since - 1}]
    by_filter = sandbox.rows(f"{ACCOUNT}/ads", filtering=json.dumps(told), limit="100")
    assert by_param == by_filter
    assert 0 < len(by_param) < len(sandbox.rows(f"{ACCOUNT}/ads", limit="100"))


@pytest.mark.parametrize(
    ("path", "params", "error"),
    [
        ("me", {"access_token": ""}, (400, 2500, None)),
        ("me", {"access_token": "wrong"}, (400, 190, None)),
        (f"{ACCOUNT}/campaigns", {"fields": "id,nonsense"}, (400, 100, None)),
        (f"{ACCOUNT}/nonsense", {}, (400, 100, None)),
        ("act_1/campaigns", {}, (400, 100, 33)),
        ("12345", {}, (400, 100, 33)),
        (f"{ACCOUNT}/ads", {"after": "!!"}, (400, 100, None)),
        (f"{ACCOUNT}/ads", {"fields": "id,adset{"}, (400, 2500, None)),
        ("a/b/c", {}, (400, 2500, None)),
    ],
)
def test_errors_have_metas_codes(
    sandbox: Sandbox, path: str, params: dict[str, str], error: tuple[int, int, int | None]
) -> None:
    """Status, code and subcode."""
    assert _error(sandbox.call(path, **params)) == error


def test_a_bearer_token_and_any_version_will_do(sandbox: Sandbox) -> None:
    """An expired version is answered by the oldest usable one."""
    headers = {"Authorization": f"Bearer {SANDBOX_TOKEN}"}
    for asked, served in (("/v26.0", "v26.0"), ("/v19.0", "v25.0"), ("", "v26.0")):
        response = sandbox.http.get(f"/meta{asked}/me", headers=headers)
        assert response.status_code == 200
        assert response.headers["facebook-api-version"] == served


def test_each_answer_says_how_much_was_used(sandbox: Sandbox) -> None:
    """Four headers of JSON, on errors too; a throttle says 100 % and for how long."""
    names = (
        "x-app-usage",
        "x-business-use-case-usage",
        "x-ad-account-usage",
        "x-fb-ads-insights-throttle",
    )
    for path in ("me", "nonsense"):
        headers = sandbox.call(path).headers
        assert all(isinstance(json.loads(headers[name]), dict) for name in names)
    sandbox.order("faults", kind="throttle", code=80000, minutes=7)
    usage = json.loads(sandbox.call("me").headers["x-business-use-case-usage"])
    assert usage[DEMO][0]["call_count"] == 100
    assert usage[DEMO][0]["estimated_time_to_regain_access"] == 7


def test_a_batch_answers_each_call_by_itself(sandbox: Sandbox) -> None:
    """One good, one bad, one a post."""
    batch = [
        {"method": "GET", "relative_url": f"v26.0/{ACCOUNT}/campaigns?limit=2&fields=id"},
        {"method": "GET", "relative_url": "12345"},
        {"method": "POST", "relative_url": f"{ACCOUNT}/insights", "body": "level=ad&fields=spend"},
    ]
    form = {"access_token": SANDBOX_TOKEN, "batch": json.dumps(batch)}
    answers = sandbox.http.post("/meta/v26.0/", data=form).json()
    assert [answer["code"] for answer in answers] == [200, 400, 200]
    assert len(json.loads(answers[0]["body"])["data"]) == 2
    assert json.loads(answers[1]["body"])["error"]["error_subcode"] == 33
    assert {"name", "value"} == answers[0]["headers"][0].keys()


def test_a_report_takes_polls_and_ends_in_the_rows_of_the_call(sandbox: Sandbox) -> None:
    """Not before it is completed; then page by page what the plain call says."""
    params = {"level": "ad", "fields": "ad_id,spend", "date_preset": "yesterday"}
    form = {"access_token": SANDBOX_TOKEN, **params}
    posted = sandbox.http.post(f"/meta/v26.0/{ACCOUNT}/insights", data=form).json()
    report = posted["report_run_id"]
    assert sandbox.call(f"{report}/insights").status_code == 400
    seen = list[str]()
    while not seen or seen[-1] != "Job Completed":
        told = sandbox.read(report)
        seen.append(told["async_status"])
        assert told["is_running"] == (told["async_percent_completion"] < 100)
    assert len(seen) > 2
    rows = sandbox.rows(f"{report}/insights", limit="10")
    assert rows == sandbox.rows(f"{ACCOUNT}/insights", **params, limit="50")


def test_a_token_can_be_inspected(sandbox: Sandbox) -> None:
    """Valid with its scopes, or not with an error."""
    good = sandbox.read("debug_token", input_token=SANDBOX_TOKEN)["data"]
    assert good["is_valid"]
    assert "ads_read" in good["scopes"]
    assert not sandbox.read("debug_token", input_token="other")["data"]["is_valid"]


def test_an_app_secret_demands_its_proof(tmp_path: Path) -> None:
    """Right: answered; wrong or missing: refused."""
    with running(tmp_path, "--app-secret", "s3cret") as sandbox:
        proof = hmac.new(b"s3cret", SANDBOX_TOKEN.encode(), sha256).hexdigest()
        assert sandbox.call("me", appsecret_proof=proof).status_code == 200
        assert _error(sandbox.call("me", appsecret_proof="0" * 64)) == (400, 100, None)
        assert _error(sandbox.call("me")) == (400, 100, None)
