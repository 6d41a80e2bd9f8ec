"""The one application: api's routes and ingest's, composed from plain arguments."""

from collections.abc import Collection
from pathlib import Path

from fastapi import FastAPI

from accounts.vault import RingSource, Vault
from api.app import create_app


def make_app(
    *,
    reader_dsn: str,
    control_dsn: str,
    secret_key: str,
    key_ring: RingSource,
    public_url: str,
    trusted_proxies: int = 0,
    cors_origins: Collection[str] = (),
    ui_dist: Path | None = None,
) -> FastAPI:
    """All routes of the process `api`. Nothing connects before its lifespan starts."""
    app = create_app(
        reader_dsn=reader_dsn,
        control_dsn=control_dsn,
        secret_key=secret_key,
        public_url=public_url,
        trusted_proxies=trusted_proxies,
        cors_origins=cors_origins,
        ui_dist=ui_dist,
    )
    app.state.vault = Vault(key_ring)
    return app
