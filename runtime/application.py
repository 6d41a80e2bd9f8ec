"""The one application: api's routes and ingest's, composed from plain arguments."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI

from accounts.clerk.settings import ClerkSettings
from accounts.vault import RingSource, Vault
from api.app import create_app
from api.connections.polling import Pace, Polling
from ingest.http import mount
from ingest.providers.registry import open_oauth, provider_names
from ingest.schedule import DEMO, Policy


def make_app(
    *,
    reader_dsn: str,
    control_dsn: str,
    secret_key: str,
    key_ring: RingSource,
    public_url: str,
    trusted_proxies: int = 0,
    platforms: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
    cors_origins: Collection[str] = (),
    ui_dist: Path | None = None,
    read_providers: Collection[str] = tuple(provider_names()),
    simulated: bool = False,
    clerk: ClerkSettings | None = None,
) -> FastAPI:
    """All routes of the process `api`. Nothing connects before its lifespan starts.

    read_providers: whose figures pollers read. platforms: settings of those whose accounts can be
    connected once their app is set up, as `runtime/platforms.py` gives them.
    """
    providers = {name: open_oauth(name, each) for name, each in platforms.items()}
    configured = frozenset(name for name, each in providers.items() if each.is_configured)
    app = create_app(
        reader_dsn=reader_dsn,
        control_dsn=control_dsn,
        secret_key=secret_key,
        public_url=public_url,
        trusted_proxies=trusted_proxies,
        cors_origins=cors_origins,
        ui_dist=ui_dist,
        polling=Polling(frozenset(read_providers), configured, _pace(Policy()), _pace(DEMO)),
        simulated=simulated,
        clerk=clerk,
    )
    app.state.vault = Vault(key_ring)
    mount(app, control=app.state.control_engine, vault=app.state.vault, providers=providers)
    return app


def _pace(policy: Policy) -> Pace:
    return Pace(policy.today_every, policy.restate_days)
