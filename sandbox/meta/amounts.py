"""Numbers as Meta writes them: always strings, never with an exponent."""

from decimal import ROUND_HALF_UP, Decimal

_MICROS = 1_000_000
_SIX_PLACES = Decimal("0.000001")


def money(micros: int) -> str:
    """Spend in major units with two decimals; a plain "0" for nothing."""
    cents = micros // 10_000
    return f"{cents // 100}.{cents % 100:02d}" if cents else "0"


def value(micros: int) -> str:
    """A worth in major units without idle zeros: 185.4."""
    return _plain(Decimal(micros) / _MICROS)


def ratio(number: int, of: int) -> str | None:
    """A quotient with at most six decimals and no idle zeros; None by zero."""
    return _plain((Decimal(number) / of).quantize(_SIX_PLACES, ROUND_HALF_UP)) if of else None


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
