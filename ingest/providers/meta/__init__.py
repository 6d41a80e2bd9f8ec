"""Meta: Facebook's and Instagram's ads, by the Marketing API.

`client` speaks HTTP and obeys throttles, `insights` and `entities` know what to ask for,
`observations` turns rows into readings, `reader` puts a read together. Start there. `oauth` is how
accounts are connected.
"""

from collections.abc import Mapping

import httpx2

from ingest.outbound import outbound_client
from ingest.providers.meta.client import GraphClient
from ingest.providers.meta.observations import PROVIDER
from ingest.providers.meta.reader import MetaReader
from ingest.providers.meta.settings import Settings, settings_of
from ingest.providers.meta.throttle import Gate, Gates
from ingest.providers.protocol import Access, Provider, Reader

_CONNECT_SECONDS, _SILENT_SECONDS = 5.0, 60.0


class MetaProvider:
    """A `Provider`; connections and throttle gates are shared by all its readers."""

    name = PROVIDER
    dated_kinds = ("hours", "day")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        timeout = httpx2.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS)
        self._http = outbound_client([settings.base_url], timeout)
        self._app_gate = Gate()
        self._account_gates: dict[str, Gate] = {}

    def reader(self, access: Access) -> Reader:
        """A reader of this account."""
        settings = self._settings
        gates = Gates(self._app_gate, self._account_gates.setdefault(access.account_id, Gate()))
        graph = GraphClient(
            self._http,
            f"{settings.base_url}/{settings.version}",
            access.token,
            app_secret=settings.app_secret or None,
            gates=gates,
        )
        return MetaReader(graph, access, page_rows=settings.page_rows)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()


def open_provider(settings: Mapping[str, object]) -> Provider:
    """Meta with these `Settings`; raises ValueError if they do not fit."""
    return MetaProvider(settings_of(settings))
