"""What the process gives its routes: put on `app.state` once, read here."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.api_keys import ApiKeys
from accounts.clerk.installation import Clerk
from accounts.clerk.settings import ClerkSettings
from accounts.passwords import Passwords
from accounts.session import Sessions
from accounts.vault import Vault
from web.limits import Limits
from web.webhooks import SignedWebhooks


def furnish(
    app: FastAPI,
    *,
    control_engine: AsyncEngine,
    secret_key: str,
    public_url: str,
    trusted_proxies: int,
    simulated: bool,
    clerk: ClerkSettings | None,
) -> None:
    """Give the application what its routes ask for."""
    app.state.control_engine = control_engine
    app.state.sessions = Sessions(control_engine, secret_key)
    app.state.api_keys = ApiKeys(control_engine)
    app.state.passwords = Passwords()
    app.state.limits = Limits(secret_key, trusted_proxies)
    app.state.public_url = public_url.rstrip("/")
    app.state.simulated = simulated
    app.state.secure_cookies = public_url.startswith("https://")
    app.state.clerk = app.state.clerk_webhooks = None
    if clerk:
        app.state.clerk = Clerk(clerk, control_engine, secret_key, is_demo=simulated)
        app.state.sessions = app.state.clerk.sessions
        if clerk.webhook_secrets:
            app.state.clerk_webhooks = SignedWebhooks(clerk.webhook_secrets)


def sessions_of(request: Request) -> Sessions:
    """The process's session check."""
    return request.app.state.sessions


def api_keys_of(request: Request) -> ApiKeys:
    """The process's check of API keys."""
    return request.app.state.api_keys


def clerk_of(request: Request) -> Clerk | None:
    """Clerk, where it signs people in; None: they do by password."""
    return request.app.state.clerk


def control_engine(request: Request) -> AsyncEngine:
    """The engine of the control role: accounts' tables."""
    return request.app.state.control_engine


def passwords(request: Request) -> Passwords:
    """The process's bounded password hasher."""
    return request.app.state.passwords


def vault_of(request: Request) -> Vault:
    """What seals and opens tokens with the process's key ring."""
    return request.app.state.vault


def simulated(request: Request) -> bool:
    """Whether the platforms are stand-ins: each workspace that is made is then a demo's."""
    return request.app.state.simulated


Control = Annotated[AsyncEngine, Depends(control_engine)]
Hasher = Annotated[Passwords, Depends(passwords)]
Simulated = Annotated[bool, Depends(simulated)]
