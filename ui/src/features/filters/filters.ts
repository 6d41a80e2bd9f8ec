import type { DashboardQuery } from '@/api/contract.ts';
import { RANGE_PRESETS } from './presets.ts';
import { comparisonSpan, daysIn, LONGEST_DAYS, type Span, spanOf } from './ranges.ts';
import { type ComparisonKey, MOST_SPENT, type RangeKey, type Search, type Sort } from './search.ts';

/** What the page shows: every part settled. Address over stored preference over default. */
export interface Filters {
  range: RangeKey;
  span: Span;
  comparison: ComparisonKey;
  /** null when comparison is off. */
  against: Span | null;
}

export interface Preference {
  r?: RangeKey;
  cmp?: ComparisonKey;
}

/** Days of one's own that are missing, or too many to be read, mean nothing: what is usual stands in. */
export function settle(search: Search, preference: Preference, now: string): Filters {
  const usual = preference.r ?? '28d';
  const asked = search.r ?? usual;
  const range = asked === 'custom' && !isReadable(search.from, search.to) ? usual : asked;
  const span = spanOf(range, now, { from: search.from, to: search.to });
  const other = { from: search.cfrom, to: search.cto };
  const wanted = search.cmp ?? preference.cmp ?? 'dow';
  const comparison = wanted === 'custom' && !isReadable(other.from, other.to) ? 'dow' : wanted;
  return { range, span, comparison, against: comparisonSpan(comparison, range, span, other) };
}

/**
 * A change of the address; days of one's own to compare with fall away once they are no match for
 * the range any more: it has another length than before, and another than theirs.
 */
export function fitting(held: Search, next: Search, preference: Preference, now: string): Search {
  const before = settle(held, preference, now);
  const after = settle({ ...held, ...next }, preference, now);
  return matches(after, daysIn(before.span))
    ? next
    : { ...next, cmp: undefined, cfrom: undefined, cto: undefined };
}

/** Whether what is compared with still suits a range that had `daysBefore` days when it was chosen. */
export function matches({ comparison, span, against }: Filters, daysBefore: number): boolean {
  const days = daysIn(span);
  return comparison !== 'custom' || !against || days === daysBefore || days === daysIn(against);
}

function isReadable(from: string | undefined, to: string | undefined): boolean {
  if (!from || !to) return false;
  const days = from <= to ? daysIn({ from, to }) : daysIn({ from: to, to: from });
  return days <= LONGEST_DAYS;
}

/** The filters as the query of `GET /dashboard/unified`; `sort` chooses which campaigns are the top. */
export function dashboardQuery(filters: Filters, sort: Sort = MOST_SPENT): DashboardQuery {
  const { order: metric, falling } = sort;
  const usual = metric === MOST_SPENT.order && falling === MOST_SPENT.falling;
  const order = falling ? 'desc' : 'asc';
  return {
    ...rangeQuery(filters),
    ...comparisonQuery(filters),
    ...(usual ? {} : ({ metric, order } as const)),
  };
}

function rangeQuery({ range, span }: Filters): DashboardQuery {
  const preset = RANGE_PRESETS.find((one) => one.range === range);
  if (preset) return { timeframe: preset.timeframe };
  return { timeframe: 'custom', from: span.from, to: span.to };
}

function comparisonQuery({ comparison, against }: Filters): DashboardQuery {
  switch (comparison) {
    case 'off':
      return { comparison: 'off' };
    case 'dow':
      return { comparison: 'previous_period', match_weekdays: true };
    case 'prev':
      return { comparison: 'previous_period', match_weekdays: false };
    case 'yoy':
      return { comparison: 'previous_year', match_weekdays: false };
    case 'custom':
      return against
        ? { comparison: 'custom', comparison_from: against.from, comparison_to: against.to }
        : { comparison: 'off' };
  }
}
