"""`GET /auth/mode`: how people sign in here; and the refusal of what the other mode is for."""

from fastapi import APIRouter, Request

from api.shapes.clerk import AuthMode
from web.examples import example_of
from web.problems import Internal, Problem, problems
from web.state import clerk_of

router = APIRouter(prefix="/auth", tags=["Accounts"])

_EXAMPLE = {"mode": "password", "sign_in_url": None, "simulated": False}


class ClerkMode(Problem):
    """Passwords are Clerk's business here."""

    status, code, title = 409, "clerk-mode", "People sign in with Clerk here"
    meaning = "Clerk signs people in to this installation, so metricx takes no password."
    remedy = "Sign in on the page that `GET /auth/mode` names, and change your password there."


async def by_password(request: Request) -> None:
    """What a route depends on that takes a password."""
    if clerk_of(request) is not None:
        raise ClerkMode


@router.get(
    "/mode",
    operation_id="readAuthMode",
    responses={200: example_of(_EXAMPLE), **problems(Internal)},
)
async def read_mode(request: Request) -> AuthMode:
    """Whether people sign in by password or with Clerk, and whether all data is simulated."""
    clerk = clerk_of(request)
    return AuthMode(
        mode="password" if clerk is None else "clerk",
        sign_in_url=clerk.settings.sign_in_url if clerk else None,
        simulated=request.app.state.simulated,
    )
