"""The client against scripted answers: which error is which, and what is done about it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from ingest.providers.errors import (
    ProviderError,
    Rejected,
    Throttled,
    TokenDead,
    TooMuchData,
    Transient,
    Unreadable,
)
from ingest.providers.meta.client import ATTEMPTS, GraphClient, appsecret_proof
from ingest.providers.meta.insights import InsightsRow
from ingest.providers.meta.throttle import Gates

TOKEN = "EAAB-secret"
Answer = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come at once."""
    monkeypatch.setattr("ingest.providers.meta.client._pause_seconds", lambda _attempt: 0.0)


class Script:
    """Answers in turn, the last one for ever; keeps what was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """The next answer, made anew."""
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def query(self, number: int) -> dict[str, str]:
        """The parameters of one request."""
        query = parse_qs(urlsplit(str(self.asked[number].url)).query)
        return {name: values[0] for name, values in query.items()}


def error(
    code: int, subcode: int | None = None, status: int = 400, message: str = ""
) -> httpx2.Response:
    """An answer that says no."""
    body = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}
    return httpx2.Response(status, json={"error": body})


def page(*ads: str, after: str | None = None) -> httpx2.Response:
    """A page of rows; the last one has a cursor too."""
    row = {"date_start": "2026-11-18", "date_stop": "2026-11-18"}
    paging: dict[str, object] = {"cursors": {"before": "b", "after": after or "end"}}
    if after:
        paging["next"] = f"https://graph.facebook.com/v26.0/next?access_token={TOKEN}"
    return httpx2.Response(
        200, json={"data": [{**row, "ad_id": ad} for ad in ads], "paging": paging}
    )


def graph(script: Script, app_secret: str | None = None) -> GraphClient:
    """A client whose requests the script answers."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(script))
    return GraphClient(
        http,
        "https://graph.facebook.com/v26.0",
        TOKEN,
        app_secret=app_secret,
        gates=Gates(),
    )


async def ads(pages: AsyncIterator[list[InsightsRow]]) -> list[str]:
    """The ads of all pages."""
    return [row.ad async for rows in pages for row in rows]


async def test_a_throttle_is_not_retried_before_its_time() -> None:
    """One request was made; the piece of work comes back later."""
    script = Script(error(17, 2446079))
    with pytest.raises(Throttled) as caught:
        await graph(script).get("act_1", {}, dict)
    assert caught.value.retry_after_seconds == 60
    assert len(script.asked) == 1


async def test_a_throttle_says_how_long_by_its_headers() -> None:
    """Meta sends no Retry-After."""
    refused = error(80000, 2446079)
    usage = {"1": [{"call_count": 100, "estimated_time_to_regain_access": 7}]}
    refused.headers["x-business-use-case-usage"] = json.dumps(usage)
    with pytest.raises(Throttled) as caught:
        await graph(Script(refused)).get("act_1", {}, dict)
    assert caught.value.retry_after_seconds == 420


async def test_after_a_throttle_nothing_is_sent_until_the_gate_opens() -> None:
    """Calls while throttled make a throttle longer."""
    script = Script(error(17))
    asked = graph(script)
    for _ in range(3):
        with pytest.raises(Throttled):
            await asked.get("act_1", {}, dict)
    assert len(script.asked) == 1


async def test_nearly_spent_an_allowance_stops_the_next_request() -> None:
    """At 85 %, though the answer itself was good."""
    full = httpx2.Response(200, json={}, headers={"x-app-usage": '{"call_count":86}'})
    script = Script(full)
    asked = graph(script)
    await asked.get("act_1", {}, dict)
    with pytest.raises(Throttled):
        await asked.get("act_1", {}, dict)
    assert len(script.asked) == 1


async def test_a_short_pause_is_waited_out() -> None:
    """Giving the piece back for a second would read its pages anew."""
    usage = '{"acc_id_util_pct":99,"reset_time_duration":0.05}'
    full = httpx2.Response(200, json={}, headers={"x-ad-account-usage": usage})
    script = Script(full, httpx2.Response(200, json={}))
    asked = graph(script)
    await asked.get("act_1", {}, dict)
    await asked.get("act_1", {}, dict)
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    "fault",
    [
        error(2, status=503),
        error(1, status=500),
        httpx2.Response(502, text="<html>Bad gateway</html>"),
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("half a page"),
    ],
)
async def test_a_passing_fault_is_retried(fault: httpx2.Response | Exception) -> None:
    """Three times at most; here the third try goes well."""
    script = Script(fault, fault, page("122"))
    assert await ads(graph(script).pages("act_1/insights", {}, InsightsRow, 500)) == ["122"]
    assert len(script.asked) == 3


async def test_a_lasting_fault_ends_the_read() -> None:
    """Four requests, then the piece of work is put back."""
    script = Script(error(2, status=503))
    with pytest.raises(Transient):
        await graph(script).get("act_1", {}, dict)
    assert len(script.asked) == ATTEMPTS


@pytest.mark.parametrize(("code", "kind"), [(190, TokenDead), (100, Rejected)])
async def test_what_repeating_cannot_mend_is_not_repeated(
    code: int, kind: type[ProviderError]
) -> None:
    """A wrong request counts against the allowance, too."""
    script = Script(error(code))
    with pytest.raises(kind):
        await graph(script).get("act_1", {}, dict)
    assert len(script.asked) == 1


async def test_an_error_may_come_with_http_200() -> None:
    """As it does in batches."""
    with pytest.raises(TokenDead):
        await graph(Script(error(190, 463, status=200))).get("act_1", {}, dict)


async def test_an_error_is_known_however_it_is_written() -> None:
    """Its white space is not the platform's promise."""
    written = httpx2.Response(200, content=b'{\n  "error" : {"code": 190}\n}')
    with pytest.raises(TokenDead):
        await graph(Script(written)).get("act_1", {}, dict)


async def test_an_answer_that_never_ends_is_given_up() -> None:
    """A byte now and then meets every limit between two bytes, and would hold its piece."""
    asked = 0

    async def dribbling(_request: httpx2.Request) -> httpx2.Response:
        nonlocal asked
        asked += 1
        await asyncio.sleep(5)
        return httpx2.Response(200, json={})

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(dribbling))
    client = GraphClient(
        http, "https://x", TOKEN, app_secret=None, gates=Gates(), request_seconds=0.02
    )
    with pytest.raises(Transient, match="no whole answer"):
        await client.get("act_1", {}, dict)
    assert asked == ATTEMPTS


@pytest.mark.parametrize("content", [b"", b"[]", b'{"data":[{"date_start":"18 Nov"}]}', b'{"data"'])
async def test_an_answer_of_another_shape_ends_the_read(content: bytes) -> None:
    """Nothing is guessed."""
    script = Script(httpx2.Response(200, content=content))
    with pytest.raises(Unreadable):
        await ads(graph(script).pages("act_1/insights", {}, InsightsRow, 500))


async def test_pages_are_followed_by_cursor_until_there_is_no_next() -> None:
    """A page can be empty and not the last; the last has a cursor too."""
    script = Script(page("1", after="A"), page(after="B"), page("2"))
    assert await ads(graph(script).pages("act_1/insights", {}, InsightsRow, 500)) == ["1", "2"]
    assert [script.query(n).get("after") for n in range(3)] == [None, "A", "B"]


async def test_a_cursor_that_leads_to_its_own_page_ends_the_read() -> None:
    """Else it would never end."""
    with pytest.raises(Unreadable):
        await ads(graph(Script(page("1", after="A"))).pages("x", {}, InsightsRow, 500))


async def test_too_much_data_makes_pages_smaller() -> None:
    """From the same cursor on, and the rest stays small."""
    script = Script(page("1", after="A"), error(1, 99, 500), page("2", after="B"), page("3"))
    assert await ads(graph(script).pages("x", {}, InsightsRow, 400)) == ["1", "2", "3"]
    assert [script.query(n)["limit"] for n in range(4)] == ["400", "400", "100", "100"]
    assert script.query(2)["after"] == "A"


async def test_the_smallest_page_that_is_too_much_ends_the_pages() -> None:
    """The reader then halves the days."""
    script = Script(error(1, 99, 500))
    with pytest.raises(TooMuchData):
        await ads(graph(script).pages("x", {}, InsightsRow, 100))
    assert [script.query(n)["limit"] for n in range(2)] == ["100", "25"]


async def test_the_token_is_in_a_header_alone() -> None:
    """URLs are logged by every proxy on the way."""
    script = Script(page("1", after="A"), page("2"))
    await ads(graph(script, app_secret="s3").pages("x", {}, InsightsRow, 500))
    for request in script.asked:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in str(request.url)


async def test_no_error_names_the_token() -> None:
    """An error is logged, stored and shown."""
    secret = appsecret_proof("s3", TOKEN)
    script = Script(httpx2.ConnectError("refused"))
    with pytest.raises(Transient) as caught:
        await graph(script, app_secret="s3").get("act_1", {"limit": "5"}, dict)
    assert TOKEN not in str(caught.value)
    assert secret not in str(caught.value)


async def test_the_proof_is_the_tokens_hmac() -> None:
    """HMAC-SHA256 with the app's secret as key, in lower-case hex, on every request."""
    script = Script(httpx2.Response(200, json={}))
    await graph(script, app_secret="secret").get("act_1", {}, dict)
    # printf 'EAAB-secret' | openssl dgst -sha256 -hmac secret
    proof = "2e0c1e8f150868e601cc3f8f73a4be18dba7dd7996e1bf59f3a01b497f475dc0"
    assert script.query(0)["appsecret_proof"] == proof
