"""What an answer needs and does not have, by name."""

from fastapi import FastAPI
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.migrate import current, head
from api.live.hub import Hub
from readmodels.semantic.views import SCHEMA, USED

_name = func.unnest(bindparam("names", type_=ARRAY(TEXT))).column_valued("name")
_MISSING_VIEWS = select(_name).where(func.to_regclass(_name).is_(None)).order_by(_name)
_VIEWS = [f"{SCHEMA}.{view.name}" for view in USED]


async def missing(app: FastAPI) -> list[str]:
    """Names of what is missing; empty if the application can answer."""
    hub: Hub = app.state.hub
    found = await _migrations(app.state.control_engine)
    if "postgres" not in found:
        found += await _views(app.state.reader_engine)
    if not hub.listener.is_alive:
        found.append("listener")
    return found


async def _migrations(control: AsyncEngine) -> list[str]:
    try:
        at = await current(control)
    except (SQLAlchemyError, OSError, TimeoutError):
        return ["postgres"]
    return [] if at == head() else [f"migrations: at {at or 'none'}, not {head()}"]


async def _views(reader: AsyncEngine) -> list[str]:
    try:
        async with reader.connect() as db:
            rows = await db.execute(_MISSING_VIEWS, {"names": _VIEWS})
            return [f"view {name}" for (name,) in rows]
    except (SQLAlchemyError, OSError, TimeoutError):
        return ["postgres (reader)"]
