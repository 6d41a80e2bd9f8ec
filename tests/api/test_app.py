"""The application as a whole: probes, headers, pages, and what is not public."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx2
import pytest
import pytest_asyncio

from api.headers import CONTENT_SECURITY_POLICY
from tests.api.serving import Served, served
from tests.api.signing_in import JSON, application, client, new_user
from tests.servers.databases import Database

PROJECT = Path(__file__).parents[2]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(module_database: Database) -> AsyncIterator[Served]:
    """The application on a port, for all tests of this file."""
    async with served(module_database) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def somebody(api: Served) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that is signed in."""
    async with api.signed_up() as (http, _):
        yield http


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A build of the pages."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>metricx</title>")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-4f3a9c.js").write_text("export {}")
    return tmp_path


async def until_ready(http: httpx2.AsyncClient) -> httpx2.Response:
    """The first answer that is no 503, or the last one."""
    answer = await http.get("/ready")
    for _ in range(100):
        if answer.status_code == 200:
            break
        await asyncio.sleep(0.05)
        answer = await http.get("/ready")
    return answer


async def test_a_live_process_is_healthy(api: Served) -> None:
    """Whatever else is missing."""
    async with httpx2.AsyncClient(base_url=api.url) as http:
        answer = await http.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_when_all_is_there(api: Served) -> None:
    """Database, migrations, views, listener."""
    async with httpx2.AsyncClient(base_url=api.url) as http:
        answer = await until_ready(http)
    assert answer.json() == {"status": "ready", "missing": []}
    assert answer.headers["cache-control"] == "no-store"


async def test_what_is_missing_is_named(database: Database) -> None:
    """A view that is gone, an older schema, and no listener where no lifespan runs."""
    owner = await asyncpg.connect(database.superuser)
    await owner.execute("DROP VIEW readmodels.ad_hour")
    await owner.execute("UPDATE control.alembic_version SET version_num = '0000'")
    await owner.close()
    async with application(database) as app, client(app) as http:
        answer = await http.get("/ready")
    assert answer.status_code == 503
    missing = answer.json()["missing"]
    assert "view readmodels.ad_hour" in missing
    assert "listener" in missing
    assert any(each.startswith("migrations: at 0000") for each in missing)


async def test_an_empty_database_is_not_ready(empty_database: Database) -> None:
    """Named, not a stack trace."""
    async with application(empty_database) as app, client(app) as http:
        answer = await http.get("/ready")
    assert answer.status_code == 503
    assert "migrations: at none" in answer.json()["missing"][0]


async def test_without_postgresql_it_says_so(database: Database) -> None:
    """And stays alive."""
    gone = Database("x", database.dsns.of_database("no_such_database"))
    async with application(gone) as app, client(app) as http:
        answer = await http.get("/ready")
        assert answer.status_code == 503
        assert answer.json()["missing"][0] == "postgres"
        assert (await http.get("/health")).status_code == 200


async def test_the_policy_names_no_other_host() -> None:
    """Nothing is loaded from, sent to or framed by anybody else."""
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert "script-src 'self';" in CONTENT_SECURITY_POLICY


async def test_https_is_insisted_on_where_it_is_spoken(module_database: Database) -> None:
    """Only then: a browser would never come back over http."""
    async with application(module_database, public_url="https://metricx.example") as app:
        async with client(app, "https://metricx.example") as http:
            headers = (await http.get("/health")).headers
    assert "max-age" in headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/metrics", "/internal/metrics", "/admin"])
async def test_nothing_else_is_public(api: Served, path: str) -> None:
    """A problem like for any path that is not there."""
    async with httpx2.AsyncClient(base_url=api.url) as http:
        answer = await http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/campaigns", "/app/a/b/c"])
async def test_every_path_of_the_pages_is_the_single_page(
    module_database: Database, dist: Path, path: str
) -> None:
    """Its own router finds what it means; it is asked for anew each time."""
    async with served(module_database, ui_dist=dist) as api:
        async with httpx2.AsyncClient(base_url=api.url, follow_redirects=True) as http:
            answer = await http.get(path)
    assert answer.status_code == 200
    assert "<title>metricx" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_hashed_files_are_kept_for_ever(module_database: Database, dist: Path) -> None:
    """Others are asked for anew, and a missing file is not the page."""
    async with served(module_database, ui_dist=dist) as api:
        async with httpx2.AsyncClient(base_url=api.url) as http:
            hashed = await http.get("/app/assets/index-4f3a9c.js")
            icon = await http.get("/app/favicon.svg")
            missing = await http.get("/app/assets/index-000000.js")
            outside = await http.get("/app/%2e%2e/%2e%2e/etc/passwd")
    assert "immutable" in hashed.headers["cache-control"]
    assert icon.headers["cache-control"] == "no-cache"
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert "root:" not in outside.text


async def test_the_root_leads_to_the_pages(api: Served) -> None:
    """And without a build they say how to make one."""
    async with httpx2.AsyncClient(base_url=api.url) as http:
        root = await http.get("/")
        pages = await http.get("/app/")
    assert root.headers["location"] == "/app"
    assert pages.status_code == 503
    command = re.search(r"`python3 (\S+) runtime ui`", pages.text)
    assert command
    assert (PROJECT / command[1]).is_file()


async def test_the_dashboard_over_http(somebody: httpx2.AsyncClient) -> None:
    """Signed in, it answers; a new workspace has nothing connected."""
    answer = await somebody.get("/dashboard/unified", params={"timeframe": "last_7_days"})
    found = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert (found["state"], found["range"]["days"]) == ("needs-setup", 7)
    assert len(found["kpis"]) == 18


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ({"metric": "cpa"}, "asc"),
        ({"metric": "cpa", "order": "desc"}, "desc"),
        ({"metric": "roas"}, "desc"),
        ({"metric": "roas", "order": "asc"}, "asc"),
    ],
)
async def test_campaigns_come_in_the_order_asked_for(
    somebody: httpx2.AsyncClient, asked: dict[str, str], order: str
) -> None:
    """The best first where no direction is named: the lowest of a cost."""
    top = (await somebody.get("/dashboard/unified", params=asked)).json()["top_campaigns"]
    assert (top["metric"], top["order"]) == (asked["metric"], order)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"timeframe": "custom"}, "invalid-range"),
        ({"timeframe": "custom", "from": "2026-02-01", "to": "2026-01-01"}, "invalid-range"),
        ({"timeframe": "custom", "from": "2020-01-01", "to": "2026-01-01"}, "invalid-range"),
        ({"comparison": "custom"}, "invalid-range"),
        ({"timeframe": "for_ever"}, "invalid-request"),
        ({"timeframe": "custom", "from": "2026-02-30"}, "invalid-request"),
        ({"metric": "happiness"}, "invalid-request"),
        ({"order": "random"}, "invalid-request"),
        ({"match_weekdays": "perhaps"}, "invalid-request"),
    ],
)
async def test_what_cannot_be_asked_is_a_problem(
    somebody: httpx2.AsyncClient, asked: dict[str, str], code: str
) -> None:
    """422, and its code says of which kind."""
    answer = await somebody.get("/dashboard/unified", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("comparison", ["previous_period", "previous_year", "off"])
@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("0001-01-01", "0001-01-05", 422),
        ("9999-12-28", "9999-12-31", 422),
        ("2000-01-01", "2000-01-05", 200),
        ("2099-12-28", "2099-12-31", 200),
    ],
)
async def test_dates_at_the_ends_of_the_calendar(
    somebody: httpx2.AsyncClient, first: str, last: str, status: int, comparison: str
) -> None:
    """Dates that nobody advertised on are refused or answered, never a 500."""
    asked = {"timeframe": "custom", "from": first, "to": last, "comparison": comparison}
    answer = await somebody.get("/dashboard/unified", params=asked)
    assert answer.status_code == status


async def test_without_a_session_nothing_is_answered(api: Served) -> None:
    """The same problem for no cookie and a forged one."""
    async with httpx2.AsyncClient(base_url=api.url) as http:
        none = await http.get("/dashboard/unified")
        forged = await http.get(
            "/dashboard/unified", headers={"cookie": "access_token=Bearer x.y.z"}
        )
    assert none.status_code == forged.status_code == 401
    assert none.json()["code"] == forged.json()["code"] == "not-signed-in"


async def test_figures_are_those_of_the_sessions_workspace(api: Served) -> None:
    """Naming another one changes nothing: no parameter or header does."""
    async with api.signed_up() as (http, mine), api.signed_up() as (_, foreign):
        answer = await http.get(
            "/dashboard/unified",
            params={"workspace_id": str(foreign)},
            headers={"x-workspace-id": str(foreign)},
        )
        assert answer.status_code == 200
        me = await http.get("/auth/me", headers=JSON)
    assert me.json()["workspace"]["id"] == str(mine)
    assert new_user()["email"] not in me.text
