"""`/auth/*`: sign up, sign in, sign out, and who is signed in."""

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.database import transaction
from accounts.errors import Breached, EmailTaken, HashingBusy
from accounts.users import Member, authenticate, register
from api.me import EXAMPLE, me_of
from api.routes.mode import ClerkMode, by_password
from api.session_cookie import give, take_back
from api.shapes.auth import Credentials, Me, NewUser
from web.agents import agent_of
from web.callers import NotSignedIn, SignedIn
from web.credentials import session_credential_of
from web.limits import Entrance, limits_of
from web.problems import InvalidRequest, Problem, Unavailable, problems
from web.state import Control, Hasher, Simulated, sessions_of

router = APIRouter(prefix="/auth", tags=["Accounts"])


class EmailHasAccount(Problem):
    """Signing up with an e-mail that has an account already."""

    status, code, title = 409, "email-has-account", "This e-mail has an account already"
    meaning = "Somebody, most likely you, has made an account with this e-mail before."
    remedy = "Sign in instead, or use another e-mail."


class PasswordBreached(Problem):
    """A password that anybody who wants to get in tries first."""

    status, code, title = 422, "password-breached", "Everybody tries this password"
    meaning = (
        "The password is one of the most common ones, which are tried first by whoever wants to "
        "get in; or it is the account's e-mail, or our name."
    )
    remedy = "Choose another one. A long sentence is easy to remember and hard to guess."


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
    dependencies=[Entrance, Depends(by_password)],
    responses={
        201: EXAMPLE,
        **problems(EmailHasAccount, ClerkMode, PasswordBreached, InvalidRequest, Busy, Unavailable),
    },
)
async def sign_up(
    new: NewUser,
    request: Request,
    response: Response,
    control: Control,
    hasher: Hasher,
    simulated: Simulated,
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
            is_demo=simulated,
        )
    except EmailTaken:
        raise EmailHasAccount("Sign in instead, or use another e-mail.") from None
    except Breached:
        raise PasswordBreached from None
    except HashingBusy:
        raise Busy(headers={"retry-after": "5"}) from None
    return await _start_session(request, response, control, member)


@router.post(
    "/login",
    operation_id="login",
    dependencies=[Entrance, Depends(by_password)],
    responses={200: EXAMPLE, **problems(WrongCredentials, ClerkMode, Busy, Unavailable)},
)
async def sign_in(
    who: Credentials, request: Request, response: Response, control: Control, hasher: Hasher
) -> Me:
    """A new session; one that this browser held before is ended."""
    with limits_of(request).guessing(request.scope, who.email) as guess:
        try:
            member = await authenticate(control, hasher, email=who.email, password=who.password)
        except HashingBusy:
            raise Busy(headers={"retry-after": "5"}) from None
        guess.was_wrong = member is None
    if member is None:
        raise WrongCredentials
    return await _start_session(request, response, control, member)


@router.post("/logout", operation_id="logout", status_code=204, responses=problems(Unavailable))
async def sign_out(request: Request, response: Response) -> None:
    """The session is over everywhere within a second; without one, nothing happens."""
    await _end_current(request)
    take_back(request, response)


@router.get(
    "/me", operation_id="readMe", responses={200: EXAMPLE, **problems(NotSignedIn, Unavailable)}
)
async def read_me(session: SignedIn, response: Response, control: Control) -> Me:
    """Who is signed in, where they act, and where else they could."""
    response.headers["cache-control"] = "no-store"
    return await me_of(control, session)


async def _start_session(
    request: Request, response: Response, control: AsyncEngine, member: Member
) -> Me:
    await _end_current(request)
    sessions = sessions_of(request)
    async with transaction(control, user_id=member.user_id) as db:
        cookie = await sessions.open(db, member.user_id, member.workspace_id, agent_of(request))
    session = await sessions.check(cookie)
    if session is None:  # ended between these lines
        raise NotSignedIn
    give(request, response, cookie)
    return await me_of(control, session)


async def _end_current(request: Request) -> None:
    sessions = sessions_of(request)
    if current := await sessions.check(session_credential_of(request)):
        await sessions.end(current.user_id, current.id)
