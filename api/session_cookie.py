"""The cookie that holds a session: given, and taken back."""

from fastapi import Request, Response

from accounts.session import COOKIE, LIFETIME


def give(request: Request, response: Response, cookie: str) -> None:
    """The browser sends it from now on; no script can read it."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        secure=request.app.state.secure_cookies,
        samesite="lax",
    )
    response.headers["cache-control"] = "no-store"


def take_back(request: Request, response: Response) -> None:
    """The browser forgets it."""
    response.delete_cookie(
        COOKIE, httponly=True, secure=request.app.state.secure_cookies, samesite="lax"
    )
    response.headers["cache-control"] = "no-store"
