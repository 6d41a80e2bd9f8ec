"""What the routes of consent share: the platforms, and a token that accounts are chosen from."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from accounts.database import transaction
from accounts.tokens import Token, read_token
from ingest.http.problems import ProviderNotConfigured
from ingest.http.shapes import ProviderName
from ingest.linking import Linking
from ingest.providers.oauth import OAuthProvider
from web.problems import NotFound


def linking(request: Request) -> Linking:
    """What links accounts, of this process."""
    return request.app.state.linking


InLinking = Annotated[Linking, Depends(linking)]


def configured(linking: Linking, name: ProviderName) -> OAuthProvider:
    """The platform, which must have been set up."""
    provider = linking.providers.get(name)
    if provider is None or not provider.is_configured:
        raise ProviderNotConfigured
    return provider


async def consent_of(linking: Linking, workspace_id: UUID, name: str, consent: UUID) -> Token:
    """The token of a consent of this workspace at this platform."""
    async with transaction(linking.control, workspace_id=workspace_id) as db:
        token = await read_token(db, linking.vault, consent)
    if token is None or token.provider != name:
        raise NotFound
    return token
