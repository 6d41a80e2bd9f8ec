"""The Google Ads customers of the simulated person: two of their own, one below a manager."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer; a manager holds others and never advertises."""

    id: str
    name: str
    currency: str
    zone: str
    clients: tuple[str, ...] = ()

    @property
    def is_manager(self) -> bool:
        """Whether it holds others."""
        return bool(self.clients)


CUSTOMERS = {
    customer.id: customer
    for customer in (
        Customer("4200170042", "Defang Labs", "USD", "America/New_York"),
        Customer("4200170051", "Northwind Coffee", "EUR", "Europe/Berlin"),
        Customer("4200170090", "Tide & Co Agency", "GBP", "Europe/London", ("4200170091",)),
        Customer("4200170091", "Harbour Books", "GBP", "Europe/London"),
    )
}
ACCESSIBLE = ("4200170042", "4200170051", "4200170090")
"""What the person was invited to; a manager's clients are reached through it."""


def reachable(customer_id: str, login_id: str | None) -> Customer | None:
    """A customer, as one who logs in to `login_id`, or to none, may see it."""
    entered = customer_id if login_id is None else login_id
    if entered not in ACCESSIBLE:
        return None
    if customer_id == entered or customer_id in CUSTOMERS[entered].clients:
        return CUSTOMERS[customer_id]
    return None


def below(customer: Customer) -> Iterator[tuple[int, Customer]]:
    """The customer itself at level 0, then its clients at level 1."""
    yield 0, customer
    yield from ((1, CUSTOMERS[client]) for client in customer.clients)
