"""What a projection is: how events of some topics become rows of its own tables."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Table

import processors.projections
from processors.chunk import Chunk, Reject
from processors.tx import Tx
from schemas.topics import Topic

S = TypeVar("S")
D = TypeVar("D")


class Change(NamedTuple):
    """An account's day whose rows moved; what the live feed tells a page to fetch again."""

    workspace_id: UUID
    provider: str
    account_id: str
    day: date | None


@dataclass(frozen=True)
class Folded(Generic[D]):
    """What a chunk does to a projection's rows.

    `rejects` are the records that are no events, and events that this projection refuses;
    `duplicates` counts events that the loaded state already held.
    """

    delta: D
    rejects: Sequence[Reject]
    duplicates: int = 0
    changes: frozenset[Change] = frozenset()


@dataclass(frozen=True)
class Projection(Generic[S, D]):
    """A declaration: tables, and the three steps from a chunk to their rows.

    `load` reads the state that the chunk's events need, `fold` is pure, `apply` writes what
    `fold` found. None of them sees an offset, a commit or a clock. Raise `version` when rows
    would differ: the new version fills tables of its own from the first event on. Tables in
    `open_only` have a column `day` and lose the rows of dates that are closed.
    """

    name: str
    version: int
    topics: tuple[Topic, ...]
    tables: tuple[Table, ...]
    views: Mapping[str, str]
    load: Callable[[Tx, Chunk], Awaitable[S]]
    fold: Callable[[Chunk, S], Folded[D]]
    apply: Callable[[Tx, D], Awaitable[None]]
    open_only: tuple[Table, ...] = ()

    @property
    def schema(self) -> str:
        """The PostgreSQL schema of this version's tables."""
        return f"{self.name}_v{self.version}"

    @property
    def locks_workspaces(self) -> bool:
        """Whether two partitions may write one row, so that its workspaces must be locked."""
        return len(self.topics) > 1


@cache
def registered() -> tuple[Projection[Any, Any], ...]:
    """Every projection that lies in `projections/`, by name."""
    modules = (
        import_module(f"{processors.projections.__name__}.{module.name}")
        for module in iter_modules(processors.projections.__path__)
    )
    return tuple(sorted((module.projection for module in modules), key=lambda p: p.name))
