"""`metricx api`: the application with the settings' values, on uvicorn."""

import socket
from urllib.parse import urlsplit

import uvicorn

from accounts.clerk.settings import ClerkSettings
from runtime.application import make_app
from runtime.errors import PortTaken
from runtime.key_ring import ring_source
from runtime.platforms import platforms
from runtime.settings import Settings
from runtime.stack import PROJECT, secret_key

_DRAIN_SECONDS = 2  # live feeds never end by themselves


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    _refuse_what_is_taken(settings.http.host, settings.http.port)
    app = make_app(
        reader_dsn=settings.dsn("reader"),
        control_dsn=settings.dsn("control"),
        secret_key=secret_key(settings),
        key_ring=ring_source(settings),
        public_url=settings.url(),
        trusted_proxies=settings.http.trusted_proxies,
        platforms=platforms(settings),
        cors_origins=settings.cors_origins,
        ui_dist=PROJECT / "ui" / "dist",
        simulated=settings.simulated,
        clerk=_clerk(settings),
    )
    uvicorn.run(
        app,
        host=settings.http.host,
        port=settings.http.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web/addresses.py believes as many proxies as there are
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


def _clerk(settings: Settings) -> ClerkSettings | None:
    """What the settings say of Clerk; None: people sign in by password."""
    clerk = settings.clerk
    if clerk.issuer is None:
        return None
    here = urlsplit(settings.url())
    return ClerkSettings(
        issuer=clerk.issuer.rstrip("/"),
        authorized_parties=frozenset(
            clerk.authorized_parties or (f"{here.scheme}://{here.netloc}",)
        ),
        api_url=clerk.api_url.rstrip("/"),
        secret_key=clerk.secret_key.get_secret_value() if clerk.secret_key else None,
        webhook_secrets=tuple(each.get_secret_value() for each in clerk.webhook_secrets),
        sign_in_url=clerk.sign_in_url,
    )


def _refuse_what_is_taken(host: str, port: int) -> None:
    """uvicorn would start all else before it looks, and end with a code of its own."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"{host}:{port} cannot be listened on: {error.strerror}.",
                "Set METRICX_HTTP__PORT and METRICX_HTTP__HOST to what is free and this machine's.",
            ) from error
