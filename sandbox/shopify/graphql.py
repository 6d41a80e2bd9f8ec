"""The Admin API's GraphQL over HTTP: what a shop is."""

import json
import re
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.disturbed import disturbed
from sandbox.faults import Fault, Faults
from sandbox.shop.plan import AccountPlan
from sandbox.shopify.access import ShopAccess
from sandbox.shopify.selection import SelectionError, parse, selected
from sandbox.shopify.stores import store

_VERSION = re.compile(r"20\d\d-(01|04|07|10)")
_OLDEST, _NEWEST = "2026-01", "2027-01"
_BUCKET, _RESTORED = 2000.0, 100.0  # of the standard plan, the latter each second


class ShopifyGraphql:
    """Everything below a shop's /admin/api."""

    def __init__(
        self, access: ShopAccess, advertiser: AccountPlan, clock: Clock, faults: Faults
    ) -> None:
        self._access, self._advertiser = access, advertiser
        self._clock, self._faults = clock, faults
        self._requests = count(1)

    def routes(self) -> list[Route]:
        """The one route with its endpoint."""
        answer = disturbed(self._faults, self.answer, _refused)
        return [Route("/admin/api/{version}/graphql.json", answer, methods=["POST"])]

    async def answer(self, request: Request) -> Response:
        """Data, or errors under 200."""
        version = _served(request.path_params["version"])
        if version is None:
            return JSONResponse({"errors": "Not Found"}, 404)
        if not self._access.opens(request, self._clock.now()):
            return self._access.denied()
        headers = {
            "X-Shopify-API-Version": version,
            "X-Request-Id": f"sandbox-{next(self._requests)}",
        }
        shop = store(request.path_params["shop"].lower(), self._advertiser)
        return JSONResponse(_said(await request.body(), shop), headers=headers)


def _said(body: bytes, shop: dict[str, Any]) -> dict[str, Any]:
    try:
        told = json.loads(body)
        query = told["query"]
    except (ValueError, KeyError, TypeError):
        return {"errors": [{"message": "No query string was present"}]}
    try:
        operation, selection = parse(str(query))
        data = selected(selection, {"shop": shop}, "QueryRoot", (operation,))
    except SelectionError as error:
        return {"errors": [error.error]}
    return {"data": data, "extensions": {"cost": _cost(1, _BUCKET - 1)}}


def _cost(points: int | None, left: float, requested: int = 1) -> dict[str, Any]:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": points,
        "throttleStatus": {
            "maximumAvailable": _BUCKET,
            "currentlyAvailable": left,
            "restoreRate": _RESTORED,
        },
    }


def _served(version: str) -> str | None:
    """An expired version is answered by the oldest supported one; None for what is none."""
    if version == "unstable":
        return version
    if not _VERSION.fullmatch(version) or version > _NEWEST:
        return None
    return max(version, _OLDEST)


def _refused(fault: Fault) -> Response:
    match fault.kind:
        case "expired_token":
            return ShopAccess.denied()
        case "throttle":
            error = {
                "message": "Throttled",
                "extensions": {
                    "code": "THROTTLED",
                    "documentation": "https://shopify.dev/api/usage/rate-limits",
                },
            }
            requested = int(max(fault.minutes * 60, 1) * _RESTORED)
            cost = _cost(None, 0.0, requested)
            return JSONResponse({"errors": [error], "extensions": {"cost": cost}})
        case _:
            body = {"errors": fault.message or "Internal Server Error"}
            return JSONResponse(body, fault.status)
