"""Clerk's Backend API over HTTP: the people and the keys, for who knows the secret key."""

import hmac
from itertools import count

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clerk.keys import Keys
from sandbox.clerk.users import User, Users
from sandbox.disturbed import Endpoint, disturbed
from sandbox.faults import Fault, Faults
from sandbox.token import CLERK_SECRET_KEY

_DEFAULT_LIMIT, _LARGEST_LIMIT = 10, 500
_TRACES = count(1)


class ClerkError(Exception):
    """A call that Clerk answers with errors."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        long_message: str,
        *,
        parameter: str | None = None,
    ) -> None:
        super().__init__(long_message)
        self.status = status
        meta = {"param_name": parameter} if parameter else {}
        self.error = {"code": code, "message": message, "long_message": long_message, "meta": meta}

    def response(self, headers: dict[str, str] | None = None) -> JSONResponse:
        """The errors as HTTP."""
        body = {"errors": [self.error], "clerk_trace_id": f"sbx{next(_TRACES):08d}"}
        return JSONResponse(body, self.status, headers)


class ClerkBackend:
    """Everything below /clerk/v1, and the keys that anybody may read."""

    def __init__(self, users: Users, keys: Keys, faults: Faults) -> None:
        self._users, self._keys, self._faults = users, keys, faults

    def routes(self) -> list[Route]:
        """The routes with their endpoints."""
        return [
            Route("/.well-known/jwks.json", disturbed(self._faults, self.jwks, _refused)),
            Route("/v1/jwks", self._secret(self.jwks)),
            Route("/v1/users", self._secret(self.list_users)),
            Route("/v1/users/count", self._secret(self.count_users)),
            Route("/v1/users/{user_id}", self._secret(self.read_user)),
        ]

    async def jwks(self, _: Request) -> Response:
        """The public halves of the keys that sign sessions."""
        return JSONResponse(self._keys.jwks())

    async def list_users(self, request: Request) -> Response:
        """People, the newest first."""
        limit = _number(request, "limit", _DEFAULT_LIMIT, 1, _LARGEST_LIMIT)
        offset = _number(request, "offset", 0, 0, None)
        found = self._found(request)[offset : offset + limit]
        return JSONResponse([user.as_json() for user in found])

    async def count_users(self, request: Request) -> Response:
        """How many people there are."""
        found = self._found(request)
        return JSONResponse({"object": "total_count", "total_count": len(found)})

    async def read_user(self, request: Request) -> Response:
        """One person."""
        user_id = request.path_params["user_id"]
        user = self._users.get(user_id)
        if user is None:
            message = f"No user was found with id {user_id}"
            raise ClerkError(404, "resource_not_found", "not found", message)
        return JSONResponse(user.as_json())

    def _found(self, request: Request) -> list[User]:
        emails = {email.lower() for email in request.query_params.getlist("email_address")}
        people = reversed(self._users.all())
        return [user for user in people if not emails or user.email in emails]

    def _secret(self, answer: Endpoint) -> Endpoint:
        """The answer to who knows the secret key; errors are answers too."""

        async def checked(request: Request) -> Response:
            kind, _, key = request.headers.get("authorization", "").partition(" ")
            right = hmac.compare_digest(key.strip().encode(), CLERK_SECRET_KEY.encode())
            try:
                if kind.lower() != "bearer" or not right:
                    raise _unauthenticated()
                return await answer(request)
            except ClerkError as error:
                return error.response()

        return disturbed(self._faults, checked, _refused)


def _number(request: Request, name: str, default: int, least: int, most: int | None) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) < least or (most is not None and int(text) > most):
        message = f"{name} must be a number from {least}" + (f" to {most}" if most else "")
        raise ClerkError(422, "form_param_format_invalid", "is invalid", message, parameter=name)
    return int(text)


def _unauthenticated() -> ClerkError:
    return ClerkError(
        401,
        "authentication_invalid",
        "Invalid authentication",
        "Unable to authenticate the request, you need to supply an active session",
    )


def _refused(fault: Fault) -> Response:
    match fault.kind:
        case "throttle":
            later = "Too many requests. Try again later."
            error = ClerkError(429, "too_many_requests", "Too many requests", later)
            return error.response({"Retry-After": str(max(fault.minutes * 60, 1))})
        case "expired_token":
            return _unauthenticated().response()
        case _:
            said = fault.message or "Something went wrong"
            return ClerkError(
                fault.status, "internal_clerk_error", "Internal error", said
            ).response()
