"""The reader of each connection, kept between pieces: its account's facts are asked for once."""

from collections.abc import Mapping
from uuid import UUID

from accounts.leases import Lease
from ingest.providers.errors import TokenDead
from ingest.providers.protocol import Access, Provider, Reader


class Readers:
    """Opens connections. Until there is a vault, those of demo workspaces alone have a token."""

    def __init__(self, providers: Mapping[str, Provider], demo_tokens: Mapping[str, str]) -> None:
        self._providers = providers
        self._demo_tokens = demo_tokens
        self._readers: dict[UUID, tuple[Access, Reader]] = {}

    def of(self, lease: Lease) -> Reader:
        """The reader of the lease's connection; raises TokenDead if no token is kept for it."""
        connection = lease.connection
        token = self._demo_tokens.get(connection.provider) if lease.is_demo else None
        if token is None:
            raise TokenDead("no access token is kept for this connection")
        access = Access(connection.workspace_id, connection.account_id, token)
        known = self._readers.get(connection.connection_id)
        if known is None or known[0] != access:
            # With another token the one before is forgotten.
            known = access, self._providers[connection.provider].reader(access)
            self._readers[connection.connection_id] = known
        return known[1]
