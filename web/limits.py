"""How often anybody may ask, by address, account and workspace: the one table, and who counts.

Each process counts for itself, in memory (docs/decisions/0041). Addresses and accounts are only
keys here, and go with their window; neither is logged or stored.
"""

import hmac
import math
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from fastapi import Depends, Request

from web.addresses import address_of
from web.moving_window import Limit, MovingWindow
from web.problems import TooManyRequests

PER_ADDRESS = Limit("address", 1_200, 60)
"""All requests of an address, but probes and those for files of the pages."""

ENTERING = Limit("entering", 60, 60)
"""Sign-ins, registrations, invitations and changes of a password, of an address."""

FAILED_HERE = Limit("failed-here", 10, 300)
"""Wrong passwords for an account from one address."""

FAILED = Limit("failed", 100, 3_600)
"""Wrong passwords for an account from anywhere."""

PER_WORKSPACE = Limit("workspace", 1_200, 60)
"""Requests that act in a workspace, by people and API keys; streams do not count."""


class Limits:
    """The counts of a process."""

    def __init__(self, secret_key: str, trusted_proxies: int) -> None:
        self._key = hmac.digest(secret_key.encode(), b"metricx limits", "sha256")
        self._trusted_proxies = trusted_proxies
        self._addresses = MovingWindow(PER_ADDRESS)
        self._entering = MovingWindow(ENTERING)
        self._failed_here = MovingWindow(FAILED_HERE)
        self._failed = MovingWindow(FAILED)
        self._workspaces = MovingWindow(PER_WORKSPACE)
        self._tried: Counter[str] = Counter()

    def request(self, scope: Any) -> None:
        """Count a request of its address, or raise TooManyRequests."""
        _take(self._addresses, address_of(scope, self._trusted_proxies))

    def entering(self, scope: Any) -> None:
        """Count a try to get in, or raise TooManyRequests."""
        _take(self._entering, address_of(scope, self._trusted_proxies))

    def acting(self, workspace_id: UUID) -> None:
        """Count a request of this workspace, or raise TooManyRequests."""
        _take(self._workspaces, str(workspace_id))

    @contextmanager
    def guessing(self, scope: Any, email: str) -> Generator["Guess"]:
        """A password of this account is tried; raises TooManyRequests before it is looked at.

        Those under way count as wrong until they are known to be right: else as many as fit into
        the queue could be tried at once.
        """
        account = hmac.new(self._key, email.encode(), "sha256").hexdigest()
        here = f"{account} {address_of(scope, self._trusted_proxies)}"
        windows = ((self._failed_here, here), (self._failed, account))
        for window, key in windows:
            if window.left(key) <= self._tried[key]:
                self._clean(key)
                raise refused(window, key)
        for _, key in windows:
            self._tried[key] += 1
        guess = Guess()
        try:
            yield guess
        finally:
            for window, key in windows:
                self._tried[key] -= 1
                self._clean(key)
                if guess.was_wrong:
                    window.add(key)

    def _clean(self, key: str) -> None:
        if self._tried[key] <= 0:
            del self._tried[key]


class Guess:
    """One try of a password; whoever looks at it says whether it was wrong."""

    was_wrong = False


def refused(window: MovingWindow, key: str) -> TooManyRequests:
    """The problem with what RFC 9110 and the RateLimit draft have to say of it."""
    limit, seconds = window.limit, max(1, math.ceil(window.seconds_until(key)))
    return TooManyRequests(
        f"Try again in {seconds} s.",
        headers={
            "retry-after": str(seconds),
            "ratelimit-policy": f'"{limit.name}";q={limit.most};w={limit.seconds}',
            "ratelimit": f'"{limit.name}";r=0;t={seconds}',
        },
    )


def limits_of(request: Request) -> Limits:
    """The process's counts."""
    return request.app.state.limits


async def _counted(request: Request) -> None:
    limits_of(request).entering(request.scope)


Entrance: Any = Depends(_counted)
"""What a route by which people get in has among its `dependencies`."""


def _take(window: MovingWindow, key: str) -> None:
    if not window.take(key):
        raise refused(window, key)
