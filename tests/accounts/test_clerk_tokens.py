"""Which of Clerk's tokens are accepted, and how its keys are read."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import jwt
import pytest

from accounts.clerk.errors import KeysAway
from accounts.clerk.keys import KEPT_SECONDS, PAUSE_SECONDS, SigningKeys
from accounts.clerk.verify import Verified, Verifier
from tests.accounts.clerk import Clerk, SigningKey, claims

JWKS = "/.well-known/jwks.json"


@pytest.fixture
def clerk() -> Clerk:
    return Clerk("http://clerk.test", keys=[SigningKey().jwk])


@pytest.fixture
async def verifier(clerk: Clerk) -> AsyncIterator[Verifier]:
    transport = httpx2.ASGITransport(app=clerk.app())
    async with httpx2.AsyncClient(transport=transport) as http:
        yield Verifier(SigningKeys(http, clerk.url), clerk.settings())


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many seconds later it is for the keys, in its only element."""
    added = [0.0]
    monkeypatch.setattr("accounts.clerk.keys.monotonic", lambda: time.monotonic() + added[0])
    return added


async def test_a_token_of_clerks_says_who_it_is(clerk: Clerk, verifier: Verifier) -> None:
    """The user by `sub`, the session by `sid`."""
    verified = await verifier.check(clerk.token("user_2a", sid="sess_2b"))
    assert verified == Verified(clerk_id="user_2a", session_id="sess_2b")


NOW = int(time.time())
REFUSED: dict[str, dict[str, Any]] = {
    "expired six seconds ago": {"exp": NOW - 6},
    "not valid before an hour": {"nbf": NOW + 3600},
    "issued in an hour": {"iat": NOW + 3600},
    "of another issuer": {"iss": "https://clerk.evil.example"},
    "of an issuer that begins like ours": {"iss": "http://clerk.tes"},
    "of another party": {"azp": "https://evil.example"},
    "of a party with a slash": {"azp": "https://app.metricx.test/"},
    "of no party": {"azp": None},
    "of a list of parties": {"azp": ["https://app.metricx.test"]},
    "of a sign-in that is not whole": {"sts": "pending"},
    "of a status nobody knows": {"sts": "frozen"},
    "for another audience": {"aud": "https://other.example"},
    "without an end": {"exp": None},
    "without a start": {"nbf": None},
    "without an age": {"iat": None},
    "without an issuer": {"iss": None},
    "without a session": {"sid": None},
    "of a session that is a number": {"sid": 7},
    "of an empty session": {"sid": ""},
    "of an empty user": {"sub": ""},
    "of a user that is a number": {"sub": 7},
}


@pytest.mark.parametrize("changed", REFUSED.values(), ids=REFUSED.keys())
async def test_a_signed_token_is_refused(
    clerk: Clerk, verifier: Verifier, changed: dict[str, Any]
) -> None:
    """Clerk's own signature, but the wrong claims."""
    given = {**claims(clerk.url), **changed}
    token = SigningKey().sign({name: each for name, each in given.items() if each is not None})
    assert await verifier.check(token) is None


@pytest.mark.parametrize("changed", [{"exp": -3}, {"nbf": 4}, {"iat": 4}])
async def test_clocks_may_differ_by_five_seconds(
    clerk: Clerk, verifier: Verifier, changed: dict[str, Any]
) -> None:
    """No more: see the six seconds above."""
    moved: dict[str, Any] = {name: int(time.time()) + seconds for name, seconds in changed.items()}
    assert await verifier.check(clerk.token("user_2a", **moved)) is not None


def unsigned(issuer: str) -> str:
    return jwt.encode(claims(issuer), "", algorithm="none", headers={"kid": "ins_1"})


def by_public_key(issuer: str) -> str:
    """HS256 with the public key as the secret, which a careless check takes for RS256's key."""
    import base64
    import hashlib
    import hmac

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    head = part(b'{"alg":"HS256","typ":"JWT","kid":"ins_1"}')
    body = SigningKey().sign(claims(issuer)).split(".")[1]
    signature = hmac.digest(SigningKey().public_pem, f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{part(signature)}"


def by_another_key(issuer: str) -> str:
    return SigningKey("ins_other").sign(claims(issuer), kid="ins_1")


def of_an_unknown_key(issuer: str) -> str:
    return SigningKey("ins_other").sign(claims(issuer))


def without_a_key_id(issuer: str) -> str:
    return jwt.encode(claims(issuer), SigningKey().private, algorithm="RS256")


def by_rs512(issuer: str) -> str:
    kid = {"kid": "ins_1"}
    return jwt.encode(claims(issuer), SigningKey().private, algorithm="RS512", headers=kid)


def with_an_altered_claim(issuer: str) -> str:
    head, _, signature = SigningKey().sign(claims(issuer)).split(".")
    body = SigningKey().sign(claims(issuer, sub="user_boss")).split(".")[1]
    return f"{head}.{body}.{signature}"


@pytest.mark.parametrize(
    "forged",
    [
        unsigned,
        by_public_key,
        by_another_key,
        of_an_unknown_key,
        without_a_key_id,
        by_rs512,
        with_an_altered_claim,
    ],
)
async def test_a_forged_token_is_refused(clerk: Clerk, verifier: Verifier, forged: Any) -> None:
    """RS256 by a key of the list, and nothing else."""
    assert await verifier.check(clerk.token("user_2a")) is not None
    assert await verifier.check(forged(clerk.url)) is None


@pytest.mark.parametrize("text", ["", "x", "x.y.z", "a.b", "eyJhbGciOiJSUzI1NiJ9..", "é.é.é"])
async def test_what_is_no_token_is_refused_without_asking_clerk(
    clerk: Clerk, verifier: Verifier, text: str
) -> None:
    """Nor is it an error."""
    assert await verifier.check(text) is None
    assert clerk.asked == []


@pytest.mark.parametrize(
    "jwk",
    [
        {**SigningKey("ins_x").jwk, "use": "enc"},
        {**SigningKey("ins_x").jwk, "alg": "RS512"},
        {**SigningKey("ins_x").jwk, "n": "AQAB"},
        {**SigningKey("ins_x").jwk, "n": 7},
        {"kty": "oct", "kid": "ins_x", "k": "c2VjcmV0", "alg": "HS256"},
        "no key",
    ],
)
async def test_a_key_of_another_kind_is_passed_over(
    clerk: Clerk, verifier: Verifier, jwk: Any
) -> None:
    """The good one beside it still counts."""
    clerk.keys.append(jwk)
    assert await verifier.check(SigningKey("ins_x").sign(claims(clerk.url))) is None
    assert await verifier.check(clerk.token("user_2a")) is not None


async def test_a_short_key_is_passed_over(clerk: Clerk, verifier: Verifier) -> None:
    """1,024 bits are not enough to be believed."""
    short = SigningKey("ins_short", bits=1024)
    clerk.keys.append(short.jwk)
    assert await verifier.check(short.sign(claims(clerk.url))) is None


async def test_keys_are_read_once_in_five_minutes(
    clerk: Clerk, verifier: Verifier, later: list[float]
) -> None:
    """And again after that."""
    for later[0] in (0, 100, KEPT_SECONDS - 1):
        assert await verifier.check(clerk.token("user_2a")) is not None
    assert clerk.count(JWKS) == 1
    later[0] = KEPT_SECONDS + 1
    assert await verifier.check(clerk.token("user_2a")) is not None
    assert clerk.count(JWKS) == 2


async def test_a_new_key_is_accepted_at_once(
    clerk: Clerk, verifier: Verifier, later: list[float]
) -> None:
    """Rotation: a token of a key not seen yet makes it read again."""
    assert await verifier.check(clerk.token("user_2a")) is not None
    clerk.keys.append(SigningKey("ins_2").jwk)
    later[0] = PAUSE_SECONDS + 1
    assert await verifier.check(SigningKey("ins_2").sign(claims(clerk.url))) is not None
    assert await verifier.check(clerk.token("user_2a")) is not None
    assert clerk.count(JWKS) == 2


async def test_a_withdrawn_key_is_refused_within_five_minutes(
    clerk: Clerk, verifier: Verifier, later: list[float]
) -> None:
    """A read replaces all keys."""
    old = clerk.token("user_2a")
    assert await verifier.check(old) is not None
    clerk.keys[:] = [SigningKey("ins_2").jwk]
    later[0] = KEPT_SECONDS + 1
    assert await verifier.check(old) is None


async def test_unknown_keys_cause_no_flood(
    clerk: Clerk, verifier: Verifier, later: list[float]
) -> None:
    """One read in ten seconds, however many tokens name keys that do not exist."""
    forged = [SigningKey("ins_other").sign(claims(clerk.url), kid=f"k{i}") for i in range(200)]
    assert await verifier.check(clerk.token("user_2a")) is not None
    for second in range(20):
        later[0] = float(second)
        await asyncio.gather(*map(verifier.check, forged))
    assert clerk.count(JWKS) == 2


async def test_reads_at_once_are_one(clerk: Clerk, verifier: Verifier) -> None:
    """A hundred first requests wait for the same answer, and one that gives up takes none along."""
    clerk.delay_seconds = 0.2
    token = clerk.token("user_2a")
    checks = [asyncio.create_task(verifier.check(token)) for _ in range(100)]
    await asyncio.sleep(0.05)
    checks[0].cancel()
    assert None not in await asyncio.gather(*checks[1:])
    assert clerk.count(JWKS) == 1


async def test_old_keys_go_on_while_clerk_is_away(
    clerk: Clerk, verifier: Verifier, later: list[float]
) -> None:
    """Past the five minutes, too, with no more than a read in ten seconds."""
    token = clerk.token("user_2a")
    assert await verifier.check(token) is not None
    clerk.is_away = True
    for later[0] in (KEPT_SECONDS + 1, KEPT_SECONDS + 2, 10 * KEPT_SECONDS):
        assert await verifier.check(token) is not None
    assert clerk.count(JWKS) == 3


@pytest.mark.parametrize("keys", [[], [{"kty": "EC", "kid": "x"}]])
async def test_a_list_without_keys_does_not_replace_those_that_were_read(
    clerk: Clerk, verifier: Verifier, later: list[float], keys: list[Any]
) -> None:
    """It is a failure of Clerk's, not word that all keys are withdrawn."""
    token = clerk.token("user_2a")
    assert await verifier.check(token) is not None
    clerk.keys[:] = keys
    later[0] = KEPT_SECONDS + 1
    assert await verifier.check(token) is not None


async def test_before_any_key_was_read_nothing_is_said_of_a_token(
    clerk: Clerk, verifier: Verifier
) -> None:
    """An error, which becomes 503: a 401 would sign people out for Clerk's sake."""
    clerk.is_away = True
    for _ in range(3):
        with pytest.raises(KeysAway):
            await verifier.check(clerk.token("user_2a"))
    assert clerk.count(JWKS) == 1


async def test_of_cookies_beside_each_other_this_issuers_newest_counts(
    clerk: Clerk, verifier: Verifier
) -> None:
    """Another installation on this host has its own; a stale one may have stayed behind."""
    now = int(time.time())
    old, new = (clerk.token("user_2a", iat=now + at) for at in (-100, -1))
    foreign = SigningKey().sign(claims("https://clerk.other.example", iat=now))
    assert verifier.newest(["x", old, new, foreign]) == new
    assert verifier.newest([]) is None
