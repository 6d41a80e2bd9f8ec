"""The catalogue as data: complete, consistent, and computed as it says."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readmodels.semantic.catalogue import BY_ID, CONVERSIONS, CPA, CPC, CPM, METRICS, ROAS
from readmodels.semantic.metrics import Better, Metric, Ratio, Sum, Unit
from readmodels.semantic.query import Order, QueryInvalid, SemanticQuery, Span

micros = st.integers(0, 10**15)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_an_entry_says_all_that_a_page_shows(metric: Metric) -> None:
    """Ids are words, meanings sentences, examples questions, and costs are better lower."""
    assert re.fullmatch(r"[a-z][a-z_]*", metric.id)
    assert metric.meaning.endswith(".")
    assert metric.example.endswith("?")
    assert metric.formula
    assert metric.synonyms
    assert metric.bases
    is_cost = isinstance(metric, Ratio) and metric.unit is Unit.MONEY
    assert (metric.better is Better.LOWER) == is_cost


def test_no_word_names_two_metrics() -> None:
    """Labels and synonyms are what a question is understood by."""
    words = [word.lower() for each in METRICS for word in (each.id, *each.synonyms)]
    assert len(words) == len(set(words))


def test_formulas_read_as_the_page_prints_them() -> None:
    """Made from the entry, never written beside it."""
    assert CPC.formula == "Ad spend ÷ clicks"
    assert CPM.formula == "Ad spend ÷ impressions × 1,000"
    assert ROAS.formula == "Purchase value ÷ ad spend"
    assert CONVERSIONS.formula == "Purchases + leads + installs"


@given(micros, st.integers(0, 10**9), st.integers(0, 10**12))
def test_money_ratios_are_exact_to_the_micro(spend: int, clicks: int, count_micros: int) -> None:
    """Rounded half to even, and null where the lower sum is zero."""
    sums = {"spend": spend, "clicks": clicks, "purchases": count_micros, "leads": 0, "installs": 0}
    cpc, cpa = CPC.value(sums), CPA.value(sums)
    assert cpc == (round(Fraction(spend, clicks)) if clicks else None)
    assert cpa == (round(Fraction(spend * 1_000_000, count_micros)) if count_micros else None)


def test_fractional_conversions_are_counted_as_fractions() -> None:
    """Platforms credit parts of a conversion."""
    sums = {"purchases": 1_500_000, "leads": 500_000, "installs": 250_000}
    assert CONVERSIONS.value(sums) == 2.25
    assert BY_ID["leads"].value(sums) == 0.5


def test_ratios_are_made_of_sums() -> None:
    """Never of ratios: what is divided can be added up."""
    for metric in METRICS:
        if isinstance(metric, Ratio):
            assert isinstance(metric.of, Sum)
            assert isinstance(metric.over, Sum)


@pytest.mark.parametrize(
    "asked",
    [
        {"metrics": ("nonsense",)},
        {"metrics": ()},
        {"spans": ()},
        {"metrics": ("spend",), "order": Order("cpc")},
        {"limit": 5},
        {"order": Order("spend"), "limit": 0},
        {"order": Order("spend"), "limit": 1_000_000},
    ],
)
def test_what_has_no_answer_is_refused(asked: dict[str, object]) -> None:
    """Before any statement is made."""
    from datetime import date

    span = Span(date(2026, 1, 1), date(2026, 1, 31))
    with pytest.raises(QueryInvalid):
        SemanticQuery(**{"spans": (span,), **asked})  # type: ignore[arg-type]


def test_a_span_is_not_longer_than_can_be_read() -> None:
    """400 dates, and at least one."""
    from datetime import date, timedelta

    first = date(2026, 1, 1)
    for days in (-1, 400):
        with pytest.raises(QueryInvalid):
            SemanticQuery(spans=(Span(first, first + timedelta(days=days)),))


@pytest.mark.parametrize("metric", METRICS, ids=[metric.id for metric in METRICS])
@pytest.mark.parametrize("descending", [True, False])
def test_an_order_by_direction_is_that_direction(metric: Metric, descending: bool) -> None:
    """Whether the greatest is the best (clicks), the worst (CPC), or neither (spend)."""
    assert Order.directed(metric.id, descending=descending).descending is descending
    assert Order(metric.id).descending is (metric.better is not Better.LOWER)
