"""The Google Ads API over HTTP: which customers a token reaches, and what they are."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.disturbed import Endpoint, disturbed
from sandbox.faults import Fault, Faults
from sandbox.google.customers import ACCESSIBLE, reachable
from sandbox.google.errors import (
    AdsError,
    exhausted,
    invalid,
    no_credentials,
    permission_denied,
    token_expired,
    token_revoked,
    trouble,
)
from sandbox.google.queries import parse
from sandbox.google.rows import camel, found
from sandbox.grants import Grants

_VERSIONS = ("v23", "v24", "v25", "v26")
_SETTINGS = {"query", "pageToken", "validateOnly", "searchSettings"}


class GoogleAds:
    """Everything below /google/v26."""

    def __init__(self, grants: Grants, clock: Clock, faults: Faults) -> None:
        self._grants, self._clock, self._faults = grants, clock, faults
        self._requests = count(1)

    def routes(self) -> list[Route]:
        """The routes with their endpoints."""
        return [
            Route("/{version}/customers:listAccessibleCustomers", self._checked(self._accessible)),
            Route(
                "/{version}/customers/{customer_id}/googleAds:search",
                self._checked(self._search),
                methods=["POST"],
            ),
        ]

    def _checked(self, answer: Callable[[Request, bytes], dict[str, Any]]) -> Endpoint:
        """The answer to who may ask; errors are answers too."""

        async def checked(request: Request) -> Response:
            request_id = self._request_id()
            body = await request.body()
            try:
                if request.path_params["version"] not in _VERSIONS:
                    raise invalid("requestError", "UNSUPPORTED_VERSION", "Version is deprecated.")
                self._must_be_good(request.headers.get("authorization", ""))
                said = answer(request, body)
            except AdsError as error:
                return error.response(request_id)
            return JSONResponse(said, headers={"request-id": request_id})

        return disturbed(self._faults, checked, self._refused)

    def _must_be_good(self, authorization: str) -> None:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise no_credentials(given=False)
        issued = self._grants.find("google", token.strip(), "access")
        if issued is None:
            raise no_credentials(given=True)
        match issued.state(self._clock.now()):
            case "live":
                return
            case "expired":
                raise token_expired()
            case _:
                raise token_revoked()

    def _accessible(self, _request: Request, _body: bytes) -> dict[str, Any]:
        return {"resourceNames": [f"customers/{customer_id}" for customer_id in ACCESSIBLE]}

    def _search(self, request: Request, body: bytes) -> dict[str, Any]:
        told = _settings(body)
        login = request.headers.get("login-customer-id")
        customer = reachable(request.path_params["customer_id"], login)
        if customer is None:
            raise permission_denied()
        query = parse(str(told.get("query", "")))
        results = found(query, customer)
        mask = ",".join(map(camel, query.fields))
        # An empty list is left out, as everywhere in proto3's JSON.
        rows = {"results": results} if results else {}
        return {**rows, "fieldMask": mask, "queryResourceConsumption": str(10 + len(results))}

    def _refused(self, fault: Fault) -> Response:
        match fault.kind:
            case "throttle":
                error = exhausted(max(fault.minutes * 60, 1))
            case "expired_token":
                error = token_expired()
            case _:
                error = trouble(max(fault.status, 500), fault.message)
        return error.response(self._request_id())

    def _request_id(self) -> str:
        return f"sbx{next(self._requests):08d}"


def _settings(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body or b"{}")
    except ValueError as malformed:
        raise invalid("requestError", "UNKNOWN", "Invalid JSON payload received.") from malformed
    if not isinstance(told, dict):
        raise invalid("requestError", "UNKNOWN", "Invalid JSON payload received.")
    settings = cast("dict[str, Any]", told)
    if "pageSize" in settings:
        message = "Setting the page size is not supported."
        raise invalid("requestError", "PAGE_SIZE_NOT_SUPPORTED", message)
    if unknown := settings.keys() - _SETTINGS:
        message = f"Unknown name {min(unknown)}: Cannot find field."
        raise invalid("requestError", "UNKNOWN", message)
    if settings.get("pageToken"):
        raise invalid("requestError", "INVALID_PAGE_TOKEN", "Invalid page token.")
    return settings
