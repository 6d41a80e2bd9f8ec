"""What routes of figures ask for: a transaction that sees the session's workspace.

    async def read_dashboard(db: Reader) -> Response: ...  # figures, all at one instant

Who asks, and what they may do, is `web/callers.py`. The reader's transaction ends before the answer
is sent (scope "function"): a slow client holds no connection. A stream therefore opens its own, and
the hub checks its session from time to time. Routes that write open
`accounts.database.transaction`, as `routes/auth.py` does.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from readmodels.queries.reading import reading
from web.callers import InWorkspace


async def reader(request: Request, workspace: InWorkspace) -> AsyncIterator[AsyncConnection]:
    """Read models of the session's workspace: read-only, all queries at one instant."""
    engine: AsyncEngine = request.app.state.reader_engine
    async with reading(engine, workspace.id) as db:
        yield db


def not_stored(response: Response) -> None:
    """The answer is of one person at one moment: neither browser nor proxy keeps it."""
    response.headers["cache-control"] = "no-store"


Reader = Annotated[AsyncConnection, Depends(reader, scope="function")]
