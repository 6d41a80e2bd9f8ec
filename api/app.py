"""The application, composed from plain arguments; runtime gives them, and tests do."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse

from accounts.clerk.settings import ClerkSettings
from accounts.database import engine
from api.address_limit import AddressLimit
from api.body_limit import BodyLimit
from api.connections.polling import Polling
from api.csrf import CrossSiteGuard
from api.description import describe
from api.headers import SecurityHeaders
from api.live.hub import Hub
from api.pages import Pages
from api.routes import (
    api_keys,
    audit,
    auth,
    connections,
    dashboard,
    health,
    invitations,
    live,
    members,
    mode,
    sessions,
    workspaces,
)
from api.routes import clerk as clerk_users
from api.routes import problems as problem_pages
from web.problem_responses import install
from web.state import furnish
from web.trace import Trace

STATEMENT_SECONDS = 5
READER_SETTINGS = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    # Statements are few and made once; planning one anew each time costs as much as running it.
    "plan_cache_mode": "force_generic_plan",
}
_READERS, _CONTROLLERS = 8, 4  # connections of one process, at most
_DESCRIPTION = """\
Ad metrics from live data. Money is integer micros beside a currency, instants are RFC 3339 in UTC,
dates are those of the account's calendar. Every error is a problem (RFC 9457) with a stable `code`.
"""


def create_app(
    *,
    reader_dsn: str,
    control_dsn: str,
    secret_key: str,
    public_url: str,
    polling: Polling,
    trusted_proxies: int = 0,
    cors_origins: Collection[str] = (),
    ui_dist: Path | None = None,
    simulated: bool = False,
    clerk: ClerkSettings | None = None,
) -> FastAPI:
    """The API and the pages. Nothing connects before the lifespan starts."""
    reader = engine(
        reader_dsn,
        pool_size=_READERS,
        application_name="metricx api reader",
        command_timeout_seconds=STATEMENT_SECONDS,
        settings=READER_SETTINGS,
    )
    control = engine(control_dsn, pool_size=_CONTROLLERS, application_name="metricx api control")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with app.state.hub:
            yield
        app.state.passwords.close()
        if app.state.clerk:
            await app.state.clerk.close()
        await reader.dispose()
        await control.dispose()

    app = FastAPI(
        title="metricx",
        version="0.1.0",
        description=_DESCRIPTION,
        docs_url=None,  # its assets come from another host; /openapi.json itself is public
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.reader_engine = reader
    app.state.polling = polling
    furnish(
        app,
        control_engine=control,
        secret_key=secret_key,
        public_url=public_url,
        trusted_proxies=trusted_proxies,
        simulated=simulated,
        clerk=clerk,
    )
    app.state.hub = Hub(
        reader=reader,
        listen_dsn=reader_dsn,
        sessions=app.state.sessions,
        api_keys=app.state.api_keys,
    )
    install(app)
    describe(app)
    for part in (
        auth,
        mode,
        clerk_users,
        sessions,
        workspaces,
        members,
        invitations,
        api_keys,
        audit,
        connections,
        dashboard,
        live,
        health,
        problem_pages,
    ):
        app.include_router(part.router)
    app.mount("/app", Pages(ui_dist), name="pages")
    app.add_api_route("/", _to_pages, methods=["GET"], include_in_schema=False)

    # The last one added stands first.
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CrossSiteGuard,
        public_url=public_url,
        cors_origins=cors_origins,
    )
    app.add_middleware(AddressLimit, limits=app.state.limits)
    if cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(cors_origins),
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "last-event-id"],
            expose_headers=["x-trace-id", "retry-after", "ratelimit", "ratelimit-policy"],
        )
    app.add_middleware(SecurityHeaders, https=public_url.startswith("https://"))
    app.add_middleware(Trace)
    return app


async def _to_pages() -> RedirectResponse:
    return RedirectResponse("/app")
