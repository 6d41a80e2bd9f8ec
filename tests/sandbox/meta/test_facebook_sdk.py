"""Facebook's own SDK reads the sandbox unchanged; only its base URL is another."""
# pyright: reportUnknownParameterType=none, reportAttributeAccessIssue=none

from collections.abc import Iterator
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from sandbox.token import SANDBOX_TOKEN
from tests.sandbox.conftest import DEMO
from tests.sandbox.running import HOURLY, Sandbox
from tests.sandbox.truth import micros, told_truth

DAY = {"since": "2026-11-17", "until": "2026-11-17"}


@pytest.fixture
def api(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The SDK's client, aimed at the sandbox, without its crash reports."""
    monkeypatch.setattr(FacebookSession, "GRAPH", f"{sandbox.url}/meta")
    api = FacebookAdsApi.init(access_token=SANDBOX_TOKEN, crash_log=False)
    yield api
    FacebookAdsApi.set_default_api(None)


def test_it_reads_accounts(api: Any) -> None:
    """By way of the user."""
    user: Any = User("me", api=api)
    accounts = list(user.get_ad_accounts(fields=["id", "name", "currency"]))
    assert accounts[0]["id"] == f"act_{DEMO}"
    assert accounts[0]["currency"] == "USD"


def test_it_reads_campaigns_over_pages(api: Any) -> None:
    """And counts them by the summary that it asks for."""
    account: Any = AdAccount(f"act_{DEMO}", api=api)
    cursor = account.get_campaigns(fields=["name"], params={"limit": 4})
    campaigns = list(cursor)
    assert len(campaigns) == cursor.total() > 6
    assert len({campaign["id"] for campaign in campaigns}) == len(campaigns)


@pytest.mark.parametrize("breakdowns", [[], [HOURLY]])
def test_its_insights_are_the_truth(api: Any, sandbox: Sandbox, breakdowns: list[str]) -> None:
    """Spend of each ad, by the day and by the hour."""
    params = {"level": "ad", "time_range": DAY, "time_increment": 1, "limit": 100}
    account: Any = AdAccount(f"act_{DEMO}", api=api)
    fields, params = ["ad_id", "spend"], {**params, "breakdowns": breakdowns}
    rows = account.get_insights(fields=fields, params=params)
    spent = dict[str, int]()
    for row in rows:
        spent[row["ad_id"]] = spent.get(row["ad_id"], 0) + micros(row["spend"])
    truth = told_truth(sandbox, DEMO, "2026-11-17", "ad")
    assert spent == {ad_id: row["day"][0] for ad_id, row in truth.items()}


def test_it_waits_for_a_report(api: Any) -> None:
    """Created, polled and read by its own objects."""
    account: Any = AdAccount(f"act_{DEMO}", api=api)
    run = account.get_insights(fields=["spend"], params={"date_preset": "yesterday"}, is_async=True)
    polls = 0
    while run.api_get()["async_status"] != "Job Completed":
        polls += 1
    assert polls > 0
    assert micros(next(iter(run.get_result()))["spend"]) > 0


def test_it_batches(api: Any) -> None:
    """Each answer reaches its own callback."""
    answers = list[Any]()
    batch = api.new_batch()
    for edge in ("campaigns", "adsets"):
        batch.add("GET", (f"act_{DEMO}", edge), params={"limit": 2}, success=answers.append)
    batch.execute()
    assert [len(answer.json()["data"]) for answer in answers] == [2, 2]


def test_it_understands_errors(api: Any, sandbox: Sandbox) -> None:
    """Code and subcode of a throttle."""
    sandbox.order("faults", kind="throttle", code=17)
    with pytest.raises(FacebookRequestError) as refused:
        AdAccount(f"act_{DEMO}", api=api).get_campaigns()
    assert refused.value.api_error_code() == 17
    assert refused.value.api_error_subcode() == 2446079
