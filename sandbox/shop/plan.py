"""Which shop to simulate: the seed, the first day, and its ad accounts."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DEFAULT_ACCOUNT_ID = "700420170042"
CATALOGUES = ("defang_labs", "northwind_coffee")
CURRENCIES = ("USD", "EUR", "GBP", "INR", "AUD", "CAD")  # all of two decimals


class PlanError(ValueError):
    """A shop that cannot be simulated; says why."""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """One ad account; without sizes it advertises what a catalogue says, with them generated."""

    id: str
    name: str
    currency: str
    zone: str
    campaigns: int | None = None
    adsets: int = 2  # in each campaign
    ads: int = 2  # in each ad set
    catalogue: str = "defang_labs"
    closed: bool = False  # the platform lets nobody advertise with it

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9]\d{5,18}", self.id):
            raise PlanError(f"account id {self.id!r} is not 6 to 19 digits")
        if self.currency not in CURRENCIES:
            raise PlanError(f"currency {self.currency!r} is none of {', '.join(CURRENCIES)}")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError) as unknown:
            raise PlanError(f"zone {self.zone!r} is not in the time zone database") from unknown
        if self.catalogue not in CATALOGUES:
            raise PlanError(f"catalogue {self.catalogue!r} is none of {', '.join(CATALOGUES)}")


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """All that a shop's figures depend on, apart from the instant and injected changes."""

    seed: int
    start: date  # the first date with figures, in each account's calendar
    days: int  # how long the story of launches and pauses takes
    accounts: tuple[AccountPlan, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 1000:
            raise PlanError("days must lie between 1 and 1000")
        ids = [account.id for account in self.accounts]
        if not ids or len(set(ids)) != len(ids):
            raise PlanError("a shop needs accounts, each with an id of its own")

    def as_record(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return {**asdict(self), "start": self.start.isoformat()}

    @staticmethod
    def from_record(record: dict[str, Any]) -> "ShopPlan":
        """The plan that `as_record` wrote."""
        return ShopPlan(
            seed=record["seed"],
            start=date.fromisoformat(record["start"]),
            days=record["days"],
            accounts=tuple(AccountPlan(**account) for account in record["accounts"]),
        )


def demo_account(zone: str) -> AccountPlan:
    """The ad account of the demo world, Defang Labs."""
    return AccountPlan(DEFAULT_ACCOUNT_ID, "Defang Labs", "USD", zone)


def default_accounts(zone: str) -> tuple[AccountPlan, ...]:
    """The demo's account, then a smaller one in Europe, then one that is closed."""
    return (
        demo_account(zone),
        AccountPlan(
            "700420170051",
            "Northwind Coffee",
            "EUR",
            "Europe/Berlin",
            catalogue="northwind_coffee",
        ),
        AccountPlan("700420170060", "Closed Outlet", "USD", zone, campaigns=0, closed=True),
    )


def read_accounts(file: Path, zone: str) -> tuple[AccountPlan, ...]:
    """The demo's account, unless the file says `"default": false`, then those of the file."""
    config = json.loads(file.read_text())
    try:
        extra = tuple(AccountPlan(**account) for account in config["accounts"])
    except (KeyError, TypeError) as malformed:
        raise PlanError(f"{file}: {malformed}") from malformed
    return ((demo_account(zone),) if config.get("default", True) else ()) + extra
