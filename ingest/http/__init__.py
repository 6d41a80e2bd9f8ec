"""Routes that call an ad or shop platform, or publish: the runtime mounts them beside api's."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.vault import Vault
from ingest.http import ad_accounts, consent, disconnection
from ingest.linking import Linking
from ingest.providers.oauth import OAuthProvider


def mount(
    app: FastAPI,
    *,
    control: AsyncEngine,
    vault: Vault,
    providers: Mapping[str, OAuthProvider],
) -> None:
    """Add the routes, and close the providers, which are given by name, when the app ends."""

    @asynccontextmanager
    async def open_to_the_end(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        for provider in providers.values():
            await provider.close()

    app.state.linking = Linking(control, vault, providers)
    router = APIRouter(lifespan=open_to_the_end)
    for part in (consent, ad_accounts, disconnection):
        router.include_router(part.router)
    app.include_router(router)
