"""Reads one Meta ad account: delivery by hour, conversions by day, and entities."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from ingest.providers.errors import TooMuchData, Unreadable
from ingest.providers.meta.client import GraphClient
from ingest.providers.meta.entities import (
    ACCOUNT_FIELDS,
    EDGES,
    AccountNode,
    EntityNode,
    account_event,
    edge_query,
    entity_event,
)
from ingest.providers.meta.insights import InsightsRow, day_query, hours_query
from ingest.providers.meta.observations import (
    Read,
    coverages,
    day_observations,
    hours_observations,
)
from ingest.providers.protocol import ENTITIES, Access, Facts, Progress, Wanted
from schemas.envelope import Envelope

T = TypeVar("T")

log = structlog.get_logger(__name__)


class MetaReader:
    """A `Reader` of one account by its access token.

    Rows of a span are held until its last page: an ad's hours may lie on two pages, and a
    reading without some of them would say that they are zero.
    """

    def __init__(self, graph: GraphClient, access: Access, *, page_rows: int) -> None:
        self.account_id = access.account_id.removeprefix("act_")
        self._graph = graph
        self._workspace_id = access.workspace_id
        self._node = f"act_{self.account_id}"
        self._page_rows = page_rows
        self._facts: Facts | None = None

    async def facts(self) -> Facts:
        """Currency and zone of the account."""
        if self._facts is None:
            self._facts = _facts(await self._account())
        return self._facts

    def read(self, wanted: Wanted, progress: Progress) -> AsyncIterator[Envelope]:
        """The events of one read, all observed at the instant before its first request."""
        if wanted.kind == ENTITIES:
            return self._entities(progress)
        if wanted.first is None or wanted.last is None:
            raise ValueError(f"{wanted.kind} is read by days")
        if wanted.kind == "hours":
            return self._hours(wanted.first, wanted.last, progress)
        if wanted.kind == "day":
            return self._days(wanted.first, wanted.last, progress)
        raise ValueError(f"Meta has no figures of kind {wanted.kind!r}")

    async def _hours(self, first: date, last: date, progress: Progress) -> AsyncIterator[Envelope]:
        facts = await self.facts()
        read = self._begun(facts, progress)
        rows = await self._insights(first, last, hourly=True, progress=progress)
        for event in hours_observations(rows, read):
            yield event
        for event in coverages("hours", first, last, read):
            yield event

    async def _days(self, first: date, last: date, progress: Progress) -> AsyncIterator[Envelope]:
        facts = await self.facts()
        read = self._begun(facts, progress)
        rows = await self._insights(first, last, hourly=False, progress=progress)
        for event in day_observations(rows, read):
            yield event
        for event in coverages("day", first, last, read):
            yield event

    async def _entities(self, progress: Progress) -> AsyncIterator[Envelope]:
        observed_at = progress.observed_at = datetime.now(UTC)
        account = await self._account()
        self._facts = _facts(account)
        read = Read(self._workspace_id, self.account_id, self._facts, observed_at)
        progress.rows += 1
        yield account_event(account, read)
        for edge in EDGES:
            path = f"{self._node}/{edge.path}"
            async for nodes in self._graph.pages(path, edge_query(edge), EntityNode, 200):
                progress.rows += len(nodes)
                for node in nodes:
                    yield entity_event(edge.level, node, read)

    async def _insights(
        self, first: date, last: date, *, hourly: bool, progress: Progress
    ) -> list[InsightsRow]:
        """All rows of the span. Where Meta finds it too large, it is read in halves."""
        query = hours_query(first, last) if hourly else day_query(first, last)
        rows: list[InsightsRow] = []
        try:
            path = f"{self._node}/insights"
            async for page in self._graph.pages(path, query, InsightsRow, self._page_rows):
                rows += page
        except TooMuchData:
            if first == last:
                raise
            middle = first + timedelta(days=(last - first).days // 2)
            log.info("span halved", marker="[SYNC]", account=self.account_id, days=str(middle))
            halves = ((first, middle), (middle + timedelta(days=1), last))
            return [
                row
                for since, until in halves
                for row in await self._insights(since, until, hourly=hourly, progress=progress)
            ]
        _check_dates(rows, first, last)
        progress.rows += len(rows)
        return rows

    def _begun(self, facts: Facts, progress: Progress) -> Read:
        progress.observed_at = datetime.now(UTC)
        return Read(self._workspace_id, self.account_id, facts, progress.observed_at)

    async def _account(self) -> AccountNode:
        return await self._graph.get(self._node, {"fields": ACCOUNT_FIELDS}, AccountNode)


def _facts(account: AccountNode) -> Facts:
    try:
        return Facts(account.currency, ZoneInfo(account.timezone_name))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Unreadable(f"zone {account.timezone_name!r} is unknown") from error


def _check_dates(rows: Iterable[InsightsRow], first: date, last: date) -> None:
    for row in rows:
        if not first <= row.day <= last:
            raise Unreadable(f"a row of {row.day} was not asked for")
