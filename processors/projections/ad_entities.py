"""Ad entities: name, place, status and budget of each, as it is now and as it was by day."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from processors.chunk import Chunk
from processors.projection import Change, Folded, Projection
from processors.registers import Register, held_registers, known_on, newer
from processors.tx import Tx
from readmodels.tables.ad_entities import TABLES, VIEWS, ad_entity, ad_entity_status
from schemas.ad_entities import AdEntity
from schemas.topics import Topic

EntityKey = tuple[UUID, str, str, str, str]
"""Workspace, provider, account, level, entity."""

StatusKey = tuple[UUID, str, str, str, str, date]
"""An entity and the UTC day on which it was read."""


class State(NamedTuple):
    """When the registers held so far were read, and by which event."""

    entities: dict[EntityKey, Register]
    statuses: dict[StatusKey, Register]


class Delta(NamedTuple):
    """The events that are newer than what is held."""

    entities: dict[EntityKey, AdEntity]
    statuses: dict[StatusKey, AdEntity]


async def load(tx: Tx, chunk: Chunk) -> State:
    """The registers of the entities in the chunk."""
    events = _events(chunk)
    return State(
        await held_registers(tx, ad_entity, map(_key, events)),
        await held_registers(tx, ad_entity_status, map(_status_key, events)),
    )


def fold(chunk: Chunk, state: State) -> Folded[Delta]:
    """The newest description of each entity, and of each day that it was read. Pure."""
    events = _events(chunk)
    delta = Delta(
        newer(events, _key, _register, state.entities),
        newer(events, _status_key, _register, state.statuses),
    )
    held = {each.event_id for each in (*state.entities.values(), *state.statuses.values())}
    return Folded(
        delta,
        chunk.rejects,
        duplicates=sum(event.event_id in held for event in events),
        changes=frozenset(Change(*key[:3], day=None) for key in delta.entities),
    )


async def apply(tx: Tx, delta: Delta) -> None:
    """Newer descriptions replace older ones."""
    await tx.replace(ad_entity, [_entity_row(key, event) for key, event in delta.entities.items()])
    await tx.replace(
        ad_entity_status,
        [(*key, *_register(event), event.body.status) for key, event in delta.statuses.items()],
    )


def _events(chunk: Chunk) -> list[AdEntity]:
    return [event for _, event in chunk.events if isinstance(event, AdEntity)]


def _key(event: AdEntity) -> EntityKey:
    body = event.body
    return (event.workspace_id, body.provider, body.account_id, body.level, body.entity_id)


def _status_key(event: AdEntity) -> StatusKey:
    return (*_key(event), known_on(event.body.observed_at))


def _register(event: AdEntity) -> Register:
    return Register(event.body.observed_at, event.event_id)


def _entity_row(key: EntityKey, event: AdEntity) -> tuple[object, ...]:
    body = event.body
    return (
        *key, *_register(event), body.campaign_id, body.adset_id, body.name, body.status,
        body.currency, body.zone, body.daily_budget_micros, body.lifetime_budget_micros,
        body.updated_at,
    )  # fmt: skip


projection = Projection(
    name="ad_entities",
    version=1,
    topics=(Topic.AD_ENTITIES,),
    tables=TABLES,
    views=VIEWS,
    load=load,
    fold=fold,
    apply=apply,
)
