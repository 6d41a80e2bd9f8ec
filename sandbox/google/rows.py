"""Customers as the rows that a GAQL query selects, filters and orders."""

from collections.abc import Iterator
from typing import Any

from sandbox.google.customers import Customer, below
from sandbox.google.errors import invalid
from sandbox.google.queries import Query

Row = dict[str, dict[str, Any]]
"""A row by resource and field, as GAQL names them."""


def found(query: Query, customer: Customer) -> list[dict[str, Any]]:
    """What a query finds of a customer, in its order, as proto3's JSON."""
    rows = list(_rows(query.resource, customer))
    asked = {
        *query.fields,
        *(condition.field for condition in query.conditions),
        *(field for field, _ in query.order),
    }
    for field in sorted(asked):
        resource, _, name = field.partition(".")
        if resource == "metrics" and customer.is_manager:
            message = "Metrics cannot be requested for a manager account."
            raise invalid("queryError", "REQUESTED_METRICS_FOR_MANAGER", message)
        if name not in rows[0].get(resource, {}):
            message = f"Unrecognized field in the query: '{field}'."
            raise invalid("queryError", "UNRECOGNIZED_FIELD", message)
    rows = [row for row in rows if all(one.holds(_at(row, one.field)) for one in query.conditions)]
    for field, is_descending in reversed(query.order):
        rows.sort(key=lambda row: str(_at(row, field)), reverse=is_descending)
    return [_shown(row, query) for row in rows[: query.limit]]


def camel(name: str) -> str:
    """A field's name or path as JSON spells it."""
    return ".".join(
        head + "".join(word.capitalize() for word in words)
        for head, *words in (part.split("_") for part in name.split("."))
    )


def _rows(resource: str, customer: Customer) -> Iterator[Row]:
    match resource:
        case "customer":
            yield {"customer": _customer(customer)}
        case "customer_client":
            for level, client in below(customer):
                yield {
                    "customer_client": _client(customer, client, level),
                    "customer": _customer(customer),
                }
        case _:
            message = f"'{resource}' is not a valid resource name."
            raise invalid("queryError", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", message)


def _customer(customer: Customer) -> dict[str, Any]:
    return {"resource_name": f"customers/{customer.id}", **_common(customer)}


def _client(of: Customer, client: Customer, level: int) -> dict[str, Any]:
    return {
        "resource_name": f"customers/{of.id}/customerClients/{client.id}",
        "client_customer": f"customers/{client.id}",
        "level": str(level),
        "hidden": False,
        **_common(client),
    }


def _common(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "descriptive_name": customer.name,
        "currency_code": customer.currency,
        "time_zone": customer.zone,
        "manager": customer.is_manager,
        "test_account": False,
        "status": "ENABLED",
    }


def _at(row: Row, field: str) -> object:
    resource, _, name = field.partition(".")
    return row[resource][name]


def _shown(row: Row, query: Query) -> dict[str, Any]:
    """The fields asked for, and each resource's name, as proto3's JSON spells them."""
    shown = dict[str, dict[str, Any]]()
    for field in query.fields:
        resource, _, name = field.partition(".")
        told = shown.setdefault(camel(resource), {"resourceName": row[resource]["resource_name"]})
        told[camel(name)] = row[resource][name]
    return shown
