"""Admin of tokens: which were given out, and an early end for them."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.admin.orders import OrderError, read_order
from sandbox.clock import Clock
from sandbox.grants import Ending, Grants
from sandbox.shop.calendar import rfc3339

_PROVIDERS = ("meta", "google", "shopify")
_ENDINGS: dict[str, Ending] = {"expire": "expired", "revoke": "revoked"}


class TokenRoutes:
    """Everything below /admin/tokens."""

    def __init__(self, grants: Grants, clock: Clock) -> None:
        self._grants, self._clock = grants, clock

    def routes(self) -> list[Route]:
        """The routes with their endpoints."""
        return [
            Route("/tokens", self.list_tokens),
            Route("/tokens", self.end_tokens, methods=["POST"]),
        ]

    async def list_tokens(self, _: Request) -> JSONResponse:
        """Every token that was ever given out, oldest first."""
        now = self._clock.now()
        told = [
            {
                "provider": issued.provider,
                "kind": issued.kind,
                "token": issued.token,
                "issued_at": rfc3339(issued.issued_at),
                "expires_at": None if issued.expires_at is None else rfc3339(issued.expires_at),
                "revoked": issued.ended == "revoked",
                "state": issued.state(now),
            }
            for issued in self._grants.tokens()
        ]
        return JSONResponse({"tokens": told})

    async def end_tokens(self, request: Request) -> JSONResponse:
        """One token of a provider, or all of them, are good no longer."""
        order, now = await read_order(request), self._clock.now()
        provider, how = order.get("provider"), _ENDINGS.get(str(order.get("action")))
        if provider not in _PROVIDERS:
            raise OrderError(f"provider must be one of {', '.join(_PROVIDERS)}")
        if how is None:
            raise OrderError("action must be expire or revoke")
        wanted = order.get("token")
        found = [one for one in self._grants.tokens(provider) if wanted in (None, one.token)]
        if wanted is not None and not found:
            raise OrderError("no such token")
        live = [one for one in found if one.state(now) == "live"]
        for issued in live:
            self._grants.end(issued, how, now)
        return JSONResponse({"ended": len(live)})
