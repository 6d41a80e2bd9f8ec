"""The one way out to ad and shop platforms: to hosts of the settings, and to no others.

A URL may come from a setting, from a shop's name that somebody typed, or from a platform's answer.
It is checked twice: the request's scheme, host and port against the settings, and then, when a
connection is made, the address that the name stands for at that very moment. What was checked is
what is connected to, so that a name which changes its address in between gains nothing.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httpcore2
import httpx2

SHOP = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-_]*\.myshopify\.com")
"""A shop's own domain, to be matched in full: the only host that a person may choose."""

_SHOP_PLACE = "{shop}"
_PORTS = {"http": 80, "https": 443}
_CONNECTIONS = httpx2.Limits(max_connections=50, max_keepalive_connections=10)

# Addresses that hold another address, to which a gateway would pass a connection on.
_CARRIERS = tuple(
    ipaddress.ip_network(each)
    for each in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class Refused(httpx2.RequestError):
    """Not a host of the settings, or an address inside our own network; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where requests may go; `host` is None for any shop's own domain."""

    scheme: str
    host: str | None
    port: int

    @classmethod
    def of(cls, base_url: str) -> "Place":
        """The place of a base URL of the settings; ValueError if it is none."""
        parts = urlsplit(base_url)
        if parts.scheme not in _PORTS or not parts.netloc:
            raise ValueError(f"{base_url!r} is no base URL: http or https, and a host")
        port = parts.port or _PORTS[parts.scheme]
        if parts.hostname == _SHOP_PLACE:
            return cls(parts.scheme, None, port)
        if parts.hostname is None or _SHOP_PLACE in parts.netloc:
            raise ValueError(f"{base_url!r} is no base URL: `{_SHOP_PLACE}` must be its whole host")
        return cls(parts.scheme, parts.hostname, port)

    @property
    def is_inside(self) -> bool:
        """Whether the settings themselves name a place in our own network: a stand-in's."""
        if self.host is None:
            return False
        try:
            return not is_public(self.host)
        except ValueError:
            return "." not in self.host or self.host.endswith((".localhost", ".internal"))

    def holds(self, url: httpx2.URL) -> bool:
        """Whether a request's URL lies there."""
        if url.scheme != self.scheme or (url.port or _PORTS[self.scheme]) != self.port:
            return False
        if url.userinfo:
            return False
        host = url.raw_host.decode("ascii")
        return SHOP.fullmatch(host) is not None if self.host is None else host == self.host


def outbound_client(base_urls: Iterable[str], timeout: httpx2.Timeout) -> httpx2.AsyncClient:
    """A client that reaches these and nothing else, follows no redirect and takes no proxy."""
    places = tuple({Place.of(url) for url in base_urls})
    return httpx2.AsyncClient(
        transport=_ToPlaces(places), timeout=timeout, follow_redirects=False, trust_env=False
    )


def is_public(address: str) -> bool:
    """Whether an IP address lies in the internet; ValueError if it is none."""
    # A zone, as in fe80::1%eth0, names an interface of ours.
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in carrier for carrier in _CARRIERS):
            return False
    return ip.is_global and not ip.is_multicast


async def resolve(host: str, port: int) -> list[str]:
    """Every address that the name stands for just now."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _ToPlaces(httpx2.AsyncHTTPTransport):
    """Sends what goes to one of the places, over connections that were looked at."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        verified = httpx2.create_ssl_context()
        super().__init__(verify=verified, trust_env=False, limits=_CONNECTIONS)
        self._places = places
        inside = frozenset(place.host for place in places if place.host and place.is_inside)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=verified,
            max_connections=_CONNECTIONS.max_connections,
            max_keepalive_connections=_CONNECTIONS.max_keepalive_connections,
            keepalive_expiry=_CONNECTIONS.keepalive_expiry,
            network_backend=_LookedAt(inside),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if not any(place.holds(request.url) for place in self._places):
            raise Refused(f"{request.url.host!r} is no host of the settings", request=request)
        try:
            return await super().handle_async_request(request)
        except _Inside as inside:
            raise Refused(str(inside), request=request) from None


class _Inside(Exception):
    """A name of the internet that stands for an address of our own network."""


class _LookedAt(httpcore2.AsyncNetworkBackend):
    """Connects to the very address that it looked at; TLS still asks for the name."""

    def __init__(self, inside: frozenset[str]) -> None:
        """`inside`: hosts that may lie in our own network."""
        self._inside = inside
        # To a type checker it may be the class that says that anyio is missing.
        self._plain = cast(httpcore2.AsyncNetworkBackend, httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first address that answers; _Inside if one of them may not be."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await resolve(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host} has no address in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} has no address: {error}") from error
        if host not in self._inside and not all(map(is_public, addresses)):
            raise _Inside(f"{host} stands for an address that is not of the internet")
        failed: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._plain.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        """A pause."""
        await asyncio.sleep(seconds)
