"""Clerk's sign-in page: a person who is known, or a new one, begins a session."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.clerk.keys import Keys
from sandbox.clerk.sessions import Claims, mint
from sandbox.clerk.users import User, UserError, Users
from sandbox.clerk.webhooks import Webhooks
from sandbox.clock import Clock
from sandbox.consent import NotAskable
from sandbox.pages import choices, page, text_field

COOKIE = "__session"


class SignIn:
    """A page with two forms, and the session that either begins."""

    def __init__(self, users: Users, keys: Keys, webhooks: Webhooks, clock: Clock) -> None:
        self._users, self._keys, self._webhooks, self._clock = users, keys, webhooks, clock

    def routes(self) -> list[Route]:
        """The page's address."""
        return [
            Route("/sign-in", self.ask),
            Route("/sign-in", self.begin, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page."""
        _back(request)
        people = [
            (one.id, f"{one.first_name} {one.last_name}", one.email)
            for one in self._users.all()
            if not one.banned
        ]
        known = (
            f'<h2>Continue as</h2><form method="post" class="people">'
            f"{choices('user_id', people)}</form>"
        )
        fields = (
            text_field("first_name", "First name")
            + text_field("last_name", "Last name")
            + text_field("email", "E-mail address", kind="email")
        )
        return page(
            "Sign in to metricx",
            '<p class="quiet">The simulated Clerk asks for no password.</p>'
            + (known if people else "")
            + f'<h2>Or as somebody new</h2><form method="post">{fields}<div class="row">'
            '<button class="strong">Create and continue</button></div></form>',
        )

    async def begin(self, request: Request) -> Response:
        """Back to the app, with a session in a cookie of this very host, whatever the port."""
        back, origin = _back(request)
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        user = self._known(form["user_id"]) if "user_id" in form else self._created(form)
        claims = Claims(user.id, origin, issuer(request))
        response = RedirectResponse(back, 302)
        token = mint(self._keys, claims, self._clock.now())
        response.set_cookie(COOKIE, token, path="/", samesite="lax")
        return response

    def _known(self, user_id: str) -> User:
        user = self._users.get(user_id)
        if user is None or user.banned:
            raise NotAskable("Nobody of that id may sign in.")
        return user

    def _created(self, form: dict[str, str]) -> User:
        first_name, last_name = (form.get(name, "").strip() for name in ("first_name", "last_name"))
        if not first_name or not last_name:
            raise NotAskable("First and last name are needed.")
        try:
            user = self._users.create(
                self._clock.now(), first_name, last_name, form.get("email", "")
            )
        except UserError as wrong:
            raise NotAskable(f"That cannot be: {wrong}.") from wrong
        self._webhooks.deliver_soon(self._webhooks.told("user.created", user))
        return user


def issuer(request: Request) -> str:
    """Who says that a session is one: the base URL of this Clerk, as the request names it."""
    return f"{request.url.scheme}://{request.url.netloc}/clerk"


def _back(request: Request) -> tuple[str, str]:
    """The address to return to, and its origin."""
    address = request.query_params.get("redirect_url", "")
    back = urlsplit(address)
    if back.scheme not in ("http", "https") or not back.netloc:
        raise NotAskable("redirect_url is missing, or is not a whole address.")
    return address, f"{back.scheme}://{back.netloc}"
