"""`/auth/{provider}/accounts`: what a consent opens, and what of it is connected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from accounts.connections import linked_to
from accounts.database import transaction
from accounts.permissions import Action
from ingest.http.asking import InLinking, configured, consent_of
from ingest.http.problems import (
    AccountIsClosed,
    AccountNotInConsent,
    PlatformAway,
    PlatformRefused,
    ProviderNotConfigured,
    said_of,
)
from ingest.http.shapes import (
    AdAccount,
    AdAccountChoice,
    AdAccountList,
    MadeConnection,
    MadeConnections,
    ProviderName,
)
from ingest.linking import AccountClosed, NotInConsent
from ingest.providers.errors import ProviderError
from web.callers import Acting, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.examples import example_of
from web.problems import InvalidRequest, NotFound, Problem, Unavailable, problems

router = APIRouter(prefix="/auth", tags=["Connections"])

_ACCOUNT = {
    "account_id": "700420170042",
    "name": "Defang Labs",
    "currency": "USD",
    "zone": "America/New_York",
    "is_open": True,
    "why_closed": None,
    "connection_id": None,
}
_MADE = {
    "id": "7d0f2a3e-8a55-4a0e-9a53-5c2f0f6c1b11",
    "account_id": "700420170042",
    "label": "Defang Labs",
}
_COMMON: tuple[type[Problem], ...] = (
    NotSignedIn,
    NoWorkspace,
    NotAllowed,
    NotFound,
    ProviderNotConfigured,
    InvalidRequest,
    PlatformAway,
    PlatformRefused,
    Unavailable,
)


@router.get(
    "/{provider}/accounts",
    operation_id="listAdAccounts",
    responses={200: example_of({"accounts": [_ACCOUNT]}), **problems(*_COMMON)},
)
async def list_ad_accounts(
    provider: ProviderName,
    consent: Annotated[UUID, Query(description="As the callback told it")],
    by: Annotated[Acting, allowed(Action.MANAGE_CONNECTIONS)],
    linking: InLinking,
) -> AdAccountList:
    """All accounts that a consent opens, as the platform lists them just now."""
    token = await consent_of(linking, by.workspace.id, provider, consent)
    configured(linking, provider)
    try:
        accounts = await linking.accounts(token)
    except ProviderError as error:
        raise said_of(error) from error
    async with transaction(linking.control, workspace_id=by.workspace.id) as db:
        linked = await linked_to(db, provider)
    return AdAccountList(
        accounts=[
            AdAccount(
                account_id=one.account_id,
                name=one.name,
                currency=one.currency,
                zone=one.zone,
                is_open=one.why_closed is None,
                why_closed=one.why_closed,
                connection_id=linked.get(one.account_id),
            )
            for one in accounts
        ]
    )


@router.post(
    "/{provider}/accounts",
    operation_id="connectAdAccounts",
    status_code=201,
    responses={
        201: example_of({"connections": [_MADE]}),
        **problems(*_COMMON, AccountIsClosed, AccountNotInConsent),
    },
)
async def connect_ad_accounts(
    provider: ProviderName,
    choice: AdAccountChoice,
    by: Annotated[Acting, allowed(Action.MANAGE_CONNECTIONS)],
    linking: InLinking,
) -> MadeConnections:
    """These accounts are connected, all of them or none.

    One that was connected before goes on where it was, by this consent.
    """
    token = await consent_of(linking, by.workspace.id, provider, choice.consent)
    configured(linking, provider)
    try:
        made = await linking.choose(token, choice.account_ids, by.actor)
    except ProviderError as error:
        raise said_of(error) from error
    except NotInConsent:
        raise AccountNotInConsent from None
    except AccountClosed as closed:
        raise AccountIsClosed(str(closed)) from None
    if made is None:
        raise NotFound
    return MadeConnections(
        connections=[
            MadeConnection(id=one.connection_id, account_id=one.account_id, label=one.label)
            for one in made
        ]
    )
