"""Admin over HTTP, for tests and the demo: truth, clock, spend, restate, faults."""

from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.admin.injections import restatement, spend
from sandbox.admin.orders import OrderError, read_date, read_instant, read_order
from sandbox.admin.truth import LEVELS, account_truth
from sandbox.clerk.users import UserError
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultError, Faults
from sandbox.shop.calendar import day_of, rfc3339
from sandbox.shop.changes import as_record
from sandbox.shop.ledger import Ledger

_FAULT_DETAILS: dict[str, type] = {
    "times": int,
    "match": str,
    "code": int,
    "subcode": int,
    "status": int,
    "message": str,
    "minutes": int,
    "seconds": int,
}


class AdminRoutes:
    """Everything below /admin."""

    def __init__(self, ledger: Ledger, clock: Clock, faults: Faults) -> None:
        self._ledger, self._clock, self._faults = ledger, clock, faults

    def routes(self) -> list[Route]:
        """The routes with their endpoints."""
        return [
            Route("/health", self.health),
            Route("/truth", self.truth),
            Route("/clock", self.read_clock),
            Route("/clock", self.set_clock, methods=["POST"]),
            Route("/spend", self.spend, methods=["POST"]),
            Route("/restate", self.restate, methods=["POST"]),
            Route("/changes", self.changes),
            Route("/faults", self.list_faults),
            Route("/faults", self.order_fault, methods=["POST"]),
            Route("/faults", self.clear_faults, methods=["DELETE"]),
            Route("/faults/{fault_id}", self.clear_faults, methods=["DELETE"]),
        ]

    async def health(self, _: Request) -> JSONResponse:
        """That it runs, and what it simulates."""
        plan, now = self._ledger.plan, self._clock.now()
        accounts = [
            {
                "account_id": account.id,
                "name": account.name,
                "currency": account.currency,
                "zone": account.zone,
                "today": day_of(account.zone, now).isoformat(),
            }
            for account in self._ledger.world.accounts.values()
        ]
        return JSONResponse(
            {
                "status": "ok",
                "now": rfc3339(now),
                "held": self._clock.held,
                "seed": plan.seed,
                "start": plan.start.isoformat(),
                "days": plan.days,
                "accounts": accounts,
            }
        )

    async def truth(self, request: Request) -> Response:
        """All figures of a range as of now, or of another instant."""
        asked = request.query_params
        if asked.get("provider", "meta") != "meta":
            raise OrderError("provider must be meta")
        levels = [level for level in asked.get("levels", ",".join(LEVELS)).split(",") if level]
        if unknown := set(levels) - set(LEVELS):
            raise OrderError(f"no level {', '.join(sorted(unknown))}")
        accounts = self._ledger.world.accounts
        wanted = asked.get("account_id", "").removeprefix("act_")
        if wanted and wanted not in accounts:
            raise OrderError(f"no account {wanted}")
        at = read_instant(asked["at"]) if "at" in asked else self._clock.now()
        first, last = (read_date(asked.get(name), name) for name in ("from", "to"))
        told = [
            account_truth(
                self._ledger,
                account,
                at,
                first,
                last,
                levels,
                hours=asked.get("hours", "true").casefold() != "false",
            )
            for account in accounts.values()
            if wanted in ("", account.id)
        ]
        body = msgspec.json.encode({"provider": "meta", "at": rfc3339(at), "accounts": told})
        return Response(body, media_type="application/json")

    async def read_clock(self, _: Request) -> JSONResponse:
        """Virtual now."""
        return JSONResponse(
            {
                "now": rfc3339(self._clock.now()),
                "held": self._clock.held,
                "offset_seconds": self._clock.offset_seconds,
            }
        )

    async def set_clock(self, request: Request) -> JSONResponse:
        """Hold the clock or let it go."""
        order = await read_order(request)
        at = read_instant(order["at"]) if order.get("at") is not None else None
        match order.get("action"):
            case "hold":
                self._clock.hold(at)
            case "go":
                self._clock.go(at)
            case _:
                raise OrderError("action must be hold or go")
        return await self.read_clock(request)

    async def spend(self, request: Request) -> JSONResponse:
        """More of an ad's current hour."""
        change = spend(self._ledger, await read_order(request), self._clock.now())
        self._ledger.inject(change)
        return JSONResponse(
            {
                **self._named(change.ad_id, change.day, change.at),
                "hour": change.more.label,
                "spend_micros": change.more.spend_micros,
                "impressions": change.more.impressions,
                "clicks": change.more.clicks,
                "link_clicks": change.more.link_clicks,
            },
            201,
        )

    async def restate(self, request: Request) -> JSONResponse:
        """Other figures for an ad's day."""
        change = restatement(self._ledger, await read_order(request), self._clock.now())
        before = self._ad_day(change.ad_id, change.day, change.at)
        self._ledger.inject(change)
        after = self._ad_day(change.ad_id, change.day, change.at)
        named = self._named(change.ad_id, change.day, change.at)
        return JSONResponse({**named, "before": before, "after": after}, 201)

    async def changes(self, _: Request) -> JSONResponse:
        """Everything injected so far."""
        return JSONResponse({"changes": [as_record(change) for change in self._ledger.changes()]})

    async def list_faults(self, _: Request) -> JSONResponse:
        """Faults still to come."""
        pending = [asdict(fault) for fault in self._faults.pending()]
        return JSONResponse({"faults": pending, "served": self._faults.served})

    async def order_fault(self, request: Request) -> JSONResponse:
        """A fault for the next calls."""
        order = await read_order(request)
        details = {key: value for key, value in order.items() if key != "kind"}
        for key, value in details.items():
            if key not in _FAULT_DETAILS or not isinstance(value, _FAULT_DETAILS[key]):
                raise OrderError(f"{key} is not known, or not of the right type")
        fault: Fault = self._faults.order(str(order.get("kind")), **details)
        return JSONResponse(asdict(fault), 201)

    async def clear_faults(self, request: Request) -> JSONResponse:
        """No more faults, or one fewer."""
        return JSONResponse({"cleared": self._faults.clear(request.path_params.get("fault_id"))})

    def _ad_day(self, ad_id: str, day: date, at: int) -> dict[str, Any]:
        ad = self._ledger.world.ads[ad_id]
        account = self._ledger.account_of(ad)
        rows = account_truth(self._ledger, account, at, day, day, ("ad",))["rows"]
        row = next((row for row in rows if row["ad_id"] == ad_id), None)
        measures = ("spend_micros", "impressions", "clicks", "link_clicks")
        return {name: row[name] if row else 0 for name in measures} | {
            "conversions": row["conversions"] if row else []
        }

    def _named(self, ad_id: str, day: date, at: int) -> dict[str, Any]:
        ad = self._ledger.world.ads[ad_id]
        return {
            "at": rfc3339(at),
            "account_id": ad.account_id,
            "campaign_id": ad.campaign_id,
            "adset_id": ad.adset_id,
            "ad_id": ad.id,
            "day": day.isoformat(),
        }


async def refused(_: Request, error: Exception) -> JSONResponse:
    """An order that makes no sense, said to whoever gave it."""
    return JSONResponse({"error": str(error)}, 422)


REFUSALS = {OrderError: refused, FaultError: refused, UserError: refused}
