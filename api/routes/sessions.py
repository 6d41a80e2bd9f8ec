"""`/auth/*` of whoever is signed in: their name, password and sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from accounts.database import transaction
from accounts.errors import Breached, HashingBusy, WrongPassword
from accounts.users import change_password, rename
from api.deps import not_stored
from api.me import EXAMPLE, me_anew
from api.routes.auth import Busy, PasswordBreached
from api.routes.mode import ClerkMode, by_password
from api.session_cookie import give, take_back
from api.shapes.auth import Me
from api.shapes.sessions import NameChange, OwnSession, PasswordChange, SessionList
from web.agents import agent_of
from web.callers import NotSignedIn, SignedIn
from web.examples import example_of
from web.limits import Entrance, limits_of
from web.problems import InvalidRequest, NotFound, Problem, Unavailable, problems
from web.state import Control, Hasher, sessions_of

router = APIRouter(prefix="/auth", tags=["Accounts"], dependencies=[Depends(not_stored)])

_SESSIONS = {
    "sessions": [
        {
            "id": "b7a4c1de-5d0e-4b52-9b0e-0f6c0f8f2a11",
            "agent": "Firefox on Linux",
            "created_at": "2026-11-20T08:02:11Z",
            "last_used_at": "2026-11-20T12:41:08Z",
            "expires_at": "2026-11-27T08:02:11Z",
            "is_current": True,
        }
    ]
}


class WrongPresentPassword(Problem):
    """Whoever holds a session only must not take the account over."""

    status, code, title = 403, "wrong-password", "This is not your password"
    meaning = "The password given as the present one is not the account's. Nothing was changed."
    remedy = "Check it; upper and lower case matter."


@router.patch(
    "/me",
    operation_id="updateMe",
    responses={200: EXAMPLE, **problems(NotSignedIn, Unavailable)},
)
async def update_me(
    change: NameChange, request: Request, session: SignedIn, control: Control
) -> Me:
    """Whoever is signed in is called this from now on."""
    await rename(control, session.user_id, change.name)
    return await me_anew(request, control, session)


@router.post(
    "/password",
    operation_id="changePassword",
    status_code=204,
    dependencies=[Entrance, Depends(by_password)],
    responses=problems(
        NotSignedIn,
        WrongPresentPassword,
        ClerkMode,
        PasswordBreached,
        InvalidRequest,
        Busy,
        Unavailable,
    ),
)
async def change(
    passwords: PasswordChange,
    request: Request,
    response: Response,
    session: SignedIn,
    control: Control,
    hasher: Hasher,
) -> None:
    """The new password holds. All other sessions have ended; this one has a new cookie."""
    with limits_of(request).guessing(request.scope, session.email) as guess:
        try:
            cookie = await change_password(
                control,
                hasher,
                sessions_of(request),
                session,
                current=passwords.current,
                new=passwords.new,
                agent=agent_of(request),
            )
        except WrongPassword:
            guess.was_wrong = True
            raise WrongPresentPassword from None
        except Breached:
            raise PasswordBreached from None
        except HashingBusy:
            raise Busy(headers={"retry-after": "5"}) from None
    give(request, response, cookie)


@router.get(
    "/sessions",
    operation_id="listSessions",
    responses={
        200: example_of(_SESSIONS),
        **problems(NotSignedIn, Unavailable),
    },
)
async def list_sessions(request: Request, session: SignedIn) -> SessionList:
    """Everywhere that whoever is signed in is signed in, the last used first."""
    found = await sessions_of(request).of(session.user_id)
    return SessionList(
        sessions=[
            OwnSession(
                id=each.id,
                agent=each.agent,
                created_at=each.created_at,
                last_used_at=each.last_used_at,
                expires_at=each.expires_at,
                is_current=each.id == session.id,
            )
            for each in found
        ]
    )


@router.delete(
    "/sessions/{session_id}",
    operation_id="endSession",
    status_code=204,
    responses=problems(NotSignedIn, NotFound, Unavailable),
)
async def end_session(
    session_id: UUID, request: Request, response: Response, session: SignedIn
) -> None:
    """The session is over everywhere within a second, its live streams within half a minute."""
    if not await sessions_of(request).end(session.user_id, session_id):
        raise NotFound
    if session_id == session.id:
        take_back(request, response)


@router.delete(
    "/sessions",
    operation_id="endSessions",
    status_code=204,
    responses=problems(NotSignedIn, Unavailable),
)
async def end_sessions(
    request: Request,
    response: Response,
    session: SignedIn,
    control: Control,
    keep_current: Annotated[
        bool, Query(description="Whether the session that asks goes on")
    ] = False,
) -> None:
    """All sessions of whoever is signed in are over, or all but this one."""
    sessions = sessions_of(request)
    async with transaction(control, user_id=session.user_id) as db:
        await sessions.end_all(db, session.user_id, keep=session.id if keep_current else None)
    sessions.forget(session.user_id)
    if not keep_current:
        take_back(request, response)
