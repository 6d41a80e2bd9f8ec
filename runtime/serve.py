"""`metricx api`: the application with the settings' values, on uvicorn."""

import uvicorn

from api.app import create_app
from runtime.settings import Settings
from runtime.stack import PROJECT, kept_secrets

_DRAIN_SECONDS = 2  # live feeds never end by themselves


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    key = settings.secret_key
    app = create_app(
        reader_dsn=settings.dsn("reader"),
        control_dsn=settings.dsn("control"),
        secret_key=key.get_secret_value() if key else kept_secrets(settings).get("key"),
        public_url=settings.url(),
        cors_origins=settings.cors_origins,
        ui_dist=PROJECT / "ui" / "dist",
    )
    uvicorn.run(
        app,
        host=settings.http.host,
        port=settings.http.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
