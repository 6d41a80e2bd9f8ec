"""Shopify's signature: a known one, and every way in which another is none."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.providers.shopify.signature import is_signed, signature

SECRET = "shpss_test"
ANSWER = {
    "code": "abc",
    "host": "YWRtaW4",
    "shop": "demo-store.myshopify.com",
    "state": "n1",
    "timestamp": "1700000000",
}
HMAC = "27850a079af4de77d633637e40020c2d062f9a425a57c13619b2d8e31fc0e58c"
AT = datetime.fromtimestamp(1_700_000_000, UTC)


def test_a_known_answer_has_its_known_signature() -> None:
    """Computed by another program; `signature` is an older one that is never signed."""
    assert signature(ANSWER, SECRET) == HMAC
    assert is_signed({**ANSWER, "hmac": HMAC, "signature": "x"}, SECRET, AT)


@pytest.mark.parametrize(
    "changed",
    [
        {"hmac": ""},
        {"hmac": HMAC.upper()},
        {"hmac": HMAC[:-1]},
        {"hmac": "é"},
        {"code": "abd"},
        {"shop": "other-store.myshopify.com"},
        {"state": "n2"},
        {"timestamp": "1700000001"},
        {"more": "x"},
    ],
)
def test_an_altered_answer_is_not_signed(changed: dict[str, str]) -> None:
    """One letter of any parameter, or one parameter more."""
    assert not is_signed({**ANSWER, "hmac": HMAC, **changed}, SECRET, AT)


@pytest.mark.parametrize("name", ANSWER)
def test_an_answer_that_lacks_a_parameter_is_not_signed(name: str) -> None:
    """Nor is one without a signature."""
    short = {key: value for key, value in ANSWER.items() if key != name}
    assert not is_signed({**short, "hmac": HMAC}, SECRET, AT)
    assert not is_signed(ANSWER, SECRET, AT)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_an_old_answer_is_no_longer_good(seconds: int) -> None:
    """Five minutes, either way: clocks differ."""
    signed = {**ANSWER, "hmac": HMAC}
    assert not is_signed(signed, SECRET, AT + timedelta(seconds=seconds))
    assert is_signed(signed, SECRET, AT + timedelta(seconds=299))


@pytest.mark.parametrize("told", ["", "soon", "-1", "1e9", "１７", "9" * 5000])
def test_a_timestamp_that_is_none_is_refused(told: str) -> None:
    """Even when it was signed."""
    answer = {**ANSWER, "timestamp": told}
    assert not is_signed({**answer, "hmac": signature(answer, SECRET)}, SECRET, AT)
