"""What rows of PostgreSQL hold, in the form in which figures are added up."""

import asyncpg

from processors.windows.rows import Numbers, Pairs
from schemas.ad_metrics import FIGURES


def figures_of(row: asyncpg.Record, suffix: str) -> Numbers:
    """The parts of a window end to end, figure by figure: of `by_hour` or `by_quarter`."""
    return [part for name in FIGURES for part in row[f"{name}_{suffix}"]]


def pairs_of(row: asyncpg.Record) -> Pairs:
    """Conversions by goal and attribution window."""
    names = zip(row["goals"], row["attribution_windows"], strict=True)
    amounts = zip(row["counts_micros"], row["values_micros"], strict=True)
    return dict(zip(names, amounts, strict=True))
