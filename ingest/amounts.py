"""Numbers of a platform, which writes them as text, to integers; exact, without floats."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from schemas.limits import MAX_FIGURE

MICROS = 1_000_000

_MICRO = Decimal("0.000001")
_EXACT = Context(prec=64, rounding=ROUND_HALF_EVEN)


class UnreadableNumber(ValueError):
    """Text that is no number, or a number that no figure can hold."""


def micros(text: object, *, may_fall_below_zero: bool = False) -> int:
    """An amount in major units, as micros; finer digits round half to even.

    Takes text or an integer. A float has lost digits already, so it is refused.
    """
    return _bounded(
        int(_decimal(text).quantize(_MICRO, context=_EXACT).scaleb(6, context=_EXACT)),
        text,
        may_fall_below_zero,
    )


def count(text: object) -> int:
    """A whole number of things; text with a fraction is refused."""
    number = _decimal(text)
    if number != number.to_integral_value():
        raise UnreadableNumber(f"{text!r} is no whole number")
    return _bounded(int(number), text, may_fall_below_zero=False)


def micros_of_minor_units(text: object, per_major: int) -> int:
    """An amount in a currency's smallest units, `per_major` of which are one, as micros."""
    return _bounded(count(text) * MICROS // per_major, text, may_fall_below_zero=False)


def _decimal(text: object) -> Decimal:
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise UnreadableNumber(f"{text!r} is neither text nor an integer")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UnreadableNumber(f"{text!r} is no number") from error
    # The exponent first: int(Decimal("1e999999999")) would fill the memory.
    if not number.is_finite() or number.adjusted() > len(str(MAX_FIGURE)):
        raise UnreadableNumber(f"{text!r} is beyond any figure")
    return number


def _bounded(figure: int, text: object, may_fall_below_zero: bool) -> int:
    if not (-MAX_FIGURE if may_fall_below_zero else 0) <= figure <= MAX_FIGURE:
        raise UnreadableNumber(f"{text!r} is out of range")
    return figure
