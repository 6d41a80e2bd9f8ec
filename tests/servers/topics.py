"""Topics for tests, and the way from a synchronous fixture into asynchronous code."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from runtime.topics import create_topics

T = TypeVar("T")


def create(bootstrap: str, prefix: str) -> None:
    """The whole catalogue under this prefix."""
    in_own_loop(create_topics(bootstrap, prefix))


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a thread of its own: the test's event loop knows nothing of it."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
