"""Consent of all three platforms, from the page to tokens, on the sandbox."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from accounts.tokens import Grant, Token
from ingest.providers.errors import ProviderError, Rejected, TokenDead, Transient
from ingest.providers.oauth import Asked, Consent, OAuthProvider, renewal_of
from ingest.providers.registry import oauth_names, open_oauth, provider_names
from tests.ingest.consenting import SHOP, at, decide
from tests.sandbox.running import Sandbox

PROVIDERS = ("google", "meta", "shopify")
ASKED = Asked("http://127.0.0.1:9/auth/x/callback", "v" * 43, SHOP)


@pytest.fixture(params=PROVIDERS)
async def provider(
    request: pytest.FixtureRequest, sandbox: Sandbox
) -> AsyncIterator[OAuthProvider]:
    """Each of the three."""
    opened = open_oauth(request.param, at(sandbox)[request.param])
    yield opened
    await opened.close()


async def consented(provider: OAuthProvider, sandbox: Sandbox) -> Consent:
    """What an approval comes to."""
    answer = decide(sandbox, provider.authorize_url("a-state", ASKED))
    assert answer["state"] == "a-state"
    assert provider.is_genuine(answer, datetime.now(UTC))
    return await provider.exchange(answer["code"], ASKED)


def kept(grant: Grant, provider: OAuthProvider) -> Token:
    """The grant as it comes out of the vault."""
    now = datetime.now(UTC)
    return Token(
        workspace_id=UUID(int=1),
        token_id=UUID(int=2),
        provider=provider.name,
        subject=SHOP,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        scopes=grant.scopes,
        issued_at=now,
        expires_at=grant.expires_at,
        refresh_expires_at=grant.refresh_expires_at,
        renew_at=grant.renew_at,
        renew_attempts=0,
        dead_at=None,
        dead_reason=None,
    )


def test_what_can_be_connected_and_what_is_read() -> None:
    """Google and Shopify stand ready for their readers."""
    assert tuple(oauth_names()) == PROVIDERS
    assert provider_names() == ["meta"]


async def test_a_consent_opens_accounts_is_renewed_and_revoked(
    provider: OAuthProvider, sandbox: Sandbox
) -> None:
    """The whole life of a token; after its end only the person can mend it."""
    token = kept((await consented(provider, sandbox)).grant, provider)
    accounts = await provider.ad_accounts(token)
    assert accounts
    assert all(one.account_id and one.name and one.currency and one.zone for one in accounts)

    longer = kept(await provider.renew(token), provider)
    assert longer.access_token != token.access_token
    assert await provider.ad_accounts(longer) == accounts

    await provider.revoke(longer)
    with pytest.raises(TokenDead):
        await provider.ad_accounts(longer)
    with pytest.raises(TokenDead):
        await provider.renew(longer)


@pytest.mark.parametrize(
    ("name", "life", "ahead", "subject", "refreshes"),
    [
        ("meta", timedelta(days=60), timedelta(days=10), "10160042004200", False),
        ("google", timedelta(seconds=3599), timedelta(minutes=5), None, True),
        ("shopify", timedelta(hours=1), timedelta(minutes=5), SHOP, True),
    ],
)
async def test_when_a_token_is_renewed(
    sandbox: Sandbox,
    name: str,
    life: timedelta,
    ahead: timedelta,
    subject: str | None,
    refreshes: bool,
) -> None:
    """Of Meta's the long-lived one is kept, ten days before whose end another is asked for."""
    provider = open_oauth(name, at(sandbox)[name])
    consent = await consented(provider, sandbox)
    await provider.close()
    grant, now = consent.grant, datetime.now(UTC)
    assert consent.subject == subject
    assert (grant.refresh_token is not None) == refreshes
    assert grant.expires_at is not None
    assert grant.renew_at is not None
    assert abs(grant.expires_at - now - life) < timedelta(seconds=10)
    assert grant.renew_at == grant.expires_at - ahead


async def test_a_refusal_brings_no_code(provider: OAuthProvider, sandbox: Sandbox) -> None:
    """All three say access_denied, and bring the state back."""
    answer = decide(sandbox, provider.authorize_url("a-state", ASKED), "refuse")
    assert (answer["error"], answer["state"]) == ("access_denied", "a-state")
    assert "code" not in answer


async def test_a_code_is_good_once(provider: OAuthProvider, sandbox: Sandbox) -> None:
    """And a made-up one never: what the platform says is ours to tell, not to raise."""
    answer = decide(sandbox, provider.authorize_url("a-state", ASKED))
    await provider.exchange(answer["code"], ASKED)
    for code in (answer["code"], "made-up"):
        with pytest.raises((Rejected, TokenDead)):
            await provider.exchange(code, ASKED)


async def test_secrets_stand_in_no_error_and_no_address(
    provider: OAuthProvider, sandbox: Sandbox
) -> None:
    """Neither the page's address, nor what is raised when the platform is away."""
    settings = at(sandbox)[provider.name]
    secret = str(settings.get("app_secret") or settings.get("client_secret"))
    assert secret not in provider.authorize_url("a-state", ASKED)
    away = {
        name: str(value).replace(sandbox.url, "http://127.0.0.1:1")
        for name, value in settings.items()
    }
    gone = open_oauth(provider.name, away)
    with pytest.raises(Transient) as raised:
        await gone.exchange("the-code", ASKED)
    await gone.close()
    assert secret not in repr(raised.value)
    assert "the-code" not in repr(raised.value)


async def test_a_platform_in_trouble_is_tried_again(
    provider: OAuthProvider, sandbox: Sandbox
) -> None:
    """Its 500 while a token is renewed says nothing of the token."""
    token = kept((await consented(provider, sandbox)).grant, provider)
    sandbox.order("faults", kind="error", code=2, status=500, times=1, match="token")
    with pytest.raises(Transient):
        await provider.renew(token)
    await provider.renew(token)


async def test_without_an_app_nobody_can_connect(provider: OAuthProvider, sandbox: Sandbox) -> None:
    """Id and secret, both."""
    assert provider.is_configured
    settings = at(sandbox)[provider.name]
    for missing in settings.keys() & {"app_id", "app_secret", "client_id", "client_secret"}:
        bare = open_oauth(provider.name, {**settings, missing: None})
        assert not bare.is_configured
        await bare.close()
    with pytest.raises(ValueError, match=f"settings of {provider.name}"):
        open_oauth(provider.name, {**settings, "base_ulr": "x"})


async def test_what_each_page_is_asked_for(sandbox: Sandbox) -> None:
    """No more than figures take, and of Google what makes a refresh token sure."""
    asked: dict[str, dict[str, list[str]]] = {}
    for name in PROVIDERS:
        provider = open_oauth(name, at(sandbox)[name])
        asked[name] = parse_qs(urlsplit(provider.authorize_url("s", ASKED)).query)
        await provider.close()
    assert asked["meta"]["scope"] == ["ads_read,business_management"]
    assert asked["google"]["scope"] == ["https://www.googleapis.com/auth/adwords"]
    assert asked["shopify"]["scope"] == ["read_orders,read_products,read_customers,read_inventory"]
    assert asked["google"]["access_type"] == ["offline"]
    assert asked["google"]["prompt"] == ["consent"]
    assert asked["google"]["code_challenge_method"] == ["S256"]
    assert len(asked["google"]["code_challenge"][0]) == 43


async def test_a_closed_account_says_why(sandbox: Sandbox) -> None:
    """It is listed last."""
    meta = open_oauth("meta", at(sandbox)["meta"])
    token = kept((await consented(meta, sandbox)).grant, meta)
    *opened, closed = await meta.ad_accounts(token)
    await meta.close()
    assert [one.why_closed for one in opened] == [None, None]
    assert (closed.name, closed.why_closed) == ("Closed Outlet", "Meta has disabled it.")


async def test_clients_of_managers_are_found_and_managers_are_not(sandbox: Sandbox) -> None:
    """A manager has no figures of its own."""
    google = open_oauth("google", at(sandbox)["google"])
    token = kept((await consented(google, sandbox)).grant, google)
    accounts = await google.ad_accounts(token)
    await google.close()
    assert [one.name for one in accounts] == ["Defang Labs", "Harbour Books", "Northwind Coffee"]


async def test_another_verifier_than_asked_with_is_refused(sandbox: Sandbox) -> None:
    """Whoever stole a code cannot use it."""
    google = open_oauth("google", at(sandbox)["google"])
    answer = decide(sandbox, google.authorize_url("s", ASKED))
    with pytest.raises(ProviderError):
        await google.exchange(answer["code"], Asked(ASKED.redirect_uri, "w" * 43))
    await google.close()


def test_a_renewal_that_brings_no_longer_life_is_not_asked_for_without_end() -> None:
    """Meta may answer with the same expiry: half of what is left passes first."""
    now = datetime.now(UTC)
    soon = renewal_of(now + timedelta(days=4), timedelta(days=10))
    assert timedelta(days=1, hours=23) < soon - now < timedelta(days=2, hours=1)
