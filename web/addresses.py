"""By which address a request is counted: its socket's, or the one that our own proxies name."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

_SITE_BITS = 64  # of IPv6: what one subscriber holds, and may choose from


def address_of(scope: Scope, trusted_proxies: int) -> str:
    """The client's address; IPv6 by its /64. Never for a log or a table.

    Each proxy appends to X-Forwarded-For who asked it. That many last entries are ours to believe;
    what stands before them a client may have invented.
    """
    client = scope.get("client")
    socket = str(client[0]) if client else ""
    for said in _said_by_proxies(scope, trusted_proxies):
        if found := _parsed(said):
            return found
    return _parsed(socket) or socket


def _said_by_proxies(scope: Scope, trusted_proxies: int) -> list[str]:
    """The trusted entries, the outermost proxy's first."""
    if not trusted_proxies:
        return []
    lines = Headers(scope=scope).getlist("x-forwarded-for")
    return ",".join(lines).rsplit(",", trusted_proxies)[-trusted_proxies:]


def _parsed(said: str) -> str | None:
    """One spelling of an address, which some proxies write with a port; None if it is none."""
    said = said.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        address = ip_address(said)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address), _SITE_BITS), strict=False))
    return str(address)
