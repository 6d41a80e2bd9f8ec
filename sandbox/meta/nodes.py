"""Nodes of the graph, and lists of them at the edges of other nodes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.meta.call import Call, View
from sandbox.meta.errors import bad_parameter, no_field, no_object
from sandbox.meta.field_list import Field, parse_fields
from sandbox.meta.filtering import Condition, conditions
from sandbox.meta.node_fields import (
    ACCOUNT,
    AD,
    ADSET,
    CAMPAIGN,
    Fields,
    effective_state,
    set_state,
)
from sandbox.meta.paging import Place, paged
from sandbox.shop.world import Account, Ad, AdSet, Campaign

Thing = Account | Campaign | AdSet | Ad
_HIDDEN = {"ARCHIVED", "DELETED"}


@dataclass(frozen=True, slots=True)
class NodeType:
    """What can be asked of a kind of node."""

    name: str
    fields: Fields
    default: tuple[str, ...]
    edges: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


_TYPES: dict[type, NodeType] = {
    Account: NodeType(
        "AdAccount", ACCOUNT, ("account_id", "id"), edges=("campaigns", "adsets", "ads")
    ),
    Campaign: NodeType("Campaign", CAMPAIGN, ("id",), edges=("adsets", "ads")),
    AdSet: NodeType("AdSet", ADSET, ("id",), edges=("ads",), parents=("campaign",)),
    Ad: NodeType("Ad", AD, ("id",), parents=("campaign", "adset")),
}


def find_node(object_id: str, view: View) -> Thing:
    """The account, campaign, ad set or ad of an id; an error for what is not there (yet)."""
    world = view.ledger.world
    if object_id.startswith("act_"):
        if account := world.accounts.get(object_id.removeprefix("act_")):
            return account
        raise no_object(object_id)
    things = (world.campaigns, world.adsets, world.ads)
    found = next((kind[object_id] for kind in things if object_id in kind), None)
    if found is None or found.history.created_at > view.now:
        raise no_object(object_id)
    return found


def read_node(call: Call, view: View, thing: Thing) -> dict[str, Any]:
    """One node, with the fields asked for."""
    return rendered(thing, parse_fields(call.params.get("fields", "")), call, view)


def has_edge(thing: Thing, edge: str) -> bool:
    """Whether a node has a list of that name."""
    return edge in _TYPES[type(thing)].edges


def list_edge(call: Call, view: View, thing: Thing, edge: str) -> dict[str, Any]:
    """A page of what lies below a node."""
    if not has_edge(thing, edge):
        raise no_field(edge, _TYPES[type(thing)].name)
    return _listed(call, view, _below(thing, edge))


def list_accounts(call: Call, view: View) -> dict[str, Any]:
    """A page of all ad accounts that the token sees."""
    accounts = list(view.ledger.world.accounts.values())
    fields = parse_fields(call.params.get("fields", ""))
    items = [((n,), account) for n, account in enumerate(accounts)]
    page = paged(call, items, lambda account: rendered(account, fields, call, view))
    return _with_total(call, page, len(accounts))


def rendered(thing: Thing, fields: Sequence[Field], call: Call, view: View) -> dict[str, Any]:
    """A node's fields as JSON values; `id` is always among them."""
    node = _TYPES[type(thing)]
    answer = dict[str, Any]()
    for field in fields or map(Field, node.default):
        if field.name in node.fields:
            value = node.fields[field.name](thing, view)
        elif field.name in node.edges:
            inner = Call("GET", (thing.id, field.name), field.params, call.base_url, call.token)
            value = _listed(inner, view, _below(thing, field.name), field.inner)
        elif field.name in node.parents:
            value = rendered(_parent(thing, field.name, view), field.inner, call, view)
        else:
            raise no_field(field.name, node.name)
        if value is not None:
            answer[field.name] = value
    return answer | {"id": node.fields["id"](thing, view)}


def _below(thing: Thing, edge: str) -> list[Campaign | AdSet | Ad]:
    match thing, edge:
        case Account(), "campaigns":
            return list(thing.campaigns)
        case Account(), "adsets":
            return list(thing.adsets())
        case ((Account() | Campaign()), "ads"):
            return list(thing.ads())
        case Campaign(), "adsets":
            return list(thing.adsets)
        case AdSet(), "ads":
            return list(thing.ads)
        case _:
            raise no_field(edge, _TYPES[type(thing)].name)


def _parent(thing: Thing, name: str, view: View) -> Thing:
    if isinstance(thing, Ad) and name == "adset":
        return view.ledger.world.adsets[thing.adset_id]
    if isinstance(thing, Ad | AdSet):
        return view.ledger.world.campaigns[thing.campaign_id]
    raise no_field(name, _TYPES[type(thing)].name)


def _listed(
    call: Call,
    view: View,
    things: Iterable[Campaign | AdSet | Ad],
    fields: Sequence[Field] | None = None,
) -> dict[str, Any]:
    """The page, of what exists, is not hidden, and meets the call's conditions."""
    asked = parse_fields(call.params.get("fields", "")) if fields is None else fields
    states = set(call.list_param("effective_status"))
    told = conditions(call)
    filtered_by_state = any(one.field.endswith("effective_status") for one in told)
    since = _updated_since(call)
    items: list[tuple[Place, Campaign | AdSet | Ad]] = []
    for place, thing in enumerate(things):
        if thing.history.created_at > view.now:
            continue
        state = effective_state(thing, view)
        if (state not in states) if states else (state in _HIDDEN and not filtered_by_state):
            continue
        if thing.history.changed_at(view.now) < since:
            continue
        if all(_holds(one, thing, view) for one in told):
            items.append(((place,), thing))
    page = paged(call, items, lambda thing: rendered(thing, asked, call, view))
    return _with_total(call, page, len(items))


def _updated_since(call: Call) -> int:
    text = call.params.get("updated_since", "0")
    if not text.isdecimal():
        raise bad_parameter("param updated_since must be a unix time.")
    return int(text)


def _holds(condition: Condition, thing: Campaign | AdSet | Ad, view: View) -> bool:
    """Conditions name fields with or without the node: campaign.updated_time, or id."""
    match condition.field.rpartition(".")[2]:
        case "id":
            return condition.holds(thing.id)
        case "name":
            return condition.holds(thing.name)
        case "effective_status":
            return condition.holds(effective_state(thing, view))
        case "status" | "configured_status":
            return condition.holds(set_state(thing.history, view))
        case "updated_time":
            return condition.holds(str(thing.history.changed_at(view.now)))
        case "created_time":
            return condition.holds(str(thing.history.created_at))
        case "objective" if isinstance(thing, Campaign):
            return condition.holds(thing.objective)
        case unknown:
            raise bad_parameter(f"Filtering field '{unknown}' is not supported on this edge.")


def _with_total(call: Call, page: dict[str, Any], total: int) -> dict[str, Any]:
    """`summary` counts the whole edge when asked to; the official SDK always asks."""
    asked = call.params.get("summary", "")
    if asked.casefold() in ("true", "1") or "total_count" in asked:
        page["summary"] = {"total_count": total}
    return page
