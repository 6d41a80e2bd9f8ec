"""Meta: Facebook's and Instagram's ads, by the Marketing API.

`client` speaks HTTP and obeys throttles, `insights` and `entities` know what to ask for,
`observations` turns rows into readings, `reader` puts a read together. Start there.
"""

from collections.abc import Mapping

import httpx2
import msgspec

from ingest.providers.meta.client import GraphClient
from ingest.providers.meta.observations import PROVIDER
from ingest.providers.meta.reader import MetaReader
from ingest.providers.meta.throttle import Gate, Gates
from ingest.providers.protocol import Access, Provider, Reader

_CONNECT_SECONDS, _SILENT_SECONDS = 5.0, 60.0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where Meta is and how it is asked; `base_url` is without version and trailing slash."""

    base_url: str
    version: str
    app_secret: str | None = None
    page_rows: int = 500


class MetaProvider:
    """A `Provider`; connections and throttle gates are shared by all its readers."""

    name = PROVIDER
    dated_kinds = ("hours", "day")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS),
            follow_redirects=False,
        )
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
    try:
        return MetaProvider(msgspec.convert(settings, Settings))
    except msgspec.ValidationError as error:
        raise ValueError(f"settings of meta: {error}") from error
