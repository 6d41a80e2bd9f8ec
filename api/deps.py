"""What routes ask for: the session, and transactions that see its workspace.

`furnish(app, ...)` puts on `app.state`, once, what these read:

    reader_engine   AsyncEngine, role metricx_reader: read models
    control_engine  AsyncEngine, role metricx_control: accounts' tables
    sessions        accounts.session.Sessions
    passwords       accounts.passwords.Passwords
    secure_cookies  whether the public URL is https

A route takes what it needs by type:

    async def read_dashboard(db: Reader) -> Response: ...  # figures, all at one instant
    async def read_me(session: SignedIn) -> Me: ...        # who asks
    async def stream_live(workspace: InWorkspace) -> ...   # where; own transactions

The reader's transaction ends before the answer is sent (scope "function"): a slow client holds no
connection. A stream therefore opens its own, and the hub checks its session from time to time.
Routes that write open `accounts.database.transaction`, as `routes/auth.py` does.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.passwords import Passwords
from accounts.permissions import Action, may
from accounts.session import COOKIE, Session, Sessions, Workspace
from api.problems import Problem
from readmodels.queries.reading import reading


class NotSignedIn(Problem):
    """No cookie, or one whose session is forged, expired or ended: all the same answer."""

    status, code, title = 401, "not-signed-in", "Sign in first"
    meaning = "Nobody is signed in here, or the session has ended: after seven days, or elsewhere."
    remedy = "Sign in again. A client of the API sends the cookie that POST /auth/login sets."


class NoWorkspace(Problem):
    """Signed in, but no member of any workspace, or no longer of the one acted in."""

    status, code, title = 403, "no-workspace", "You are not a member of this workspace"
    meaning = "You are signed in, but not, or no longer, a member of the workspace that you act in."
    remedy = "Ask an owner of the workspace to add you again."


class NotAllowed(Problem):
    """The member's role may not do this; see accounts/permissions.py."""

    status, code, title = 403, "not-allowed", "Your role does not allow this"
    meaning = "You are a member of the workspace, in a role that may not do this."
    remedy = "Ask an owner of the workspace to do it, or to give you another role."


def furnish(
    app: FastAPI,
    *,
    reader_engine: AsyncEngine,
    control_engine: AsyncEngine,
    secret_key: str,
    public_url: str,
) -> None:
    """Give the application what its routes ask for."""
    app.state.reader_engine = reader_engine
    app.state.control_engine = control_engine
    app.state.sessions = Sessions(control_engine, secret_key)
    app.state.passwords = Passwords()
    app.state.secure_cookies = public_url.startswith("https://")


def sessions_of(request: Request) -> Sessions:
    """The process's session check."""
    return request.app.state.sessions


async def signed_in(request: Request) -> Session:
    """The live session of this request's cookie."""
    session = await sessions_of(request).check(request.cookies.get(COOKIE))
    if session is None:
        raise NotSignedIn(headers={"www-authenticate": 'Bearer realm="metricx"'})
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


async def workspace_to_read(session: SignedIn) -> Workspace:
    """The workspace that the session acts in, which its role may read."""
    if session.workspace is None:
        raise NoWorkspace
    if not may(session.workspace.role, Action.READ):
        raise NotAllowed
    return session.workspace


InWorkspace = Annotated[Workspace, Depends(workspace_to_read)]


async def reader(request: Request, workspace: InWorkspace) -> AsyncIterator[AsyncConnection]:
    """Read models of the session's workspace: read-only, all queries at one instant."""
    engine: AsyncEngine = request.app.state.reader_engine
    async with reading(engine, workspace.id) as db:
        yield db


Reader = Annotated[AsyncConnection, Depends(reader, scope="function")]
