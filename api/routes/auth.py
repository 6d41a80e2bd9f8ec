"""`/auth/*`: sign up, sign in, sign out, and who is signed in."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import EmailTaken, HashingBusy
from accounts.session import COOKIE, LIFETIME, Session
from accounts.users import Member, authenticate, register
from accounts.workspaces import workspaces_of
from api.shapes.auth import Credentials, CurrentWorkspace, Me, NewUser, User, WorkspaceChoice
from web.callers import NotSignedIn, SignedIn
from web.problems import Problem, Unavailable, problems
from web.state import Control, Hasher, sessions_of

router = APIRouter(prefix="/auth", tags=["Accounts"])

_WORKSPACE = {
    "id": "0b6f5c9e-6f0e-4c1e-9b1c-1f6f2a0f7c11",
    "name": "Defang Labs",
    "is_demo": True,
    "role": "owner",
}
_ME = {
    "user": {
        "id": "5e0c0f4e-2f6a-4f5e-8a73-2d3f3f0a9d10",
        "email": "owner@defanglabs.com",
        "name": "Demo Owner",
    },
    "workspace": {
        **_WORKSPACE,
        "currency": "USD",
        "zone": "America/New_York",
        "week_start": "monday",
    },
    "workspaces": [_WORKSPACE],
}
_EXAMPLE: dict[str, Any] = {"content": {"application/json": {"example": _ME}}}


class EmailHasAccount(Problem):
    """Signing up with an e-mail that has an account already."""

    status, code, title = 409, "email-has-account", "This e-mail has an account already"
    meaning = "Somebody, most likely you, has made an account with this e-mail before."
    remedy = "Sign in instead, or use another e-mail."


class WrongCredentials(Problem):
    """The same answer, at the same cost, for an unknown e-mail and a wrong password."""

    status, code, title = 401, "wrong-credentials", "E-mail or password is wrong"
    meaning = (
        "The e-mail has no account here, or the password is another. Which of the two is not said."
    )
    remedy = "Check both; upper and lower case matter in the password."


class Busy(Problem):
    """More people sign in than passwords can be checked; nothing was checked."""

    status, code, title = 503, "busy", "Too many sign-ins at once"
    meaning = "More people sign in than passwords can be checked. Nothing was checked or changed."
    remedy = "Try again after the seconds that the answer names in Retry-After."


@router.post(
    "/register",
    operation_id="register",
    status_code=201,
    responses={201: _EXAMPLE, **problems(EmailHasAccount, Busy, Unavailable)},
)
async def sign_up(
    new: NewUser, request: Request, response: Response, control: Control, hasher: Hasher
) -> Me:
    """A new user, signed in, who owns a new workspace with nothing connected."""
    try:
        member = await register(
            control,
            hasher,
            email=new.email,
            password=new.password,
            name=new.name,
            workspace_name=new.workspace_name,
        )
    except EmailTaken:
        raise EmailHasAccount("Sign in instead, or use another e-mail.") from None
    except HashingBusy:
        raise Busy(headers={"retry-after": "5"}) from None
    return await _start_session(request, response, control, member)


@router.post(
    "/login",
    operation_id="login",
    responses={200: _EXAMPLE, **problems(WrongCredentials, Busy, Unavailable)},
)
async def sign_in(
    who: Credentials, request: Request, response: Response, control: Control, hasher: Hasher
) -> Me:
    """A new session; one that this browser held before is ended."""
    try:
        member = await authenticate(control, hasher, email=who.email, password=who.password)
    except HashingBusy:
        raise Busy(headers={"retry-after": "5"}) from None
    if member is None:
        raise WrongCredentials
    return await _start_session(request, response, control, member)


@router.post("/logout", operation_id="logout", status_code=204, responses=problems(Unavailable))
async def sign_out(request: Request, response: Response) -> None:
    """The session is over everywhere within a second; without one, nothing happens."""
    await _end_current(request)
    response.delete_cookie(
        COOKIE, httponly=True, secure=request.app.state.secure_cookies, samesite="lax"
    )
    response.headers["cache-control"] = "no-store"


@router.get(
    "/me", operation_id="readMe", responses={200: _EXAMPLE, **problems(NotSignedIn, Unavailable)}
)
async def read_me(session: SignedIn, response: Response, control: Control) -> Me:
    """Who is signed in, where they act, and where else they could."""
    response.headers["cache-control"] = "no-store"
    return await _me(control, session)


async def _start_session(
    request: Request, response: Response, control: AsyncEngine, member: Member
) -> Me:
    await _end_current(request)
    sessions = sessions_of(request)
    async with transaction(control, user_id=member.user_id) as db:
        cookie = await sessions.open(db, member.user_id, member.workspace_id)
    session = await sessions.check(cookie)
    if session is None:  # ended between these lines
        raise NotSignedIn
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        secure=request.app.state.secure_cookies,
        samesite="lax",
    )
    response.headers["cache-control"] = "no-store"
    return await _me(control, session)


async def _end_current(request: Request) -> None:
    sessions = sessions_of(request)
    if current := await sessions.check(request.cookies.get(COOKIE)):
        await sessions.end(current)


async def _me(control: AsyncEngine, session: Session) -> Me:
    own = session.workspace
    return Me(
        user=User(id=session.user_id, email=session.email, name=session.name),
        workspace=CurrentWorkspace.model_validate(own, from_attributes=True) if own else None,
        workspaces=[
            WorkspaceChoice.model_validate(each, from_attributes=True)
            for each in await workspaces_of(control, session)
        ],
    )
