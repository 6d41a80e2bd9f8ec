"""Which Google Ads accounts a token opens: its own, and those below managers."""

import httpx2
import msgspec

from ingest.providers.errors import ProviderError, Rejected, Throttled, TokenDead, Transient
from ingest.providers.oauth import OpenedAccount
from ingest.providers.replies import decoded, failure, sent

_QUERY = (
    "SELECT customer_client.id, customer_client.descriptive_name, customer_client.currency_code, "
    "customer_client.time_zone, customer_client.manager, customer_client.status "
    "FROM customer_client"
)
_ENABLED = "ENABLED"
_CLOSED = {
    "CANCELED": "It is cancelled.",
    "SUSPENDED": "Google has suspended it.",
    "CLOSED": "It is closed.",
}
_NOT_ENABLED = "CUSTOMER_NOT_ENABLED"


class _Names(msgspec.Struct, frozen=True, rename="camel"):
    resource_names: list[str] = msgspec.field(default_factory=list[str])


class _Client(msgspec.Struct, frozen=True, rename="camel"):
    id: str  # an int64, and so a text
    descriptive_name: str = ""
    currency_code: str | None = None
    time_zone: str | None = None
    manager: bool = False
    status: str = _ENABLED


class _Row(msgspec.Struct, frozen=True, rename="camel"):
    customer_client: _Client


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    results: list[_Row] = msgspec.field(default_factory=list[_Row])
    next_page_token: str | None = None


class Customers:
    """Asks with one access token."""

    def __init__(self, http: httpx2.AsyncClient, base_url: str, token: str) -> None:
        """`base_url` is with the version."""
        self._http, self._base_url, self._token = http, base_url, token

    async def opened(self) -> list[OpenedAccount]:
        """Every account that may be asked for figures; managers have none, their clients do."""
        found: dict[str, OpenedAccount] = {}
        for entered in await self._accessible():
            for account in await self._below(entered):
                found.setdefault(account.account_id, account)
        return list(found.values())

    async def _accessible(self) -> list[str]:
        url = f"{self._base_url}/customers:listAccessibleCustomers"
        reply = await self._answered(self._http.build_request("GET", url, headers=self._headers()))
        return [name.removeprefix("customers/") for name in decoded(reply, _Names).resource_names]

    async def _below(self, entered: str) -> list[OpenedAccount]:
        """The customer itself, or all that are below it."""
        url = f"{self._base_url}/customers/{entered}/googleAds:search"
        clients, after = list[_Client](), ""
        while True:
            asked = {"query": _QUERY, **({"pageToken": after} if after else {})}
            request = self._http.build_request(
                "POST", url, json=asked, headers=self._headers() | {"login-customer-id": entered}
            )
            try:
                page = decoded(await self._answered(request), _Page)
            except Rejected as error:
                if _NOT_ENABLED in str(error):
                    return [OpenedAccount(entered, entered, None, None, _CLOSED["CANCELED"])]
                raise
            clients += [row.customer_client for row in page.results]
            if not (after := page.next_page_token or ""):
                return [_opened(each) for each in clients if not each.manager]

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token}"}

    async def _answered(self, request: httpx2.Request) -> httpx2.Response:
        reply = await sent(self._http, request)
        if reply.is_success:
            return reply
        raise _error(reply)


def _opened(told: _Client) -> OpenedAccount:
    closed = None
    if told.status != _ENABLED:
        closed = _CLOSED.get(told.status, f"Google says that it is {told.status}.")
    return OpenedAccount(
        told.id, told.descriptive_name or told.id, told.currency_code, told.time_zone, closed
    )


def _error(reply: httpx2.Response) -> ProviderError:
    words = reply.text[:2_000]
    if reply.status_code == 401:
        return TokenDead(f"HTTP 401: {' '.join(words.split())}"[:300])
    found = failure(reply, " ".join(words.split()))
    return found if isinstance(found, Throttled | Transient) else Rejected(words)
