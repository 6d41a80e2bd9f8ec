"""Whether what is shown stands still because an update is filling another version of it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from readmodels.tables.processing import projection_offset, serving


async def standing_still_since(db: AsyncConnection) -> datetime | None:
    """When the first of the shown versions to be left behind moved last; None if all are live.

    Workers write one version of a projection. One that moved later than the shown version is the
    live one: the shown one gets no event any more, and is swapped when the other is level.
    """
    return await db.scalar(_LEFT_BEHIND)


_at, _shown = projection_offset.c, serving.c
_moved = (
    select(
        func.max(_at.moved_at).filter(_at.version == _shown.version).label("shown"),
        func.max(_at.moved_at).filter(_at.version != _shown.version).label("other"),
    )
    .join_from(serving, projection_offset, _at.projection == _shown.projection)
    .group_by(_shown.projection)
    .subquery()
    .c
)
_LEFT_BEHIND = select(func.min(_moved.shown)).where(_moved.other > _moved.shown)
