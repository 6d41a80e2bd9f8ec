"""`/connections/*`: what is connected, how it does, and pausing, renaming or asking for a read.

Connecting and disconnecting call a platform, and so lie in `ingest/http`.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.connection_changes import ask_for_sync, hold, pause, rename, resume
from accounts.connections import Connection, ConnectionState
from accounts.database import transaction
from accounts.permissions import Action
from accounts.session import Workspace
from api.connections.cards import Cards
from api.connections.example import CARD, CARDS
from api.shapes.connections import ConnectionCard, ConnectionChange, ConnectionList
from web.callers import Acting, InWorkspace, NotAllowed, NotSignedIn, NoWorkspace, allowed
from web.examples import example_of
from web.problems import InvalidRequest, NotFound, Problem, Unavailable, problems
from web.state import Control

router = APIRouter(prefix="/connections", tags=["Connections"])

_COMMON = (NotSignedIn, NoWorkspace, NotAllowed, NotFound, InvalidRequest, Unavailable)


def _cards(request: Request) -> Cards:
    state = request.app.state
    return Cards(state.control_engine, state.reader_engine, state.polling)


CardSource = Annotated[Cards, Depends(_cards)]
Manager = Annotated[Acting, allowed(Action.MANAGE_CONNECTIONS)]


class Disconnected(Problem):
    """Pausing, resuming or reading a connection that was disconnected."""

    status, code, title = 409, "disconnected", "This account is disconnected"
    meaning = "The account was disconnected, and its access given back. Its figures are kept."
    remedy = "Connect the account again; its history goes on where it ended."


class Paused(Problem):
    """Asking for a read of a connection that is paused."""

    status, code, title = 409, "connection-paused", "This connection is paused"
    meaning = "Nothing is read of a connection while it is paused."
    remedy = "Resume it first; it is then read at once."


class NotRead(Problem):
    """Asking for a read of a platform that this version does not read."""

    status, code, title = 409, "provider-not-read", "This platform is not read yet"
    meaning = "The account is connected, but this version of metricx reads no figures of it yet."
    remedy = (
        "Nothing to do: the connection is used as soon as a version that reads it is installed."
    )


def _shown(example: Any, code: int = 200) -> dict[int | str, dict[str, Any]]:
    return {code: example_of(example)}


@router.get(
    "",
    operation_id="listConnections",
    responses={
        **_shown(CARDS),
        **problems(NotSignedIn, NoWorkspace, NotAllowed, Unavailable),
    },
)
async def list_connections(
    workspace: InWorkspace, cards: CardSource, response: Response
) -> ConnectionList:
    """Every connected account with its state, and which platforms can be connected."""
    response.headers["cache-control"] = "no-store"
    return await cards.all(workspace)


@router.get(
    "/{connection_id}",
    operation_id="readConnection",
    responses={**_shown(CARD), **problems(*_COMMON)},
)
async def read_connection(
    connection_id: UUID, workspace: InWorkspace, cards: CardSource, response: Response
) -> ConnectionCard:
    """One connected account."""
    response.headers["cache-control"] = "no-store"
    return await _card(cards, workspace, connection_id)


@router.patch(
    "/{connection_id}",
    operation_id="renameConnection",
    responses={**_shown(CARD), **problems(*_COMMON)},
)
async def rename_connection(
    connection_id: UUID,
    change: ConnectionChange,
    acting: Manager,
    control: Control,
    cards: CardSource,
) -> ConnectionCard:
    """The connection under another name; a disconnected one, too."""
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        await rename(db, await _held(db, connection_id), acting.actor, change.label)
    return await _card(cards, acting.workspace, connection_id)


@router.post(
    "/{connection_id}/pause",
    operation_id="pauseConnection",
    responses={**_shown({**CARD, "state": "paused"}), **problems(*_COMMON, Disconnected)},
)
async def pause_connection(
    connection_id: UUID, acting: Manager, control: Control, cards: CardSource
) -> ConnectionCard:
    """Nothing more is read of it, from now on; pausing it again changes nothing."""
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        await pause(db, await _living(db, connection_id), acting.actor)
    return await _card(cards, acting.workspace, connection_id)


@router.post(
    "/{connection_id}/resume",
    operation_id="resumeConnection",
    responses={**_shown(CARD), **problems(*_COMMON, Disconnected)},
)
async def resume_connection(
    connection_id: UUID, acting: Manager, control: Control, cards: CardSource
) -> ConnectionCard:
    """It is read again, what was missed included; one that is not paused stays as it is."""
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        await resume(db, await _living(db, connection_id), acting.actor)
    return await _card(cards, acting.workspace, connection_id)


@router.post(
    "/{connection_id}/sync",
    operation_id="syncConnection",
    status_code=202,
    responses={**_shown(CARD, 202), **problems(*_COMMON, Disconnected, Paused, NotRead)},
)
async def sync_connection(
    connection_id: UUID, acting: Manager, control: Control, cards: CardSource
) -> ConnectionCard:
    """Today and the account's campaigns are read as soon as a poller is free.

    What the platform has asked to wait with is not hastened.
    """
    put_off = await cards.put_off(acting.workspace, connection_id)
    async with transaction(control, workspace_id=acting.workspace.id) as db:
        connection = await _living(db, connection_id)
        if connection.state is ConnectionState.PAUSED:
            raise Paused
        if connection.provider not in cards.polling.read_providers:
            raise NotRead
        await ask_for_sync(db, connection, acting.actor, put_off=put_off)
    return await _card(cards, acting.workspace, connection_id)


async def _card(cards: Cards, workspace: Workspace, connection_id: UUID) -> ConnectionCard:
    if (found := await cards.of(workspace, connection_id)) is None:
        raise NotFound
    return found


async def _held(db: AsyncConnection, connection_id: UUID) -> Connection:
    if (found := await hold(db, connection_id)) is None:
        raise NotFound
    return found


async def _living(db: AsyncConnection, connection_id: UUID) -> Connection:
    found = await _held(db, connection_id)
    if found.state is ConnectionState.DISCONNECTED:
        raise Disconnected
    return found
