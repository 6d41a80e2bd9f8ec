"""The reader of each connection, kept between pieces: its account's facts are asked for once."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.connections import Connection
from accounts.database import transaction
from accounts.errors import VaultError
from accounts.token_use import Issue, issue_for
from accounts.tokens import read_token
from accounts.vault import Vault
from ingest.providers.errors import TokenDead
from ingest.providers.protocol import Access, Provider, Reader


class Readers:
    """Opens connections by the tokens that the vault keeps for them."""

    def __init__(
        self, providers: Mapping[str, Provider], control: AsyncEngine, vault: Vault
    ) -> None:
        self._providers = providers
        self._control = control
        self._vault = vault
        self._readers: dict[UUID, tuple[Issue, Reader]] = {}

    async def of(self, connection: Connection) -> tuple[Reader, Issue]:
        """The connection's reader, and the issue of the token that it reads by.

        Raises TokenDead if it has no token, or one that is dead or does not open.
        """
        workspace_id, connection_id = connection.workspace_id, connection.connection_id
        async with transaction(self._control, workspace_id=workspace_id) as db:
            issue = await issue_for(db, connection_id)
            if issue is None:
                raise TokenDead("no access token is kept for this connection")
            if issue.dead_reason is not None:
                raise TokenDead(issue.dead_reason)
            known = self._readers.get(connection_id)
            if known is not None and known[0] == issue:
                return known[1], issue
            try:
                token = await read_token(db, self._vault, issue.token_id)
            except VaultError as error:
                raise TokenDead(f"the access token does not open: {error}") from error
        if token is None:
            raise TokenDead("no access token is kept for this connection")
        # Of the token before, nothing is left. Issued again meanwhile, it is read again next time.
        access = Access(workspace_id, connection.account_id, token.access_token)
        reader = self._providers[connection.provider].reader(access)
        self._readers[connection_id] = issue, reader
        return reader, issue
