"""Admin of Clerk: people, keys, tokens, and when and whether a webhook tells of them."""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.admin.orders import OrderError, read_order
from sandbox.clerk.keys import Keys
from sandbox.clerk.sessions import SECONDS, Claims, mint
from sandbox.clerk.sign_in import issuer
from sandbox.clerk.signature import key_of
from sandbox.clerk.users import Users
from sandbox.clerk.webhooks import Message, Webhooks
from sandbox.clock import Clock

_CHANGEABLE: dict[str, type] = {
    "first_name": str,
    "last_name": str,
    "email": str,
    "verified": bool,
    "banned": bool,
    "locked": bool,
    "external_id": str,
}
_DEFAULT_AZP = "http://127.0.0.1:8000"


class ClerkRoutes:
    """Everything below /admin/clerk."""

    def __init__(self, users: Users, keys: Keys, webhooks: Webhooks, clock: Clock) -> None:
        self._users, self._keys, self._webhooks, self._clock = users, keys, webhooks, clock

    def routes(self) -> list[Route]:
        """The routes with their endpoints."""
        return [
            Route("/clerk/users", self.create, methods=["POST"]),
            Route("/clerk/users/{user_id}", self.change, methods=["PATCH"]),
            Route("/clerk/users/{user_id}", self.delete, methods=["DELETE"]),
            Route("/clerk/endpoint", self.register, methods=["POST"]),
            Route("/clerk/deliveries", self.deliveries),
            Route("/clerk/deliver", self.deliver, methods=["POST"]),
            Route("/clerk/rotate", self.rotate, methods=["POST"]),
            Route("/clerk/token", self.token, methods=["POST"]),
        ]

    async def create(self, request: Request) -> JSONResponse:
        """Somebody new."""
        order = await read_order(request)
        told = _changes(order)
        names = [told.pop(name, None) for name in ("first_name", "last_name", "email")]
        if not all(names) or told.keys() - {"verified"}:
            raise OrderError("first_name, last_name and email are needed; verified and deliver may")
        user = self._users.create(self._clock.now(), *names, **told)
        message = self._webhooks.told("user.created", user)
        return await self._sent(order, message, {"user": user.as_json()}, 201)

    async def change(self, request: Request) -> JSONResponse:
        """Somebody changed."""
        order = await read_order(request)
        changes = _changes(order)
        if not changes:
            raise OrderError(f"one of {', '.join(_CHANGEABLE)} is needed")
        user = self._users.change(request.path_params["user_id"], self._clock.now(), **changes)
        message = self._webhooks.told("user.updated", user)
        return await self._sent(order, message, {"user": user.as_json()}, 200)

    async def delete(self, request: Request) -> JSONResponse:
        """Somebody gone."""
        order = await read_order(request)
        user = self._users.get(request.path_params["user_id"])
        if user is None:
            raise OrderError(f"no user {request.path_params['user_id']}")
        self._users.delete(user.id)
        message = self._webhooks.told("user.deleted", user)
        return await self._sent(order, message, {"deleted": user.id}, 200)

    async def register(self, request: Request) -> JSONResponse:
        """Where webhooks go from now on."""
        order = await read_order(request)
        url, secret = order.get("url"), order.get("secret")
        if url is not None and urlsplit(str(url)).scheme not in ("http", "https"):
            raise OrderError("url must be a whole address, or null for none")
        if secret is not None:
            try:
                key_of(str(secret))
            except ValueError as wrong:
                raise OrderError(str(wrong)) from wrong
        self._webhooks.register(url, secret)
        return JSONResponse({"url": url})

    async def deliveries(self, _: Request) -> JSONResponse:
        """Every message, sent or not, with what the endpoint said since the start."""
        return JSONResponse({"deliveries": [_told(one) for one in self._webhooks.messages()]})

    async def deliver(self, request: Request) -> JSONResponse:
        """One message sent now: again, late, or after younger ones; the last by default."""
        order = await read_order(request)
        messages = self._webhooks.messages()
        asked = order.get("svix_id")
        message = self._webhooks.find(str(asked)) if asked else next(reversed(messages), None)
        if message is None:
            raise OrderError("no such message")
        if self._webhooks.endpoint is None:
            raise OrderError("no endpoint is registered")
        await self._webhooks.deliver(message)
        return JSONResponse(_told(message))

    async def rotate(self, request: Request) -> JSONResponse:
        """Another key signs from now on."""
        order = await read_order(request)
        key = self._keys.rotate(drop_old=order.get("drop_old") is True)
        return JSONResponse({"kid": key.kid})

    async def token(self, request: Request) -> JSONResponse:
        """A session token as ordered; its person need not exist."""
        order = await read_order(request)
        seconds = order.get("seconds", SECONDS)
        if not isinstance(order.get("user_id"), str) or not isinstance(seconds, int):
            raise OrderError("user_id must be a text, and seconds a whole number")
        claims = Claims(
            user_id=order["user_id"],
            azp=str(order.get("azp", _DEFAULT_AZP)),
            iss=str(order.get("iss", issuer(request))),
            seconds=seconds,
            sts=str(order.get("sts", "active")),
        )
        token = mint(self._keys, claims, self._clock.now(), kid=order.get("kid"))
        return JSONResponse({"token": token})

    async def _sent(
        self, order: dict[str, Any], message: Message, told: dict[str, Any], status: int
    ) -> JSONResponse:
        """The answer, after a first attempt to tell the endpoint, unless it is to miss it."""
        if order.get("deliver", True):
            await self._webhooks.deliver_surely(message)
        return JSONResponse({**told, "delivery": _told(message)}, status)


def _told(message: Message) -> dict[str, Any]:
    return {
        "svix_id": message.id,
        "type": message.type,
        "user_id": message.user_id,
        "statuses": message.statuses,
    }


def _changes(order: dict[str, Any]) -> dict[str, Any]:
    changes = {name: value for name, value in order.items() if name != "deliver"}
    for name, value in changes.items():
        if name not in _CHANGEABLE or not isinstance(value, _CHANGEABLE[name]):
            raise OrderError(f"{name} is not known, or not of the right type")
    return changes
