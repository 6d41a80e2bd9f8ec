"""From a consent to connections, and from a connection to no consent at all.

The platform is asked outside of transactions. What it gave is kept, or ended: a token of which
nothing is made is forgotten here and revoked there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.audit import Actor, record
from accounts.connections import connect, connection_of, disconnect, read_by
from accounts.consents import Started
from accounts.database import transaction
from accounts.poll_work import free
from accounts.token_use import hold, let_go
from accounts.tokens import Token, keep_token
from accounts.vault import Vault
from ingest.providers.oauth import Consent, OAuthProvider, OpenedAccount, in_time
from ingest.revocation import revoke


class OtherAccount(Exception):
    """The consent does not open the account that is to be connected again."""


class AccountClosed(Exception):
    """The platform lets nobody read this account; says which, and why."""


class NotInConsent(Exception):
    """The consent does not open an account that was chosen; says which."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that is connected now."""

    connection_id: UUID
    account_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Linking:
    """Links accounts to workspaces; one per process."""

    control: AsyncEngine
    vault: Vault
    providers: Mapping[str, OAuthProvider]

    async def keep(
        self, workspace_id: UUID, started: Started, consent: Consent, actor: Actor
    ) -> UUID:
        """The id of the kept token, of which accounts are to be chosen."""
        async with transaction(self.control, workspace_id=workspace_id) as db:
            token_id = await self._keep(db, workspace_id, started, consent)
            await record(
                db, workspace_id, actor, "consent.given", token_id, provider=started.provider
            )
        return token_id

    async def connect_again(
        self, workspace_id: UUID, connection_id: UUID, started: Started, consent: Consent, by: Actor
    ) -> None:
        """The connection is read by this consent.

        OtherAccount or AccountClosed, and nothing kept, if it cannot be.
        """
        provider = self.providers[started.provider]
        async with transaction(self.control, workspace_id=workspace_id) as db:
            connection = await connection_of(db, connection_id)
        given = _as_token(workspace_id, started, consent)
        async with in_time():
            accounts = {one.account_id: one for one in await provider.ad_accounts(given)}
        account = accounts.get(connection.account_id) if connection else None
        if connection is None or account is None or account.why_closed:
            await revoke(self.control, provider, given, by)
            raise AccountClosed(account.why_closed) if account else OtherAccount
        async with transaction(self.control, workspace_id=workspace_id) as db:
            await hold(db, connection.token_id)
            token_id = await self._keep(db, workspace_id, started, consent)
            unused = await self._read_by(db, connection_id, token_id, account)
            await _say(db, given, by, "connection.reconnected", connection_id, account)
        await self._revoke_all(unused, by)

    async def accounts(self, token: Token) -> list[OpenedAccount]:
        """Every account that the token opens."""
        async with in_time():
            return await self.providers[token.provider].ad_accounts(token)

    async def choose(
        self, token: Token, account_ids: Collection[str], by: Actor
    ) -> list[Linked] | None:
        """These accounts are connected by this token, all of them or none.

        None if the token is gone; NotInConsent or AccountClosed for one that cannot be.
        """
        opened = {one.account_id: one for one in await self.accounts(token)}
        for account_id in account_ids:
            if (account := opened.get(account_id)) is None:
                raise NotInConsent(account_id)
            if account.why_closed:
                raise AccountClosed(f"{account.name}: {account.why_closed}")
        chosen = [opened[account_id] for account_id in dict.fromkeys(account_ids)]
        made, unused = list[Linked](), list[Token]()
        workspace_id = token.workspace_id
        async with transaction(self.control, workspace_id=workspace_id) as db:
            if not await hold(db, token.token_id):
                return None
            for account in chosen:
                linked, before = await self._link(db, token, account, by)
                made.append(linked)
                unused += before
        await self._revoke_all(unused, by)
        return made

    async def disconnect(self, workspace_id: UUID, connection_id: UUID, by: Actor) -> bool:
        """It is read no more and its history stays; False if there is no such connection.

        Its token ends, unless another connection is read by it.
        """
        token = None
        async with transaction(self.control, workspace_id=workspace_id) as db:
            if (connection := await connection_of(db, connection_id)) is None:
                return False
            await hold(db, connection.token_id)
            if (before := await disconnect(db, connection_id)) is not None:
                if before.token_id is not None:
                    token = await let_go(db, self.vault, before.token_id)
                await record(
                    db,
                    workspace_id,
                    by,
                    "connection.disconnected",
                    connection_id,
                    provider=before.provider,
                    account_id=before.account_id,
                )
        await self._revoke_all([token] if token else [], by)
        return True

    async def _keep(
        self, db: AsyncConnection, workspace_id: UUID, started: Started, consent: Consent
    ) -> UUID:
        return await keep_token(
            db,
            self.vault,
            workspace_id,
            started.provider,
            consent.subject,
            consent.grant,
            started.user_id,
        )

    async def _link(
        self, db: AsyncConnection, token: Token, account: OpenedAccount, by: Actor
    ) -> tuple[Linked, list[Token]]:
        """The connection, and tokens that nobody reads by any more."""
        new_id = uuid4()
        connection_id = await connect(
            db,
            token.workspace_id,
            provider=token.provider,
            account_id=account.account_id,
            label=account.name,
            zone=account.zone,
            currency=account.currency,
            connection_id=new_id,
            token_id=token.token_id,
        )
        action, unused = "connection.made", list[Token]()
        if connection_id != new_id:
            action = "connection.reconnected"
            unused = await self._read_by(db, connection_id, token.token_id, account)
        await _say(db, token, by, action, connection_id, account)
        kept = await connection_of(db, connection_id)
        label = kept.label if kept else account.name
        return Linked(connection_id, account.account_id, label), unused

    async def _read_by(
        self, db: AsyncConnection, connection_id: UUID, token_id: UUID, account: OpenedAccount
    ) -> list[Token]:
        """Tokens that nobody reads by any more."""
        before = await read_by(
            db, connection_id, token_id, zone=account.zone, currency=account.currency
        )
        await free(db, connection_id)
        gone = await let_go(db, self.vault, before) if before else None
        return [gone] if gone else []

    async def _revoke_all(self, unused: Collection[Token], by: Actor) -> None:
        for token in unused:
            await revoke(self.control, self.providers.get(token.provider), token, by)


def _as_token(workspace_id: UUID, started: Started, consent: Consent) -> Token:
    """A grant that is kept nowhere yet."""
    grant, token_id = consent.grant, uuid4()
    return Token(
        workspace_id=workspace_id,
        token_id=token_id,
        provider=started.provider,
        subject=consent.subject or str(token_id),
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        scopes=grant.scopes,
        issued_at=datetime.now(UTC),
        expires_at=grant.expires_at,
        refresh_expires_at=grant.refresh_expires_at,
        renew_at=grant.renew_at,
        renew_attempts=0,
        dead_at=None,
        dead_reason=None,
    )


async def _say(
    db: AsyncConnection,
    token: Token,
    by: Actor,
    action: str,
    connection_id: UUID,
    account: OpenedAccount,
) -> None:
    told = {"provider": token.provider, "account_id": account.account_id}
    await record(db, token.workspace_id, by, action, connection_id, **told)
