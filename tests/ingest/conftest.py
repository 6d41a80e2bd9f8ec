"""What the tests of pollers share: a small shop, and a connection to it."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.ingest.polling import Polling, polling
from tests.sandbox.running import Sandbox, running
from tests.servers.databases import Database


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Eight ads over twenty days in New York; its clock stands where it was started."""
    folder = tmp_path_factory.mktemp("shop")
    account = {
        "id": "700420170007",
        "name": "Shop",
        "currency": "USD",
        "zone": "America/New_York",
        "campaigns": 2,
        "adsets": 2,
        "ads": 2,
    }
    accounts = {"default": False, "accounts": [account]}
    (folder / "accounts.json").write_text(json.dumps(accounts))
    more = ("--accounts", str(folder / "accounts.json"), "--days", "20")
    with running(folder / "state", *more) as sandbox:
        sandbox.order("clock", action="hold")
        yield sandbox


@pytest.fixture
async def linked(
    kafka_bootstrap: str, topics: str, database: Database, shop: Sandbox
) -> AsyncIterator[Polling]:
    """A demo workspace whose one connection is the shop's ad account; nothing was read yet."""
    shop.http.delete("/admin/faults")
    async with polling(kafka_bootstrap, topics, database, shop) as found:
        yield found
    shop.http.delete("/admin/faults")
